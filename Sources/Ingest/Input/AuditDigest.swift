import Files
import Glibc

/// SHA-256 by the system's `sha256sum`, for those who have to show which file it was: the digest of the file itself,
/// packed or not.
enum AuditDigest {
    private static let tool = ["sha256sum", "-b"]

    /// 64 hexadecimal digits of a file, or of what a descriptor holds.
    static func sha256(path: String, descriptor given: Int32?) throws(IngestError) -> String {
        let input = given.map { dup($0) } ?? open(path, O_RDONLY | O_CLOEXEC)
        guard input >= 0 else { throw .unreadable(path: path, message: lastError()) }
        defer { close(input) }
        lseek(input, 0, SEEK_SET)
        let output = AnonymousFile.descriptor()
        guard output >= 0 else { throw .unreadable(path: path, message: lastError()) }
        defer { close(output) }
        var process = pid_t()
        let problem = ChildProcess.spawn(tool, input: input, output: output, complaints: output, &process)
        guard problem == 0 else {
            throw failure(path, problem == ENOENT ? "it is not installed" : "error \(problem)")
        }
        let status = ChildProcess.wait(process)
        var text = [UInt8](repeating: 0, count: 64)
        let count = text.withUnsafeMutableBytes { pread(output, $0.baseAddress, $0.count, 0) }
        let digits = text.prefix(max(0, count))
        guard status == 0, count == 64, digits.allSatisfy({ $0 &- 0x30 < 10 || $0 &- 0x61 < 6 }) else {
            throw failure(path, String(decoding: digits, as: UTF8.self))
        }
        return String(decoding: digits, as: UTF8.self)
    }

    private static func failure(_ path: String, _ message: String) -> IngestError {
        .decompression(path: path, tool: tool[0], message: message)
    }
}
