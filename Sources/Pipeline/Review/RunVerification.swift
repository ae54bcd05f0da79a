import Files

/// Two results held against each other, byte for byte.
public struct RunVerification: Sendable {
    /// A file that is not the same.
    public struct Difference: Sendable, Equatable {
        /// Its path in the folder.
        public var file: String
        /// The first line that differs, from 1; nil where one of the two has no such file.
        public var line: Int?
        /// That line as it was, and as it is now; nil where there is none.
        public var was: String?
        public var now: String?
    }

    /// Files that were compared.
    public let fileCount: Int
    /// The first input that is not what the run read, by its path, and what is other about it; nil where all are the same.
    public let changedInput: String?
    /// Those that differ, in the order of their names.
    public let differences: [Difference]

    /// Whether all are the same.
    public var isVerified: Bool { differences.isEmpty }

    /// The most bytes of one file.
    private static let bytesMax = 1 << 30

    /// Compares two folders, both with a manifest.
    ///
    /// - Parameters:
    ///   - was: The manifest of the one.
    ///   - now: The manifest of the other.
    /// - Throws: `ResultManifestError` where a manifest has no files, `InputFileError` where one cannot be read.
    public init(_ was: RunManifest, against now: RunManifest) throws {
        let (ours, theirs) = (try was.files + ["manifest.json"], try now.files + ["manifest.json"])
        let files = Set(ours).union(theirs).sorted()
        var differences: [Difference] = []
        for file in files {
            let before = try ours.contains(file) ? RunVerification.lines(was.folder + "/" + file) : nil
            let after = try theirs.contains(file) ? RunVerification.lines(now.folder + "/" + file) : nil
            guard before != after else { continue }
            guard let before, let after else {
                differences.append(Difference(file: file))
                continue
            }
            let line = zip(before, after).prefix { $0 == $1 }.count
            func text(_ lines: [ArraySlice<UInt8>]) -> String? {
                lines.indices.contains(line) ? String(decoding: lines[line].prefix(200), as: UTF8.self) : nil
            }
            differences.append(
                Difference(file: file, line: line + 1, was: text(before), now: text(after)))
        }
        fileCount = files.count
        changedInput = RunVerification.changed(try was.inputs, try now.inputs, was, now)
        self.differences = differences
    }

    private static func changed(
        _ before: [(path: String, hash: String)], _ after: [(path: String, hash: String)], _ was: RunManifest,
        _ now: RunManifest
    ) -> String? {
        for file in before {
            guard let found = after.first(where: { $0.path == file.path }) else {
                return "\(file.path) is gone"
            }
            if !file.hash.isEmpty, found.hash != file.hash { return "\(file.path) has other content" }
        }
        if let new = after.first(where: { file in !before.contains { $0.path == file.path } }) {
            return "\(new.path) is new"
        }
        let isOther = was.catalogueHash.map { $0 != now.catalogueHash } ?? false
        return isOther ? "the catalogue has other shapes or prices" : nil
    }

    private static func lines(_ path: String) throws(InputFileError) -> [ArraySlice<UInt8>] {
        let bytes = try InputFile.read(path, limit: bytesMax)
        return bytes.split(separator: 0x0A, omittingEmptySubsequences: false)
    }
}
