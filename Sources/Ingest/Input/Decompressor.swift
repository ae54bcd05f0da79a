import Glibc

/// How a file is compressed, known by its first bytes and never by its name.
enum Compression: Sendable, CaseIterable {
    case gzip
    case zstandard
    case zip
    case xz
    case bzip2

    /// The compression of a file that starts with these bytes, or nil.
    init?(magic head: some Collection<UInt8>) {
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
    var command: [String] {
        switch self {
        case .gzip: ["gzip", "-dc"]
        case .zstandard: ["zstd", "-dcq"]
        case .zip: ["unzip", "-pq", "/dev/fd/3"]
        case .xz: ["xz", "-dcq"]
        case .bzip2: ["bzip2", "-dcq"]
        }
    }
}

/// The system's own tool as a child process: fixed arguments, no shell, no file name on its command line.
final class Decompressor {
    /// Where its output is read.
    let output: Int32

    private let path: String
    private let tool: String
    private let complaints: Int32
    private var process: pid_t?

    init(_ compression: Compression, input: Int32, path: String) throws(IngestError) {
        self.path = path
        tool = compression.command[0]
        var ends: [Int32] = [0, 0]
        // A socket pair, because it closes on exec from the start: a pipe that another thread's child inherits by chance
        // would not end when this one's child ends.
        let type = Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue)
        guard socketpair(AF_UNIX, type, 0, &ends) == 0 else {
            throw .unreadable(path: path, message: lastError())
        }
        let complaints = Decompressor.namelessFile()
        guard complaints >= 0 else {
            close(ends[0])
            close(ends[1])
            throw .unreadable(path: path, message: lastError())
        }
        output = ends[0]
        self.complaints = complaints
        var process = pid_t()
        let status = Decompressor.spawn(
            compression.command, input: input, output: ends[1], complaints: complaints, &process)
        close(ends[1])
        guard status == 0 else {
            close(output)
            close(complaints)
            throw .decompression(
                path: path, tool: tool,
                message: status == ENOENT ? "it is not installed" : String(cString: strerror(status)))
        }
        self.process = process
    }

    /// Waits for the tool; throws with its own words where it failed.
    func finish() throws(IngestError) {
        guard let status = wait() else { return }
        guard status != 0 else { return }
        let words = message()
        throw .decompression(path: path, tool: tool, message: words.isEmpty ? "status \(status)" : words)
    }

    /// Ends the tool, whether or not it has finished, and frees what it held.
    func abandon() {
        close(output)
        _ = wait()
        close(complaints)
    }

    private func wait() -> Int32? {
        guard let process else { return nil }
        self.process = nil
        var status: Int32 = 0
        while waitpid(process, &status, 0) < 0, errno == EINTR {}
        return status
    }

    private func message() -> String {
        var bytes = [UInt8](repeating: 0, count: 300)
        let count = bytes.withUnsafeMutableBytes { pread(complaints, $0.baseAddress, $0.count, 0) }
        let text = String(decoding: bytes.prefix(max(0, count)), as: UTF8.self)
        return text.split(whereSeparator: \.isNewline).joined(separator: " ")
    }

    /// Starts a tool on descriptors; 0, or the error number.
    static func spawn(
        _ command: [String], input: Int32, output: Int32, complaints: Int32, _ process: inout pid_t
    ) -> Int32 {
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_adddup2(&actions, output, 1)
        posix_spawn_file_actions_adddup2(&actions, complaints, 2)
        posix_spawn_file_actions_adddup2(&actions, input, 0)
        posix_spawn_file_actions_adddup2(&actions, 0, 3)
        // The bare minimum of an environment: tools read options from variables such as GZIP and UNZIP.
        let environment = ["PATH=/usr/local/bin:/usr/bin:/bin", "LC_ALL=C"]
        return withCStrings(command) { arguments in
            withCStrings(environment) { variables in
                posix_spawnp(&process, command[0], &actions, nil, arguments, variables)
            }
        }
    }

    private static func withCStrings<Result>(
        _ texts: [String], _ body: (UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>) -> Result
    ) -> Result {
        var pointers: [UnsafeMutablePointer<CChar>?] = texts.map { strdup($0) } + [nil]
        defer { for pointer in pointers { free(pointer) } }
        return pointers.withUnsafeMutableBufferPointer { list in
            guard let base = list.baseAddress else { preconditionFailure("the list ends in nil") }
            return body(base)
        }
    }

    /// A file for reading and writing that has no name and goes when it is closed.
    static func namelessFile() -> Int32 {
        var template = Array("/tmp/highwater-XXXXXX".utf8CString)
        let descriptor = mkstemp(&template)
        if descriptor >= 0 {
            unlink(template)
            _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC)
        }
        return descriptor
    }
}
