import Foundation

/// The folder of public data that tests measure against, which is not part of the project.
public enum RealData {
    /// The folder, from the variable `HIGHWATER_REAL_DATA` or beside the checkout; nil where there is none.
    public static let folder: URL? = {
        let fileManager = FileManager.default
        let checkout = URL(filePath: #filePath).deletingLastPathComponent()
            .deletingLastPathComponent().deletingLastPathComponent()
        let named = ProcessInfo.processInfo.environment["HIGHWATER_REAL_DATA"].map { URL(filePath: $0) }
        let candidate = named ?? checkout.deletingLastPathComponent().appending(path: "shared/data")
        var isDirectory: ObjCBool = false
        guard fileManager.fileExists(atPath: candidate.path, isDirectory: &isDirectory), isDirectory.boolValue
        else { return nil }
        return candidate
    }()

    /// Whether the folder is there; a test says `.enabled(if: RealData.isPresent, RealData.absence)`.
    public static var isPresent: Bool { folder != nil }

    /// What a skipped test says.
    public static let absence = "needs the real data: set HIGHWATER_REAL_DATA to its folder"

    /// The path of a file below the folder.
    public static func path(_ relative: String) -> String {
        (folder ?? URL(filePath: "/nonexistent")).appending(path: relative).path
    }
}
