#if canImport(Glibc)
    import Glibc
#else
    import Musl
#endif

/// What stands at a path.
enum FileStatus: Equatable {
    case nothing
    case folder
    case file
    /// A symbolic link, a device, a pipe or a socket.
    case other

    /// What stands at a path itself; a link is not followed.
    init(at path: String) {
        var status = stat()
        guard lstat(path, &status) == 0 else {
            self = .nothing
            return
        }
        self = FileStatus(mode: status.st_mode)
    }

    /// What a path leads to, by way of links.
    init(behind path: String) {
        var status = stat()
        guard stat(path, &status) == 0 else {
            self = .nothing
            return
        }
        self = FileStatus(mode: status.st_mode)
    }

    private init(mode: mode_t) {
        switch mode & S_IFMT {
        case S_IFDIR: self = .folder
        case S_IFREG: self = .file
        default: self = .other
        }
    }
}

/// Paths and folders by their names in the file system.
enum Paths {
    /// A path without links and dots, for what exists; nil otherwise.
    static func real(_ path: String) -> String? {
        guard let found = realpath(path, nil) else { return nil }
        defer { free(found) }
        return String(cString: found)
    }

    /// The folder that holds a path, and its last name.
    static func split(_ path: String) -> (folder: String, name: String) {
        let trimmed = trimming(path)
        guard let slash = trimmed.lastIndex(of: "/") else { return (".", trimmed) }
        let folder = slash == trimmed.startIndex ? "/" : String(trimmed[..<slash])
        return (folder, String(trimmed[trimmed.index(after: slash)...]))
    }

    static func trimming(_ path: String) -> String {
        var path = path
        while path.count > 1, path.hasSuffix("/") { path.removeLast() }
        return path
    }

    /// Names in a folder, sorted; none where there is no folder.
    static func names(in folder: String) -> [String] {
        guard let handle = opendir(folder) else { return [] }
        defer { closedir(handle) }
        var names: [String] = []
        while let entry = readdir(handle) {
            let name = withUnsafeBytes(of: entry.pointee.d_name) { bytes in
                String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
            }
            if name != ".", name != ".." { names.append(name) }
        }
        return names.sorted()
    }

    /// Makes a folder and those above it; one that exists is fine.
    static func makeFolder(_ path: String) throws(ResultFolderError) {
        if FileStatus(behind: path) == .folder { return }
        let above = split(path).folder
        if above != path, above != ".", above != "/" { try makeFolder(above) }
        guard mkdir(path, 0o777) == 0 || errno == EEXIST else { throw .system(path) }
        guard FileStatus(behind: path) == .folder else {
            throw ResultFolderError(path: path, reason: "it is a file, not a folder")
        }
    }

    /// Files, links and the like below a folder by their paths from there, sorted; folders are not listed.
    static func files(below folder: String) -> [String] {
        names(in: folder).flatMap { name -> [String] in
            let path = folder + "/" + name
            guard FileStatus(at: path) == .folder else { return [name] }
            return files(below: path).map { name + "/" + $0 }
        }
    }

    /// Removes a folder that this program made, with all in it; a file named `mark` goes last, so that what a kill leaves
    /// is known. Links are removed, never followed.
    static func removeTree(_ path: String, mark: String? = nil) {
        for name in names(in: path) where name != mark {
            let inside = path + "/" + name
            if FileStatus(at: inside) == .folder { removeTree(inside) } else { unlink(inside) }
        }
        if let mark { unlink(path + "/" + mark) }
        rmdir(path)
    }

    /// Removes the folders of a path from the innermost on as long as they are empty, up to a root that stays.
    static func removeEmptyFolders(of file: String, below root: String) {
        var folder = split(file).folder
        while folder != ".", folder != "/", !folder.isEmpty {
            guard rmdir(root + "/" + folder) == 0 else { return }
            folder = split(folder).folder
        }
    }
}
