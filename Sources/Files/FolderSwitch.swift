#if canImport(Glibc)
    import Glibc
#else
    import Musl
#endif

/// Switches a folder for a new one at once, what is not ours included.
struct FolderSwitch {
    /// The folder, without links.
    let destination: String
    /// The new one, beside it.
    let staging: String

    /// Whether the system can exchange two names (Linux 3.15 and later, on its own file systems).
    private typealias Exchange =
        @convention(c) (Int32, UnsafePointer<CChar>, Int32, UnsafePointer<CChar>, UInt32)
        -> Int32

    /// Puts links to all that is not ours into the new folder.
    ///
    /// - Parameter isOurs: Whether a path of the folder is a file that is replaced or removed.
    /// - Returns: False where something cannot be linked.
    func carryOver(except isOurs: (String) -> Bool) -> Bool {
        for path in Paths.files(below: destination) where !isOurs(path) {
            let target = staging + "/" + path
            guard (try? Paths.makeFolder(Paths.split(target).folder)) != nil else { return false }
            // A symbolic link is linked itself, not what it leads to.
            guard linkat(AT_FDCWD, destination + "/" + path, AT_FDCWD, target, 0) == 0 else { return false }
        }
        return carryFolders("")
    }

    /// Folders with their modes, empty ones too.
    private func carryFolders(_ path: String) -> Bool {
        var status = stat()
        guard stat(destination + path, &status) == 0 else { return false }
        if FileStatus(at: staging + path) == .nothing, mkdir(staging + path, 0o777) != 0 { return false }
        chmod(staging + path, status.st_mode & 0o7777)
        // Only root may; for all others the owner is the same already.
        _ = chown(staging + path, status.st_uid, status.st_gid)
        return Paths.names(in: destination + path).allSatisfy { name in
            let inside = path + "/" + name
            return FileStatus(at: destination + inside) != .folder || carryFolders(inside)
        }
    }

    /// Exchanges the two. False where the system or the file system cannot.
    func exchange() -> Bool {
        guard let symbol = dlsym(nil, "renameat2") else { return false }
        let exchangeFlag: UInt32 = 2
        return unsafeBitCast(symbol, to: Exchange.self)(
            AT_FDCWD, staging, AT_FDCWD, destination, exchangeFlag) == 0
    }

    /// Removes the old folder after the exchange. What came into it meanwhile moves over to the new one, or stays.
    func removeOld(except isOurs: (String) -> Bool) {
        // The index goes last: a run that is killed here leaves it to the next one, which goes on by it.
        for path in Paths.files(below: staging) where path != FolderIndex.fileName {
            let (old, new) = (staging + "/" + path, destination + "/" + path)
            if isOurs(path) || isSame(old, new) {
                unlink(old)
            } else if (try? Paths.makeFolder(Paths.split(new).folder)) != nil,
                linkat(AT_FDCWD, old, AT_FDCWD, new, 0) == 0
            {
                unlink(old)
            }
        }
        unlink(staging + "/" + FolderIndex.fileName)
        removeFolders(staging)
    }

    private func removeFolders(_ path: String) {
        for name in Paths.names(in: path) where FileStatus(at: path + "/" + name) == .folder {
            removeFolders(path + "/" + name)
        }
        rmdir(path)
    }

    private func isSame(_ one: String, _ other: String) -> Bool {
        var (first, second) = (stat(), stat())
        return lstat(one, &first) == 0 && lstat(other, &second) == 0 && first.st_ino == second.st_ino
            && first.st_dev == second.st_dev
    }
}
