/// The exit codes of the program.
public enum ExitStatus: Int32, Sendable, CaseIterable {
    /// Done.
    case success = 0
    /// Failed.
    case failure = 1
    /// What was compared differs, where that was asked for.
    case changed = 2
    /// A condition that was asked about holds.
    case conditionHolds = 3
    /// The command line is wrong (`EX_USAGE`).
    case usage = 64
    /// The input data is wrong (`EX_DATAERR`).
    case badInput = 65
    /// The configuration is wrong (`EX_CONFIG`).
    case badConfiguration = 78
}

/// What is wrong with a command line.
public struct UsageError: Error, Sendable, Equatable {
    /// What, without a full stop.
    public var message: String
    /// What was meant, perhaps.
    public var suggestion: String?
    /// The command's path.
    public var path: [String]

    public init(_ message: String, suggestion: String? = nil, path: [String]) {
        self.message = message
        self.suggestion = suggestion
        self.path = path
    }
}

/// An error for the user, with its place and the exit code that it ends with.
public struct ToolError: Error, Sendable, Equatable, CustomStringConvertible {
    /// What is wrong.
    public var message: String
    /// The file, as it was named.
    public var file: String?
    /// The line, from 1.
    public var line: Int?
    /// The column, from 1.
    public var column: Int?
    /// What was meant, perhaps.
    public var suggestion: String?
    /// The code to end with.
    public var exit: ExitStatus
    /// The place as it stands in the file; nil where it is not shown.
    public var source: SourceExcerpt?
    /// What else is wrong, each on a line of its own.
    public var others: [ToolError] = []

    public init(
        _ message: String, file: String? = nil, line: Int? = nil, column: Int? = nil,
        suggestion: String? = nil, exit: ExitStatus
    ) {
        self.message = message
        self.file = file
        self.line = line
        self.column = column
        self.suggestion = suggestion
        self.exit = exit
    }

    /// `plan.json:3:5: unknown key 'tierz'. Did you mean 'tiers'?`, control characters escaped.
    public var description: String {
        let place = [file, line.map(String.init), column.map(String.init)].compactMap { $0 }
        let prefix = place.isEmpty ? "" : place.joined(separator: ":") + ": "
        let hint = suggestion.map { ". Did you mean '\($0)'?" } ?? ""
        let own = printable(excerpt(prefix + message + hint)) + (source.map { "\n" + $0.text } ?? "")
        return ([own] + others.map(\.description)).joined(separator: "\n")
    }
}

extension CommandLineTool {
    /// The text of an error, in the layout of swift-argument-parser.
    func text(of error: UsageError) -> String {
        let hint = error.suggestion.map { ". Did you mean '\($0)'?" } ?? ""
        let command = ([name] + error.path).joined(separator: " ")
        return """
            Error: \(printable(excerpt(error.message + hint)))
            Usage: \(usage(of: error.path))
              See '\(command) --help' for more information.

            """
    }

    /// Writes what went wrong and gives the code to end with.
    ///
    /// - Parameters:
    ///   - error: What was thrown.
    ///   - write: Takes the text; standard error as a rule.
    /// - Returns: The code: 64 for a wrong command line, that of a `ToolError`, 1 for all else.
    public func exitStatus(reporting error: any Error, to write: (String) -> Void) -> ExitStatus {
        switch error {
        case let error as UsageError:
            write(text(of: error))
            return .usage
        case let error as ToolError:
            write("Error: \(error.description)\n")
            return error.exit
        default:
            write("Error: \(printable(excerpt("\(error)")))\n")
            return .failure
        }
    }
}

/// A message of a length that a person reads: the front and the end of a longer one, which may hold a whole line of a file.
public func excerpt(_ text: String) -> String {
    let most = 1500
    guard text.utf8.count > 2 * most else { return text }
    return "\(text.unicodeScalars.prefix(most)) … \(text.unicodeScalars.suffix(300))"
}

/// Text for a terminal or a log: control characters, line ends, invisible and direction-changing characters escaped.
public func printable(_ text: String) -> String {
    var result = ""
    for scalar in text.unicodeScalars {
        switch scalar.properties.generalCategory {
        case .control, .format, .lineSeparator, .paragraphSeparator, .surrogate, .privateUse:
            switch scalar {
            case "\n": result += "\\n"
            case "\r": result += "\\r"
            case "\t": result += "\\t"
            default: result += "\\u{\(String(scalar.value, radix: 16))}"
            }
        default: result.unicodeScalars.append(scalar)
        }
    }
    return result
}
