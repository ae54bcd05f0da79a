import Foundation

/// Collects the files of a result beside their destination and moves them into place at the end, all or none.
///
/// A run that fails or is killed leaves the folder as it was, but for a `.highwater-partial-…` folder in the second
/// case, which the next run into the same folder removes.
public final class ResultFolder {
    private static let prefix = ".highwater-partial-"

    private let destination: URL
    private let staging: URL
    private let createdDestination: Bool
    private var names: [String] = []
    private var isFinished = false

    /// Prepares to write into a folder, which is made where it does not exist.
    ///
    /// - Throws: `ResultFolderError` where the destination is a file or cannot be written.
    public init(path: String) throws {
        let fileManager = FileManager.default
        destination = URL(filePath: path).standardizedFileURL
        var isDirectory: ObjCBool = false
        let exists = fileManager.fileExists(atPath: destination.path, isDirectory: &isDirectory)
        if exists, !isDirectory.boolValue {
            throw ResultFolderError(path: path, reason: "it is a file, not a folder")
        }
        createdDestination = !exists
        staging = destination.appending(
            path: "\(ResultFolder.prefix)\(ProcessInfo.processInfo.processIdentifier)")
        do {
            try fileManager.createDirectory(at: staging, withIntermediateDirectories: true)
            for name in try fileManager.contentsOfDirectory(atPath: destination.path)
            where name.hasPrefix(ResultFolder.prefix) && name != staging.lastPathComponent {
                try? fileManager.removeItem(at: destination.appending(path: name))
            }
        } catch {
            throw ResultFolderError(path: path, reason: error.localizedDescription)
        }
    }

    deinit {
        guard !isFinished else { return }
        try? FileManager.default.removeItem(at: staging)
        if createdDestination { try? FileManager.default.removeItem(at: destination) }
    }

    /// Where a part of the result may be written by somebody else, as a folder of its own.
    public func folder(_ name: String) -> String {
        names.append(name)
        return staging.appending(path: name).path
    }

    /// Adds a file; a name may hold one folder, as `exports/keda.yaml`.
    public func add(_ name: String, _ content: [UInt8]) throws {
        let target = staging.appending(path: name)
        do {
            try FileManager.default.createDirectory(
                at: target.deletingLastPathComponent(), withIntermediateDirectories: true)
            try Data(content).write(to: target)
        } catch {
            throw ResultFolderError(
                path: destination.appending(path: name).path, reason: error.localizedDescription)
        }
        let first = name.split(separator: "/").first.map(String.init) ?? name
        if !names.contains(first) { names.append(first) }
    }

    /// Moves everything into place, replacing what has the same name.
    public func finish() throws {
        let fileManager = FileManager.default
        do {
            for name in names where fileManager.fileExists(atPath: staging.appending(path: name).path) {
                let target = destination.appending(path: name)
                if rename(staging.appending(path: name).path, target.path) != 0 {
                    try? fileManager.removeItem(at: target)
                    try fileManager.moveItem(at: staging.appending(path: name), to: target)
                }
            }
            try fileManager.removeItem(at: staging)
        } catch {
            throw ResultFolderError(path: destination.path, reason: error.localizedDescription)
        }
        isFinished = true
    }

    /// Writes one file beside its destination, then renames it into place.
    public static func write(_ content: [UInt8], to path: String) throws {
        let target = URL(filePath: path).standardizedFileURL
        var isDirectory: ObjCBool = false
        if FileManager.default.fileExists(atPath: target.path, isDirectory: &isDirectory),
            isDirectory.boolValue
        {
            throw ResultFolderError(path: path, reason: "it is a folder, not a file")
        }
        do {
            try Data(content).write(to: target, options: .atomic)
        } catch {
            throw ResultFolderError(path: path, reason: error.localizedDescription)
        }
    }
}

/// A result could not be written.
public struct ResultFolderError: Error, Sendable {
    /// The file or folder.
    public var path: String
    /// Why.
    public var reason: String
}
