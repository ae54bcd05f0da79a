import Glibc

/// How a file is compressed, known by its first bytes and never by its name.
public enum Compression: Sendable, CaseIterable {
    case gzip
    case zstandard
    case zip
    case xz
    case bzip2

    /// The compression of a file that starts with these bytes, or nil.
    public init?(magic head: some Collection<UInt8>) {
        guard let match = Compression.allCases.first(where: { head.starts(with: $0.magic) }) else {
            return nil
        }
        self = match
    }

    private var magic: [UInt8] {
        switch self {
        case .gzip: [0x1F, 0x8B]
        case .zstandard: [0x28, 0xB5, 0x2F, 0xFD]
        case .zip: [0x50, 0x4B, 0x03, 0x04]
        case .xz: [0xFD, 0x37, 0x7A, 0x58, 0x5A, 0x00]
        case .bzip2: [0x42, 0x5A, 0x68]
        }
    }

    /// The system's tool and its arguments; it reads standard input, or for zip, which has to seek, descriptor 3.
    func command(member: String?) -> [String] {
        switch self {
        case .gzip: ["gzip", "-dc"]
        case .zstandard: ["zstd", "-dcq"]
        case .zip: ["unzip", "-pq", "/dev/fd/3"] + (member.map { [$0] } ?? [])
        case .xz: ["xz", "-dcq"]
        case .bzip2: ["bzip2", "-dcq"]
        }
    }
}

/// Why a file could not be unpacked.
public struct DecompressionError: Error, Sendable, Equatable {
    /// The tool that should have unpacked it.
    public let tool: String
    /// What went wrong, in the tool's own words where it has some.
    public let message: String

    /// The same for a file.
    func inputFileError(path: String) -> InputFileError {
        InputFileError(path: path, reason: "\(tool) failed: \(message)")
    }
}

/// The system's own tool as a child process: fixed arguments, no shell, no file name on its command line.
public final class Decompressor {
    /// Where its output is read.
    public let output: Int32

    private let tool: String
    private let complaints: Int32
    private var process: pid_t?

    /// Starts the tool.
    ///
    /// - Parameters:
    ///   - compression: How the file is compressed.
    ///   - input: The file, from where it is read.
    ///   - member: A pattern of `unzip`'s for the names of an archive's members; nil for all.
    /// - Throws: `DecompressionError` where the tool cannot be started.
    public init(_ compression: Compression, input: Int32, member: String? = nil) throws(DecompressionError) {
        let command = compression.command(member: member)
        tool = command[0]
        var ends: [Int32] = [0, 0]
        // A socket pair, because it closes on exec from the start: a pipe that another thread's child inherits by chance
        // would not end when this one's child ends.
        let type = Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue)
        guard socketpair(AF_UNIX, type, 0, &ends) == 0 else {
            throw DecompressionError(tool: tool, message: String(cString: strerror(errno)))
        }
        let complaints = AnonymousFile.descriptor()
        guard complaints >= 0 else {
            let message = String(cString: strerror(errno))
            close(ends[0])
            close(ends[1])
            throw DecompressionError(tool: tool, message: message)
        }
        output = ends[0]
        self.complaints = complaints
        var process = pid_t()
        let status = ChildProcess.spawn(
            command, input: input, output: ends[1], complaints: complaints, &process)
        close(ends[1])
        guard status == 0 else {
            close(output)
            close(complaints)
            throw DecompressionError(
                tool: tool,
                message: status == ENOENT ? "it is not installed" : String(cString: strerror(status)))
        }
        self.process = process
    }

    /// Waits for the tool; throws with its own words where it failed.
    public func finish() throws(DecompressionError) {
        guard let status = wait(), status != 0 else { return }
        let words = message()
        throw DecompressionError(tool: tool, message: words.isEmpty ? "status \(status)" : words)
    }

    /// Ends the tool, whether or not it has finished, and frees what it held.
    public func abandon() {
        close(output)
        _ = wait()
        close(complaints)
    }

    private func wait() -> Int32? {
        guard let process else { return nil }
        self.process = nil
        return ChildProcess.wait(process)
    }

    private func message() -> String {
        var bytes = [UInt8](repeating: 0, count: 300)
        let count = bytes.withUnsafeMutableBytes { pread(complaints, $0.baseAddress, $0.count, 0) }
        let text = String(decoding: bytes.prefix(max(0, count)), as: UTF8.self)
        return text.split(whereSeparator: \.isNewline).joined(separator: " ")
    }
}
