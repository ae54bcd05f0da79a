import Files
import Glibc

/// One input of an ingest: a file, or standard input, or a path that turned out to be neither.
public struct InputPath: Sendable, Equatable {
    /// The path as it is shown, or `-`.
    public let path: String
    /// The size in bytes, where it is known before reading.
    public let size: Int?
    /// The archive that it lies in, and its place there; nil for a file by itself.
    let member: (archive: String, entry: ZipMember)?
    /// Why it cannot be read, where that is known already.
    public let problem: IngestError?

    init(
        path: String, size: Int?, member: (archive: String, entry: ZipMember)? = nil, problem: IngestError?
    ) {
        self.path = path
        self.size = size
        self.member = member
        self.problem = problem
    }

    /// Whether two inputs are the same path in the same state.
    public static func == (one: InputPath, other: InputPath) -> Bool {
        one.path == other.path && one.size == other.size && one.problem == other.problem
    }

    /// Files for paths: a folder stands for the files below it, in the order of their names' bytes. Hidden
    /// files, `truth.json` and links to folders are passed over. An archive of several files stands for each of them. A
    /// path that is not there stays in the list, with its problem.
    public static func walk(_ paths: [String]) -> [InputPath] {
        var found: [InputPath] = []
        for path in paths {
            if path == "-" {
                found.append(InputPath(path: path, size: nil, problem: nil))
            } else {
                let before = found.count
                add(path, depth: 0, to: &found)
                if found.count == before {
                    let problem = IngestError.unreadable(
                        path: path, message: "this folder has no files")
                    found.append(InputPath(path: path, size: nil, problem: problem))
                }
            }
        }
        return found
    }

    /// What generated logs were made from lies beside them, and is no log.
    private static let truthName = "truth.json"

    /// How deep folders are followed.
    private static let depthMax = 64

    private static func add(_ path: String, depth: Int, to found: inout [InputPath]) {
        var status = stat()
        guard stat(path, &status) == 0 else {
            let problem: IngestError =
                errno == ENOENT ? .missing(path: path) : .unreadable(path: path, message: lastError())
            found.append(InputPath(path: path, size: nil, problem: problem))
            return
        }
        switch status.st_mode & S_IFMT {
        case S_IFDIR:
            addFolder(path, depth: depth, to: &found)
        case S_IFREG, S_IFIFO:
            let isFile = status.st_mode & S_IFMT == S_IFREG
            guard isFile || depth == 0 else {
                // Whoever writes to it may come tomorrow.
                let problem = IngestError.unreadable(
                    path: path, message: "a named pipe inside a folder is not read; name it to read it")
                found.append(InputPath(path: path, size: nil, problem: problem))
                return
            }
            let size = isFile ? Int(status.st_size) : nil
            if isFile, addArchive(path, to: &found) { return }
            found.append(InputPath(path: path, size: size, problem: nil))
        default:
            let problem = IngestError.unreadable(path: path, message: "neither a file nor a folder")
            found.append(InputPath(path: path, size: nil, problem: problem))
        }
    }

    /// Adds the files of an archive of several; false for anything else.
    private static func addArchive(_ path: String, to found: inout [InputPath]) -> Bool {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return false }
        defer { close(descriptor) }
        var magic: UInt32 = 0
        guard pread(descriptor, &magic, 4, 0) == 4, UInt32(littleEndian: magic) == 0x0403_4B50,
            let members = ZipArchive.members(descriptor), members.count > 1
        else { return false }
        for member in members {
            found.append(
                InputPath(
                    path: path + "/" + member.name, size: Int(clamping: member.packedSize),
                    member: (path, member), problem: nil))
        }
        return true
    }

    private static func addFolder(_ path: String, depth: Int, to found: inout [InputPath]) {
        guard depth < depthMax, let stream = opendir(path) else {
            let message = depth < depthMax ? lastError() : "folders are nested too deep"
            found.append(InputPath(path: path, size: nil, problem: .unreadable(path: path, message: message)))
            return
        }
        defer { closedir(stream) }
        var names: [String] = []
        while let entry = readdir(stream) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) { pointer in
                pointer.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
            }
            if !name.hasPrefix("."), name != InputPath.truthName { names.append(name) }
        }
        names.sort { $0.utf8.lexicographicallyPrecedes($1.utf8) }
        for name in names {
            let child = path.hasSuffix("/") ? path + name : path + "/" + name
            if !isLinkToFolder(child) { add(child, depth: depth + 1, to: &found) }
        }
    }

    private static func isLinkToFolder(_ path: String) -> Bool {
        var link = stat()
        var target = stat()
        return lstat(path, &link) == 0 && link.st_mode & S_IFMT == S_IFLNK && stat(path, &target) == 0
            && target.st_mode & S_IFMT == S_IFDIR
    }
}

/// The text of an input that cannot be read twice (standard input, a named pipe), copied to a file without a
/// name.
final class Spool: Sendable {
    let descriptor: Int32
    let size: Int

    /// A copy of standard input for `-`, of a pipe for a path that is one; nil for plain files.
    init?(_ input: InputPath) throws(IngestError) {
        guard input.size == nil, input.problem == nil, input.member == nil else { return nil }
        let source = input.path == "-" ? dup(0) : open(input.path, O_RDONLY | O_CLOEXEC)
        guard source >= 0 else { throw .unreadable(path: input.path, message: lastError()) }
        var status = stat()
        if fstat(source, &status) == 0, status.st_mode & S_IFMT == S_IFREG, lseek(source, 0, SEEK_CUR) == 0 {
            // Standard input that is a file can be read as often as need be.
            descriptor = source
            size = Int(status.st_size)
            return
        }
        defer { close(source) }
        let copy = AnonymousFile.descriptor()
        guard copy >= 0 else { throw .unreadable(path: input.path, message: lastError()) }
        do throws(IngestError) {
            size = try Spool.copy(source, to: copy, path: input.path)
        } catch {
            close(copy)
            throw error
        }
        descriptor = copy
    }

    /// A copy of a member of an archive.
    init(archive: String, member: ZipMember, path: String) throws(IngestError) {
        let source = open(archive, O_RDONLY | O_CLOEXEC)
        guard source >= 0 else { throw .unreadable(path: path, message: lastError()) }
        defer { close(source) }
        let copy = AnonymousFile.descriptor()
        guard copy >= 0 else { throw .unreadable(path: path, message: lastError()) }
        do throws(IngestError) {
            try ZipArchive.copy(member, from: source, to: copy, path: path)
        } catch {
            close(copy)
            throw error
        }
        descriptor = copy
        size = Int(clamping: member.packedSize)
    }

    deinit {
        close(descriptor)
    }

    private static func copy(_ source: Int32, to target: Int32, path: String) throws(IngestError) -> Int {
        var buffer = [UInt8](repeating: 0, count: 1 << 20)
        var total = 0
        while true {
            let count = buffer.withUnsafeMutableBytes { read(source, $0.baseAddress, $0.count) }
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else { throw .unreadable(path: path, message: lastError()) }
            if count == 0 { return total }
            var done = 0
            while done < count {
                let written = buffer.withUnsafeBytes {
                    write(target, $0.baseAddress?.advanced(by: done), count - done)
                }
                if written < 0, errno == EINTR { continue }
                guard written > 0 else { throw .unreadable(path: path, message: lastError()) }
                done += written
            }
            total += count
        }
    }
}
