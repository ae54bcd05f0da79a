#if canImport(Glibc)
    import Glibc
#else
    import Musl
#endif

/// Collects the files of a result beside their folder and switches them into place at the end, all or none.
///
/// ```
/// let folder = try ResultFolder(path: "week", command: "run")
/// try folder.add("plan.csv", bytes)
/// try folder.finish()
/// ```
///
/// One folder is one transaction. It is locked while a result is made, so that two runs never mix. What is replaced or
/// removed are the files that the same command wrote before, as the folder's index names them (`FolderIndex`); what
/// others wrote stays, and is an error where a file of the result has to go. The new folder, with links to all that
/// stays, is exchanged for the old one by one system call. Where that cannot be (a mounted folder, one whose parent
/// cannot be written to), files are moved one by one after a journal was written; the next run into the folder ends what
/// a killed one began. What dead runs left is removed by the next one.
public final class ResultFolder {
    /// What names of unfinished folders begin with; the process follows.
    private static let partialPrefix = ".highwater-partial-"
    /// In a folder of files to be moved one by one: says that all of them are there.
    private static let journalName = ".complete"
    /// In a folder that is still being filled: all in it is ours.
    private static let markerName = ".unfinished"

    private let destination: String
    private let command: String
    private let isNew: Bool
    private let isBeside: Bool
    private let staging: String
    private var lock: FolderLock?

    /// Prepares to write into a folder, which is made where it does not exist.
    ///
    /// - Parameters:
    ///   - path: The folder; a link to one is followed.
    ///   - command: Whose result it is, as `run`; results of several commands may lie in one folder.
    /// - Throws: `ResultFolderError` where the destination is no folder, cannot be written or is being written to.
    public init(path: String, command: String) throws(ResultFolderError) {
        guard ![.file, .other].contains(FileStatus(behind: path)) else {
            throw ResultFolderError(path: path, reason: "it is a file, not a folder")
        }
        isNew = FileStatus(behind: path) == .nothing
        try Paths.makeFolder(path)
        guard let real = Paths.real(path) else { throw .system(path) }
        destination = real
        self.command = command
        lock = try FolderLock(real)
        let (parent, name) = Paths.split(real)
        let beside = "\(parent)/\(ResultFolder.partialPrefix)\(name)-\(getpid())"
        let inside = "\(real)/\(ResultFolder.partialPrefix)\(getpid())"
        ResultFolder.clean(real)
        isBeside = ResultFolder.isOneFileSystem(parent, real) && mkdir(beside, 0o777) == 0
        staging = isBeside ? beside : inside
        guard isBeside || mkdir(inside, 0o777) == 0 else { throw .system(path) }
        Unfinished.add(staging, mark: ResultFolder.markerName, home: isNew ? real : nil)
        try ResultFile.create(staging + "/" + ResultFolder.markerName, [])
    }

    private static func isOneFileSystem(_ one: String, _ other: String) -> Bool {
        var (first, second) = (stat(), stat())
        return stat(one, &first) == 0 && stat(other, &second) == 0 && first.st_dev == second.st_dev
    }

    deinit {
        // After `finish` there is nothing any more; before it, nothing is left of a result that failed.
        guard lock != nil else { return }
        Unfinished.remove(staging)
        Paths.removeTree(staging, mark: ResultFolder.markerName)
        if isNew { rmdir(destination) }
    }

    /// Ends what killed runs began, and removes what they left; the lock says that none is alive.
    private static func clean(_ destination: String) {
        let (parent, name) = Paths.split(destination)
        for left in Paths.names(in: destination) where left.hasPrefix(partialPrefix) {
            let staging = destination + "/" + left
            if FileStatus(at: staging + "/" + journalName) == .file {
                moveAll(from: staging, to: destination)
            }
            Paths.removeTree(staging)
        }
        for left in Paths.names(in: parent) where left.hasPrefix("\(partialPrefix)\(name)-") {
            guard left.dropFirst(partialPrefix.count + name.count + 1).allSatisfy(\.isNumber) else {
                continue
            }
            let staging = parent + "/" + left
            guard FileStatus(at: staging + "/" + markerName) == .nothing else {
                Paths.removeTree(staging, mark: markerName)
                continue
            }
            // Killed about the switch: it is the new folder or the old one, and what is not ours is linked in both.
            let index = FolderIndex(of: staging)
            FolderSwitch(destination: destination, staging: staging).removeOld(except: index.holds)
        }
    }

    /// The folder that is filled: whoever writes large files, or many, may do it there.
    public var path: String { staging }

    /// Adds a file; a name may hold folders, as `exports/keda.yaml`.
    public func add(_ name: String, _ content: [UInt8]) throws(ResultFolderError) {
        let target = staging + "/" + name
        do throws(ResultFolderError) {
            try Paths.makeFolder(Paths.split(target).folder)
            try ResultFile.create(target, content)
        } catch {
            throw ResultFolderError(path: destination + "/" + name, reason: error.reason)
        }
    }

    /// Puts everything into place: what the command wrote before is replaced or removed.
    ///
    /// - Throws: `ResultFolderError` where a file that is not ours is in the way; nothing is changed then.
    public func finish() throws(ResultFolderError) {
        let files = Paths.files(below: staging).filter { $0 != ResultFolder.markerName }
        let old = FolderIndex(of: destination)
        for file in files { try checkIsFree(file, old) }
        let index = old.replacing(command, by: files)
        try ResultFile.create(staging + "/" + FolderIndex.fileName, index.bytes)
        let stale = old.files(of: command).filter { !files.contains($0) }
        let replaced = Set(files + stale + [FolderIndex.fileName])
        Unfinished.remove(staging)
        // Only now: with neither marker nor index nobody knows whose the files are.
        unlink(staging + "/" + ResultFolder.markerName)
        let change = FolderSwitch(destination: destination, staging: staging)
        if isBeside, change.carryOver(except: replaced.contains), change.exchange() {
            change.removeOld(except: replaced.contains)
        } else {
            try moveOneByOne(files)
            for file in stale { unlink(destination + "/" + file) }
        }
        for file in stale { Paths.removeEmptyFolders(of: file, below: destination) }
        lock = nil
    }

    /// Throws where something is in a file's way that this program did not write.
    private func checkIsFree(_ file: String, _ index: FolderIndex) throws(ResultFolderError) {
        let target = destination + "/" + file
        var above = Paths.split(file).folder
        while above != "." {
            let status = FileStatus(behind: destination + "/" + above)
            guard status == .folder || status == .nothing || index.holds(above) else {
                throw ResultFolderError(
                    path: destination + "/" + above,
                    reason: "it is in the way of \(file): \(ResultFolder.advice)")
            }
            above = Paths.split(above).folder
        }
        let status = FileStatus(at: target)
        // What we wrote was a file: a folder of its name is another's.
        guard status == .folder || (status != .nothing && !index.holds(file)) else { return }
        // The same bytes may be taken for ours.
        let new = ResultFile.contents(staging + "/" + file)
        guard FileStatus(at: target) == .file, new != nil, ResultFile.contents(target) == new else {
            throw ResultFolderError(path: target, reason: "it is in the way: \(ResultFolder.advice)")
        }
    }

    private static let advice = "highwater did not write it; move it, or choose another folder"

    /// Moves files singly: first the journal, so that a run that is killed here is ended by the next.
    private func moveOneByOne(_ files: [String]) throws(ResultFolderError) {
        var inside = staging
        if isBeside {
            // What was linked stays where it is: the folder itself is kept.
            inside = "\(destination)/\(ResultFolder.partialPrefix)\(getpid())"
            guard mkdir(inside, 0o777) == 0 else { throw .system(inside) }
            for file in files + [FolderIndex.fileName] {
                try Paths.makeFolder(Paths.split(inside + "/" + file).folder)
                try ResultFile.move(staging + "/" + file, to: inside + "/" + file)
            }
            Paths.removeTree(staging)
        }
        try ResultFile.create(inside + "/" + ResultFolder.journalName, [])
        let problem = ResultFolder.moveAll(from: inside, to: destination)
        Paths.removeTree(inside)
        if let problem { throw problem }
    }

    /// Moves what can be moved; returns the first problem.
    @discardableResult
    private static func moveAll(from staging: String, to destination: String) -> ResultFolderError? {
        var problem: ResultFolderError?
        for file in Paths.files(below: staging) where file != journalName {
            let target = destination + "/" + file
            do throws(ResultFolderError) {
                try Paths.makeFolder(Paths.split(target).folder)
                guard rename(staging + "/" + file, target) == 0 else { throw .system(target) }
            } catch {
                problem = problem ?? error
            }
        }
        return problem
    }
}
