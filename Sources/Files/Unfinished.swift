#if canImport(Glibc)
    import Glibc
#else
    import Musl
#endif
import Synchronization

/// What this process has begun on disk and not finished: temporary folders, and results that are not in place yet.
///
/// It goes by itself when its owner does. A signal ends the process without that, so that whoever catches one asks here.
/// This is state of the process as a whole, as signals are.
public enum Unfinished {
    private struct Entry {
        /// A file that goes last, by which the next run knows whose the folder is.
        let mark: String?
        /// A folder that was made for it, removed where it is empty then.
        let home: String?
    }

    private static let entries = Mutex<[String: Entry]>([:])

    static func add(_ path: String, mark: String?, home: String? = nil) {
        entries.withLock { $0[path] = Entry(mark: mark, home: home) }
    }

    /// It is finished, or its owner removes it. Does not return once everything unfinished is being removed.
    static func remove(_ path: String) {
        entries.withLock { $0[path] = nil }
    }

    /// Removes all of it and then ends the process by `end`, which must not return: whoever would finish something meanwhile
    /// waits for the end.
    public static func drop(andEnd end: () -> Never) -> Never {
        entries.withLock { entries in
            // Other threads may still be writing into them.
            for _ in 0..<20 {
                for (path, entry) in entries where FileStatus(at: path) == .folder {
                    Paths.removeTree(path, mark: entry.mark)
                    if let home = entry.home { rmdir(home) }
                }
                if entries.keys.allSatisfy({ FileStatus(at: $0) == .nothing }) { break }
                usleep(5000)
            }
            end()
        }
    }
}
