#if canImport(Glibc)
    import Glibc
#else
    import Musl
#endif

/// A range of a file's bytes, read into memory of its own.
///
/// Read and not mapped: a mapped file that is cut short meanwhile, or whose disk fails, ends the process by a signal; a
/// read ends in an error.
final class FileBytes: @unchecked Sendable {
    // Unchecked: the bytes do not change after `init`.
    private let memory: UnsafeMutableRawBufferPointer
    private let length: Int

    /// Lends the bytes.
    func withBytes<Result, Failure>(
        _ body: (UnsafeRawBufferPointer) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        defer { withExtendedLifetime(self) {} }
        return try body(UnsafeRawBufferPointer(rebasing: memory[..<length]))
    }

    /// Reads a range, which must not begin below 0.
    ///
    /// Throws `TapeError.corrupt` where the file ends before it.
    init(_ path: String, _ range: Range<Int>) throws(TapeError) {
        length = range.count
        memory = .allocate(byteCount: max(1, length), alignment: 16)
        let file = try OpenFile(path)
        var done = 0
        while done < range.count {
            let count = pread(
                file.descriptor, memory.baseAddress?.advanced(by: done), range.count - done,
                off_t(range.lowerBound + done))
            if count < 0, errno == EINTR { continue }
            if count < 0 { throw DurableFile.failure("read", path) }
            guard count > 0 else {
                throw .corrupt(
                    file: path,
                    reason: "the file ends after \(range.lowerBound + done) bytes, before "
                        + "\(range.upperBound)")
            }
            done += count
        }
    }

    deinit { memory.deallocate() }

    /// The size of a regular file.
    static func size(of path: String) throws(TapeError) -> Int {
        let file = try OpenFile(path)
        var status = stat()
        guard fstat(file.descriptor, &status) == 0 else { throw DurableFile.failure("inspect", path) }
        guard status.st_mode & S_IFMT == S_IFREG else {
            throw .system(operation: "read", path: path, message: "not a regular file")
        }
        return Int(status.st_size)
    }

    /// A file that is open for reading as long as the value lives.
    private struct OpenFile: ~Copyable {
        let descriptor: Int32

        init(_ path: String) throws(TapeError) {
            // Without blocking: a pipe in the place of a segment is an error and no wait.
            descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
            guard descriptor >= 0 else { throw DurableFile.failure("open", path) }
        }

        deinit { close(descriptor) }
    }
}
