import Files

/// The lines of a text file, blank ones at the end left out.
public struct TextLines: Sendable {
    /// Where they were read.
    public let path: String
    /// The lines, without their ends.
    public let lines: [Substring]

    /// Reads a file, unpacked where it is compressed; of a zip archive, the one member whose name matches a pattern of
    /// `unzip`'s.
    ///
    /// - Throws: `InputFileError` where the file is missing, a folder, not UTF-8 or has no line.
    public init(path: String, member: String? = nil) throws(InputFileError) {
        self.path = path
        let bytes = try InputFile.unpacked(path, member: member, limit: TextLines.bytesMax)
        lines = try TextLines.split(bytes, path: path)
    }

    /// The most bytes of a file of messages, unpacked: a day of a busy symbol has a tenth of it.
    static let bytesMax = 512 << 20

    private static func split(_ bytes: [UInt8], path: String) throws(InputFileError) -> [Substring] {
        if let line = InputFile.tooLongLine(of: bytes) {
            throw InputFileError(path: path, reason: "line \(line) is longer than 1 MiB")
        }
        guard let text = String(validating: bytes, as: UTF8.self) else {
            throw InputFileError(path: path, reason: "not UTF-8 text")
        }
        // "\r\n" is one character, so that lines are split as bytes.
        var lines = text.utf8.split(separator: 0x0A, omittingEmptySubsequences: false).map {
            Substring($0.last == 0x0D ? $0.dropLast() : $0)
        }
        if lines[0].unicodeScalars.first == "\u{FEFF}" {
            lines[0] = Substring(lines[0].unicodeScalars.dropFirst())
        }
        while lines.last?.isEmpty == true { lines.removeLast() }
        guard !lines.isEmpty else { throw InputFileError(path: path, reason: "the file has no lines") }
        return lines
    }
}

/// The names that LOBSTER gives the members of its archives, as patterns.
public enum LobsterMember {
    public static let messages = "*_message_*"
    /// The book after each message.
    public static let rows = "*_orderbook_*"
}
