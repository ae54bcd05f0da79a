/// Which files of a folder this program wrote, by the command that did: the only ones that it ever replaces or removes.
///
/// Kept beside them as `.highwater-files`, a line for each: the command, a tab, the path.
struct FolderIndex: Equatable {
    static let fileName = ".highwater-files"

    /// By path: the command.
    private(set) var owners: [String: String] = [:]

    init() {}

    /// Of a folder; empty where there is none.
    init(of folder: String) {
        guard let bytes = ResultFile.contents(folder + "/" + FolderIndex.fileName) else { return }
        for line in String(decoding: bytes, as: UTF8.self).split(separator: "\n") {
            let parts = line.split(separator: "\t", maxSplits: 1)
            // A path that leads out of the folder is nobody's of ours.
            guard parts.count == 2, !parts[1].split(separator: "/").contains(".."), !parts[1].hasPrefix("/")
            else { continue }
            owners[String(parts[1])] = String(parts[0])
        }
    }

    func holds(_ path: String) -> Bool { owners[path] != nil }

    func files(of command: String) -> [String] {
        owners.filter { $0.value == command }.keys.sorted()
    }

    /// The index after a command has replaced its files by others.
    func replacing(_ command: String, by files: [String]) -> FolderIndex {
        var result = self
        for path in self.files(of: command) { result.owners[path] = nil }
        for path in files { result.owners[path] = command }
        return result
    }

    var bytes: [UInt8] {
        Array(owners.sorted { $0.key < $1.key }.map { "\($0.value)\t\($0.key)\n" }.joined().utf8)
    }
}
