import Glibc

/// Why a file could not be read.
public struct InputFileError: Error, Sendable, Equatable, CustomStringConvertible {
    /// The file, as it was named.
    public let path: String
    /// What is wrong with it, in words.
    public let reason: String

    public var description: String { "\(path): \(reason)" }

    public init(path: String, reason: String) {
        self.path = path
        self.reason = reason
    }
}

/// Reads files that are held in memory as a whole: tables, plans, settings. What is larger than such a file may be is an
/// error with a word, not a machine without memory.
public enum InputFile {
    /// The most bytes of a table.
    public static let tableBytesMax = 256 << 20
    /// The most bytes of a file of settings.
    public static let settingsBytesMax = 16 << 20
    /// The most bytes of a line.
    public static let lineBytesMax = 1 << 20

    /// What a file holds.
    ///
    /// - Parameters:
    ///   - path: The file; `-` is standard input.
    ///   - limit: The most bytes that it may have.
    /// - Returns: Its bytes.
    /// - Throws: `InputFileError` where there is none, it is a folder, cannot be read, or is larger.
    public static func read(_ path: String, limit: Int = tableBytesMax) throws(InputFileError) -> [UInt8] {
        let (descriptor, size) = try opened(path)
        defer { close(descriptor) }
        return try read(descriptor, path: path, limit: limit, expected: size)
    }

    /// What a file holds, unpacked where its first bytes say that it is compressed.
    ///
    /// - Parameters:
    ///   - path: The file; `-` is standard input, which can only be unpacked where it is a file.
    ///   - member: Of a zip archive, a pattern of `unzip`'s for the names of its members; nil for all.
    ///   - limit: The most bytes that it may have, unpacked.
    /// - Returns: Its text.
    /// - Throws: `InputFileError` as `read` does, and where it cannot be unpacked.
    public static func unpacked(
        _ path: String, member: String? = nil, limit: Int = tableBytesMax
    ) throws(InputFileError) -> [UInt8] {
        let (descriptor, size) = try opened(path)
        defer { close(descriptor) }
        let head = head(of: descriptor, count: 8)
        guard let compression = Compression(magic: head) else {
            return head + (try read(descriptor, path: path, limit: limit, expected: size))
        }
        guard lseek(descriptor, 0, SEEK_SET) == 0 else {
            throw InputFileError(path: path, reason: "is compressed and cannot be unpacked from a pipe")
        }
        let child: Decompressor
        do {
            child = try Decompressor(compression, input: descriptor, member: member)
        } catch {
            throw error.inputFileError(path: path)
        }
        defer { child.abandon() }
        let bytes = try read(child.output, path: path, limit: limit)
        do {
            try child.finish()
        } catch {
            throw error.inputFileError(path: path)
        }
        return bytes
    }

    /// Whether a file is a zip archive, by its first bytes.
    public static func isArchive(_ path: String) -> Bool {
        guard let (descriptor, _) = try? opened(path) else { return false }
        defer { close(descriptor) }
        return lseek(descriptor, 0, SEEK_CUR) == 0
            && Compression(magic: head(of: descriptor, count: 8)) == .zip
    }

    /// A file that can be read, and its size in bytes; 0 where it tells none.
    private static func opened(_ path: String) throws(InputFileError) -> (descriptor: Int32, size: Int) {
        let descriptor = path == "-" ? dup(STDIN_FILENO) : open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else {
            throw InputFileError(
                path: path, reason: errno == ENOENT ? "no such file" : "cannot be read: \(lastReason())")
        }
        var status = stat()
        guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT != S_IFDIR else {
            let isFolder = status.st_mode & S_IFMT == S_IFDIR
            let reason = isFolder ? "it is a folder, not a file" : "cannot be read: \(lastReason())"
            close(descriptor)
            throw InputFileError(path: path, reason: reason)
        }
        return (descriptor, max(0, Int(status.st_size)))
    }

    /// The first bytes, as many as there are.
    private static func head(of descriptor: Int32, count: Int) -> [UInt8] {
        var head = [UInt8](repeating: 0, count: count)
        var filled = 0
        while filled < count {
            let got = head.withUnsafeMutableBytes { bytes in
                Glibc.read(descriptor, bytes.baseAddress.map { $0 + filled }, count - filled)
            }
            if got < 0, errno == EINTR { continue }
            guard got > 0 else { break }
            filled += got
        }
        return Array(head[..<filled])
    }

    /// What a descriptor gives until its end.
    public static func read(
        _ descriptor: Int32, path: String, limit: Int, expected: Int = 0
    ) throws(InputFileError) -> [UInt8] {
        guard expected <= limit else { throw tooLarge(path, limit) }
        var bytes: [UInt8] = []
        bytes.reserveCapacity(expected + 1)
        var buffer = [UInt8](repeating: 0, count: 1 << 16)
        while true {
            let count = buffer.withUnsafeMutableBytes { Glibc.read(descriptor, $0.baseAddress, $0.count) }
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else {
                throw InputFileError(path: path, reason: "cannot be read: \(lastReason())")
            }
            guard count > 0 else { return bytes }
            guard bytes.count + count <= limit else { throw tooLarge(path, limit) }
            bytes += buffer[..<count]
        }
    }

    /// The line, from 1, of a text that is longer than a line may be; nil where none is.
    public static func tooLongLine(of bytes: [UInt8]) -> Int? {
        var line = 1
        var start = 0
        return bytes.withUnsafeBytes { all -> Int? in
            guard let base = all.baseAddress else { return nil }
            while start < all.count {
                let end =
                    memchr(base + start, 0x0A, all.count - start).map { UnsafeRawPointer($0) - base }
                    ?? all.count
                if end - start > lineBytesMax { return line }
                line += 1
                start = end + 1
            }
            return nil
        }
    }

    private static func tooLarge(_ path: String, _ limit: Int) -> InputFileError {
        InputFileError(path: path, reason: "larger than the limit of \(limit >> 20) MiB for such a file")
    }

    private static func lastReason() -> String { String(cString: strerror(errno)) }
}
