import Foundation

/// A folder to work in: the one that was asked for, or one of its own that goes, with all that is in it, when this does.
///
/// Hold it with `withExtendedLifetime` while its path is in use.
public final class WorkFolder: Sendable {
    /// Where it is.
    public let path: String
    private let isTemporary: Bool

    /// Makes the folder at a path, which stays; nil: a new one below the system's folder for temporary files.
    ///
    /// - Throws: what Foundation says where it cannot be made.
    public init(keeping kept: String? = nil) throws {
        isTemporary = kept == nil
        path =
            kept
            ?? FileManager.default.temporaryDirectory
            .appending(path: "highwater-\(UUID().uuidString)").path
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    }

    deinit {
        if isTemporary { try? FileManager.default.removeItem(atPath: path) }
    }
}
