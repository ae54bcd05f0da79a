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
        var isDirectory: ObjCBool = false
        guard FileManager.default.fileExists(atPath: path, isDirectory: &isDirectory) else {
            throw Failure(path: path, message: "no such file")
        }
        guard !isDirectory.boolValue, let raw = FileManager.default.contents(atPath: path) else {
            throw Failure(path: path, message: "a folder, or it cannot be read")
        }
        let data = TextLines.isArchive(raw) ? try TextLines.unzip(path, member) : raw
        guard let text = String(data: data, encoding: .utf8) else {
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
        self.lines = lines
    }

    /// Whether a file is a zip archive.
    public static func isArchive(path: String) -> Bool {
        guard let handle = FileHandle(forReadingAtPath: path) else { return false }
        defer { try? handle.close() }
        return isArchive((try? handle.read(upToCount: 4)) ?? Data())
    }

    private static func isArchive(_ data: Data) -> Bool { data.starts(with: [0x50, 0x4B, 0x03, 0x04]) }

    /// What a pipe gives until it ends; a signal on the way is no end (Foundation's own reading stops the program then).
    private static func readAll(_ descriptor: Int32) -> Data {
        var data = Data()
        var buffer = [UInt8](repeating: 0, count: 1 << 16)
        while true {
            let count = read(descriptor, &buffer, buffer.count)
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { return data }
            data.append(contentsOf: buffer[..<count])
        }
    }

    private static func unzip(_ path: String, _ member: String) throws(Failure) -> Data {
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
        let data = readAll(output.fileHandleForReading.fileDescriptor)
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
