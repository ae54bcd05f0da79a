import Files
import Foundation

/// The lines of a text file, blank ones at the end left out; a zip archive's members are read with `unzip`.
public struct TextLines: Sendable {
    /// Where they were read.
    public let path: String
    /// The lines, without their ends.
    public let lines: [Substring]

    /// Why a file could not be read.
    public struct Failure: Error, Sendable, Equatable {
        /// The file.
        public var path: String
        /// What is wrong.
        public var message: String
    }

    /// Reads a file; of a zip archive, the one member whose name matches a pattern of `unzip`'s.
    ///
    /// Throws where the file is missing, a folder, not UTF-8 or has no line.
    public init(path: String, member: String) throws(Failure) {
        self.path = path
        do {
            let isArchive = TextLines.isArchive(path: path)
            let bytes =
                isArchive
                ? try TextLines.unzip(path, member) : try InputFile.read(path, limit: TextLines.bytesMax)
            lines = try TextLines.split(bytes, path: path)
        } catch let error as InputFileError {
            throw Failure(path: path, message: error.reason)
        } catch let failure as Failure {
            throw failure
        } catch {
            throw Failure(path: path, message: "cannot be read")
        }
    }

    /// The most bytes of a file of messages, unpacked: a day of a busy symbol has a tenth of it.
    static let bytesMax = 512 << 20

    /// The lines of what is held in memory; `path` is how errors name it.
    public init(bytes: [UInt8], path: String) throws(Failure) {
        self.path = path
        lines = try TextLines.split(bytes, path: path)
    }

    private static func split(_ bytes: [UInt8], path: String) throws(Failure) -> [Substring] {
        if let line = InputFile.tooLongLine(of: bytes) {
            throw Failure(path: path, message: "line \(line) has more than 1 MiB")
        }
        guard let text = String(validating: bytes, as: UTF8.self) else {
            throw Failure(path: path, message: "not text in UTF-8")
        }
        // "\r\n" is one character, so that lines are split as bytes.
        var lines = text.utf8.split(separator: 0x0A, omittingEmptySubsequences: false).map {
            Substring($0.last == 0x0D ? $0.dropLast() : $0)
        }
        if lines[0].unicodeScalars.first == "\u{FEFF}" {
            lines[0] = Substring(lines[0].unicodeScalars.dropFirst())
        }
        while lines.last?.isEmpty == true { lines.removeLast() }
        guard !lines.isEmpty else { throw Failure(path: path, message: "there is no line in it") }
        return lines
    }

    /// Whether a file is a zip archive.
    public static func isArchive(path: String) -> Bool {
        guard let handle = FileHandle(forReadingAtPath: path) else { return false }
        defer { try? handle.close() }
        return isArchive((try? handle.read(upToCount: 4)) ?? Data())
    }

    private static func isArchive(_ data: Data) -> Bool { data.starts(with: [0x50, 0x4B, 0x03, 0x04]) }

    private static func unzip(_ path: String, _ member: String) throws(Failure) -> [UInt8] {
        let process = Process()
        process.executableURL = URL(filePath: "/usr/bin/env")
        // An absolute path never looks like an option.
        process.arguments = ["unzip", "-pq", URL(filePath: path).path, member]
        process.environment = ["PATH": "/usr/local/bin:/usr/bin:/bin", "LC_ALL": "C"]
        let output = Pipe()
        process.standardInput = FileHandle.nullDevice
        process.standardOutput = output
        process.standardError = FileHandle.nullDevice
        do { try process.run() } catch { throw Failure(path: path, message: "unzip is not installed") }
        // A signal on the way is no end (Foundation's own reading stops the program then).
        let data: [UInt8]
        do {
            data = try InputFile.read(
                output.fileHandleForReading.fileDescriptor, path: path, limit: TextLines.bytesMax)
        } catch {
            process.terminate()
            process.waitUntilExit()
            throw Failure(path: path, message: error.reason)
        }
        process.waitUntilExit()
        switch process.terminationStatus {
        case 0: return data
        case 11: throw Failure(path: path, message: "the archive has no member \(member)")
        case let status: throw Failure(path: path, message: "unzip gave up with status \(status)")
        }
    }
}

/// The names that LOBSTER gives the members of its archives, as patterns.
public enum LobsterMember {
    /// The messages.
    public static let messages = "*_message_*"
    /// The book after each message.
    public static let rows = "*_orderbook_*"
}
