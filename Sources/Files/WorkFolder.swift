import Foundation

/// A folder to work in: the one that was asked for, or one of its own that goes, with all that is in it, when this does.
///
/// Hold it with `withExtendedLifetime` while its path is in use. What a process that was killed has left is removed by the
/// next one that makes such a folder: a lock beside the files tells whether their owner lives.
public final class WorkFolder: Sendable {
    /// Where it is.
    public let path: String
    /// The folder around it, with the lock; nil for a folder that stays.
    private let outer: String?
    private let descriptor: Int32

    private static let prefix = "highwater-work-"
    private static let lockName = "lock"

    /// Makes the folder at a path, which stays; nil: a new one below the system's folder for temporary files.
    ///
    /// - Throws: what Foundation says where it cannot be made, or `ResultFolderError`.
    public init(keeping kept: String? = nil) throws {
        if let kept {
            (path, outer, descriptor) = (kept, nil, -1)
            try FileManager.default.createDirectory(atPath: kept, withIntermediateDirectories: true)
            return
        }
        let parent = FileManager.default.temporaryDirectory.path
        WorkFolder.clean(parent)
        let outer = "\(parent)/\(WorkFolder.prefix)\(getpid())-\(UUID().uuidString)"
        Unfinished.add(outer, mark: WorkFolder.lockName)
        try FileManager.default.createDirectory(atPath: outer + "/files", withIntermediateDirectories: true)
        self.outer = outer
        path = outer + "/files"
        descriptor = open(outer + "/" + WorkFolder.lockName, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw ResultFolderError.system(outer) }
        flock(descriptor, LOCK_EX | LOCK_NB)
    }

    deinit {
        guard let outer else { return }
        Unfinished.remove(outer)
        Paths.removeTree(outer, mark: WorkFolder.lockName)
        flock(descriptor, LOCK_UN)
        close(descriptor)
    }

    /// Removes what dead processes of this user have left in a folder.
    private static func clean(_ parent: String) {
        for name in Paths.names(in: parent) where name.hasPrefix(prefix) {
            let outer = parent + "/" + name
            var status = stat()
            guard lstat(outer, &status) == 0, status.st_mode & S_IFMT == S_IFDIR, status.st_uid == geteuid()
            else { continue }
            let lock = open(outer + "/" + lockName, O_RDWR | O_CLOEXEC | O_NOFOLLOW)
            guard lock >= 0 else {
                // Made a moment ago, or by one that was killed at once: the process of its name tells.
                let owner = pid_t(name.dropFirst(prefix.count).prefix { $0.isNumber })
                if let owner, kill(owner, 0) != 0, errno == ESRCH { Paths.removeTree(outer) }
                continue
            }
            if flock(lock, LOCK_EX | LOCK_NB) == 0 {
                Paths.removeTree(outer, mark: lockName)
                flock(lock, LOCK_UN)
            }
            close(lock)
        }
    }
}
