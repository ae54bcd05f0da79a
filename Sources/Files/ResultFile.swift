#if canImport(Glibc)
    import Glibc
#else
    import Musl
#endif

public enum ResultFile {
    /// Writes a file beside its destination and renames it into place, so that a reader sees the old one or the new one.
    ///
    /// A link is followed and stays; the mode of a file that is replaced stays too. What is no regular file, as a device
    /// or a pipe, is written to.
    ///
    /// - Throws: `ResultFolderError` where the path is a folder or cannot be written.
    public static func write(_ content: [UInt8], to path: String) throws(ResultFolderError) {
        switch FileStatus(behind: path) {
        case .folder: throw ResultFolderError(path: path, reason: "it is a folder, not a file")
        case .other: try writeThrough(content, to: path)
        case .file: try replace(Paths.real(path) ?? path, by: content)
        case .nothing: try replace(try target(ofLink: path), by: content)
        }
    }

    /// Where a link that leads to nothing yet points; the path itself where it is no link.
    private static func target(ofLink path: String) throws(ResultFolderError) -> String {
        var path = path
        for _ in 0..<40 {
            guard FileStatus(at: path) == .other else { return path }
            var buffer = [CChar](repeating: 0, count: Int(PATH_MAX) + 1)
            let count = readlink(path, &buffer, Int(PATH_MAX))
            guard count > 0 else { throw .system(path) }
            let link = String(decoding: buffer[..<count].map(UInt8.init(bitPattern:)), as: UTF8.self)
            path = link.hasPrefix("/") ? link : Paths.split(path).folder + "/" + link
        }
        throw ResultFolderError(path: path, reason: "too many symbolic links lead to it")
    }

    private static func replace(_ path: String, by content: [UInt8]) throws(ResultFolderError) {
        let (folder, name) = Paths.split(path)
        let prefix = ".\(name.prefix(200)).highwater-"
        for left in Paths.names(in: folder) where left.hasPrefix(prefix) {
            // What a process that is gone left behind.
            guard let process = pid_t(left.dropFirst(prefix.count)), kill(process, 0) != 0, errno == ESRCH
            else { continue }
            unlink(folder + "/" + left)
        }
        let temporary = "\(folder)/\(prefix)\(getpid())"
        var old = stat()
        let mode = stat(path, &old) == 0 ? old.st_mode & 0o7777 : nil
        do {
            try create(temporary, content, mode: mode)
        } catch {
            // Where no file can be made beside it, one that exists may still be written to.
            if mode != nil, errno == EACCES || errno == EROFS { return try writeThrough(content, to: path) }
            throw ResultFolderError(path: path, reason: error.reason)
        }
        guard rename(temporary, path) == 0 else {
            let problem = ResultFolderError.system(path)
            unlink(temporary)
            throw problem
        }
    }

    /// Makes a new file; one that is there, as a dead process left it, is replaced.
    static func create(_ path: String, _ content: [UInt8], mode: mode_t? = nil) throws(ResultFolderError) {
        unlink(path)
        let descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o666)
        guard descriptor >= 0 else { throw .system(path) }
        defer { close(descriptor) }
        if let mode { fchmod(descriptor, mode) }
        do {
            try write(content, to: descriptor, path)
        } catch {
            unlink(path)
            throw error
        }
    }

    /// Moves a file, to another file system too.
    static func move(_ path: String, to target: String) throws(ResultFolderError) {
        if rename(path, target) == 0 { return }
        let source = open(path, O_RDONLY | O_CLOEXEC)
        guard source >= 0 else { throw .system(path) }
        defer { close(source) }
        unlink(target)
        let descriptor = open(target, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o666)
        guard descriptor >= 0 else { throw .system(target) }
        defer { close(descriptor) }
        var buffer = [UInt8](repeating: 0, count: 1 << 20)
        while true {
            let count = buffer.withUnsafeMutableBytes { read(source, $0.baseAddress, $0.count) }
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else { throw .system(path) }
            guard count > 0 else { break }
            try write(Array(buffer[..<count]), to: descriptor, target)
        }
        unlink(path)
    }

    private static func writeThrough(_ content: [UInt8], to path: String) throws(ResultFolderError) {
        let descriptor = open(path, O_WRONLY | O_TRUNC | O_CLOEXEC)
        guard descriptor >= 0 else { throw .system(path) }
        defer { close(descriptor) }
        try write(content, to: descriptor, path)
    }

    private static func write(
        _ content: [UInt8], to descriptor: Int32, _ path: String
    ) throws(ResultFolderError) {
        var done = 0
        while done < content.count {
            let count = content.withUnsafeBytes {
                #if canImport(Glibc)
                    Glibc.write(descriptor, $0.baseAddress?.advanced(by: done), content.count - done)
                #else
                    Musl.write(descriptor, $0.baseAddress?.advanced(by: done), content.count - done)
                #endif
            }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { throw .system(path) }
            done += count
        }
    }

    /// The bytes of a small regular file; nil where there is none or it is over 16 MiB.
    static func contents(_ path: String) -> [UInt8]? {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard descriptor >= 0 else { return nil }
        defer { close(descriptor) }
        var status = stat()
        guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG, status.st_size <= 16 << 20
        else { return nil }
        var bytes = [UInt8](repeating: 0, count: Int(status.st_size))
        var done = 0
        while done < bytes.count {
            let count = bytes.withUnsafeMutableBytes {
                pread(descriptor, $0.baseAddress?.advanced(by: done), $0.count - done, off_t(done))
            }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { return nil }
            done += count
        }
        return bytes
    }
}
