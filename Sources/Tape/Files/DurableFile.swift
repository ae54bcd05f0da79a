#if canImport(Glibc)
    import Glibc
#else
    import Musl
#endif

/// Writes and removes files so that a reader, and a machine that stops at any instant, sees the old one or the new one.
enum DurableFile {
    static let temporaryPrefix = ".tmp-"

    /// Writes to a temporary name beside the target, flushes, and renames.
    static func write(_ bytes: [UInt8], to folder: String, name: String, _ gate: any FileGate)
        throws(TapeError)
    {
        let output = try DurableOutput(folder: folder, name: name, gate)
        try bytes.withBytes { (all) throws(TapeError) in try output.write(all) }
        try output.commit(as: name)
    }

    /// Flushes the names in a folder, so that renames survive a loss of power.
    static func flushFolder(_ path: String, _ gate: any FileGate) throws(TapeError) {
        try gate.pass(.flush, path: path)
        let descriptor = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0 else { throw failure("open", path) }
        defer { close(descriptor) }
        guard fsync(descriptor) == 0 else { throw failure("flush", path) }
    }

    /// Makes a folder and those above it; one that exists is fine.
    static func makeFolder(_ path: String, _ gate: any FileGate) throws(TapeError) {
        var status = stat()
        if stat(path, &status) == 0 {
            guard status.st_mode & S_IFMT == S_IFDIR else {
                throw .system(operation: "create the folder", path: path, message: "a file has this name")
            }
            return
        }
        let parent = path.split(separator: "/", omittingEmptySubsequences: true).dropLast()
        if !parent.isEmpty {
            try makeFolder((path.hasPrefix("/") ? "/" : "") + parent.joined(separator: "/"), gate)
        }
        try gate.pass(.makeFolder, path: path)
        guard mkdir(path, 0o755) == 0 || errno == EEXIST else { throw failure("create the folder", path) }
    }

    /// The names in a folder, sorted by bytes; empty where there is no folder.
    static func names(in folder: String) -> [String] {
        guard let stream = opendir(folder) else { return [] }
        defer { closedir(stream) }
        var names: [String] = []
        while let entry = readdir(stream) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) { pointer in
                pointer.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
            }
            if name != ".", name != ".." { names.append(name) }
        }
        return names.sorted()
    }

    /// Removes a file; one that cannot be removed stays, and the next writer tries again.
    static func remove(_ path: String, _ gate: any FileGate) {
        do throws(TapeError) {
            try gate.pass(.remove, path: path)
            unlink(path)
        } catch {
            return
        }
    }

    static func exists(_ path: String) -> Bool {
        access(path, F_OK) == 0
    }

    /// The whole of a small file.
    static func read(_ path: String) throws(TapeError) -> [UInt8] {
        try FileBytes(path, 0..<FileBytes.size(of: path)).withBytes { Array($0) }
    }

    static func failure(_ operation: String, _ path: String) -> TapeError {
        .system(operation: operation, path: path, message: String(cString: strerror(errno)))
    }
}

/// A file that is written under a temporary name and takes its own name when it is whole and on the disk.
final class DurableOutput {
    /// Bytes so far.
    private(set) var count = 0
    private(set) var hasher = ContentHasher()

    private let folder: String
    private let temporary: String
    private let gate: any FileGate
    private var descriptor: Int32
    private var isCommitted = false
    private var buffer: [UInt8] = []

    private static let bufferSize = 1 << 20

    /// Makes the temporary file of a name.
    init(folder: String, name: String, _ gate: any FileGate) throws(TapeError) {
        self.folder = folder
        self.gate = gate
        temporary = folder + "/" + DurableFile.temporaryPrefix + name
        try gate.pass(.create, path: temporary)
        descriptor = open(temporary, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o644)
        guard descriptor >= 0 else { throw DurableFile.failure("create", temporary) }
        buffer.reserveCapacity(Self.bufferSize)
    }

    deinit {
        if descriptor >= 0 { close(descriptor) }
        if !isCommitted { DurableFile.remove(temporary, gate) }
    }

    /// Adds bytes.
    func write(_ bytes: UnsafeRawBufferPointer) throws(TapeError) {
        hasher.update(bytes)
        count += bytes.count
        if buffer.count + bytes.count > Self.bufferSize {
            try drain()
            if bytes.count >= Self.bufferSize {
                try writeAll(bytes)
                return
            }
        }
        buffer.append(contentsOf: bytes)
    }

    /// Adds bytes.
    func write(_ bytes: [UInt8]) throws(TapeError) {
        try bytes.withBytes { (all) throws(TapeError) in try write(all) }
    }

    /// Flushes the file and gives it its name.
    func commit(as name: String) throws(TapeError) {
        try drain()
        try gate.pass(.flush, path: temporary)
        guard fsync(descriptor) == 0 else { throw DurableFile.failure("flush", temporary) }
        let closed = close(descriptor)
        descriptor = -1
        guard closed == 0 else { throw DurableFile.failure("close", temporary) }
        let target = folder + "/" + name
        try gate.pass(.rename, path: target)
        guard rename(temporary, target) == 0 else { throw DurableFile.failure("rename", target) }
        isCommitted = true
    }

    private func drain() throws(TapeError) {
        guard !buffer.isEmpty else { return }
        try buffer.withBytes { (all) throws(TapeError) in try writeAll(all) }
        buffer.removeAll(keepingCapacity: true)
    }

    private func writeAll(_ bytes: UnsafeRawBufferPointer) throws(TapeError) {
        try gate.pass(.write, path: temporary)
        var done = 0
        while done < bytes.count {
            let written = Glibc.write(descriptor, bytes.baseAddress?.advanced(by: done), bytes.count - done)
            if written < 0, errno == EINTR { continue }
            guard written > 0 else { throw DurableFile.failure("write", temporary) }
            done += written
        }
    }
}

extension [UInt8] {
    /// `withUnsafeBytes` for a body that throws tape errors.
    func withBytes(_ body: (UnsafeRawBufferPointer) throws(TapeError) -> Void) throws(TapeError) {
        var failure: TapeError?
        withUnsafeBytes { all in
            do throws(TapeError) {
                try body(all)
            } catch {
                failure = error
            }
        }
        if let failure { throw failure }
    }
}

/// The right to write to one tape, held by the process; the system gives it up when the process ends, however it ends.
final class WriterLock: Sendable {
    /// The file that is locked.
    static let fileName = "lock"

    private let descriptor: Int32

    init(folder: String) throws(TapeError) {
        let path = folder + "/" + WriterLock.fileName
        descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o644)
        guard descriptor >= 0 else { throw DurableFile.failure("open", path) }
        guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
            let busy = errno == EWOULDBLOCK
            let problem = DurableFile.failure("lock", path)
            close(descriptor)
            throw busy ? .locked(path: folder) : problem
        }
    }

    deinit {
        // By name: a child that was given a copy of the descriptor would keep what closing alone gives up.
        flock(descriptor, LOCK_UN)
        close(descriptor)
    }
}
