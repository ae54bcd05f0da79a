#if canImport(Glibc)
    import Glibc
#else
    import Musl
#endif

/// The right to write into a folder, held by the process; the system gives it up when the process ends, however it ends.
final class FolderLock {
    private let descriptor: Int32

    /// Takes the lock of a folder that exists.
    ///
    /// Throws where another process holds it.
    init(_ path: String) throws(ResultFolderError) {
        while true {
            let descriptor = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
            guard descriptor >= 0 else { throw .system(path) }
            guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
                let isBusy = errno == EWOULDBLOCK
                let problem = ResultFolderError.system(path)
                close(descriptor)
                throw isBusy
                    ? ResultFolderError(
                        path: path,
                        reason: "another run is writing into this folder; wait for it or choose another "
                            + "folder")
                    : problem
            }
            // The folder may have been switched for a new one between opening and locking.
            var locked = stat()
            var now = stat()
            if fstat(descriptor, &locked) == 0, stat(path, &now) == 0, locked.st_ino == now.st_ino,
                locked.st_dev == now.st_dev
            {
                self.descriptor = descriptor
                return
            }
            close(descriptor)
        }
    }

    deinit {
        // By name: a child that was given a copy of the descriptor would keep what closing alone gives up.
        flock(descriptor, LOCK_UN)
        close(descriptor)
    }
}
