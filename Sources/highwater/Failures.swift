import CommandLineKit
import Files
import Forecasting
import Generation
import Ingest
import Pipeline
import Planning
import Replay
import Tables
import Tape
import WhatIf

/// Turns errors of the modules into messages with the exit codes of the contract.
enum Failures {
    /// A configuration's error, with all others of the same file.
    private static func toolError(_ error: ConfigurationError) -> ToolError {
        var result = ToolError(
            error.message, file: error.file, line: error.place?.line, column: error.place?.column,
            exit: .badConfiguration)
        result.source = error.place.flatMap { excerpt($0, of: error.file) }
        result.others = error.others.map(toolError)
        return result
    }

    /// The line of a place with a caret; nil where the file is no small text file that has it, such as the demo's.
    private static func excerpt(_ place: TextPlace, of path: String) -> SourceExcerpt? {
        guard let bytes = try? InputFile.read(path, limit: InputFile.settingsBytesMax) else { return nil }
        let lines = String(decoding: bytes, as: UTF8.self).split(omittingEmptySubsequences: false) {
            $0 == "\n" || $0 == "\r\n"
        }
        guard lines.indices.contains(place.line - 1) else { return nil }
        return SourceExcerpt(line: String(lines[place.line - 1]), column: place.column)
    }

    static func translate(_ error: any Error) -> any Error {
        switch error {
        case let error as ConfigurationError:
            return toolError(error)
        case let error as TableError:
            return ToolError(
                error.message, file: error.file, line: error.line > 0 ? error.line : nil,
                column: error.column > 0 ? error.column : nil, exit: .badInput)
        case let error as ResultManifestError:
            var result = ToolError(
                error.message, file: error.file, line: error.place?.line, column: error.place?.column,
                exit: .badInput)
            result.source = error.place.flatMap { excerpt($0, of: error.file) }
            return result
        case let error as InputFileError: return ToolError(error.reason, file: error.path, exit: .badInput)
        case let error as ResultFolderError:
            return ToolError("cannot be written: \(error.reason)", file: error.path, exit: .failure)
        case let error as IngestConfigurationError:
            return ToolError(
                error.message, file: error.path, line: error.line, column: error.column,
                exit: .badConfiguration)
        case let error as IngestError: return ToolError(error.description, exit: status(of: error))
        case let error as TapeError: return ToolError(error.description, exit: status(of: error))
        case let error as DemandError: return ToolError(error.description, exit: .badInput)
        case let error as ReplayError: return ToolError(error.description, exit: .badConfiguration)
        case let error as PlanningError: return ToolError(error.description, exit: .badConfiguration)
        case let error as PlacementError: return ToolError(error.description, exit: .badInput)
        case let error as JointPathsError: return ToolError(error.description, exit: .badInput)
        case let error as GenerationError: return ToolError(error.description, exit: .usage)
        case let error as QueueModelError: return ToolError(error.message, exit: .usage)
        case let error as WhatIfError:
            return ToolError(error.description, exit: .badConfiguration)
        case let error as ScenarioError: return ToolError(error.description, exit: .usage)
        default: return error
        }
    }

    private static func status(of error: IngestError) -> ExitStatus {
        if case .tooManyBadRows = error { .failure } else { .badInput }
    }

    private static func status(of error: TapeError) -> ExitStatus {
        switch error {
        case .locked, .system: .failure
        default: .badInput
        }
    }
}
