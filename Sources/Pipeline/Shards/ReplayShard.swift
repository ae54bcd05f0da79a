import Files
import Foundation
import Replay
import Reporting
import Tape
import Units

/// One share of a replay in a folder: `shard.json` and the rows of its queues, each queue in files of its own, so that a
/// merge only has to put them in order.
public struct ReplayShard: Sendable {
    public var share: ReplayShare
    /// A hash of what the replay was made from: the plan's text, what is now, the seed, and the tape.
    public var inputs: String

    private static let manifest = "shard.json"
    private static let tables: [(name: String, header: [UInt8])] = [
        RunTables.saturation.file([]), RunTables.latencyCurve.file([]),
    ].map { ($0.name, $0.table.bytes) }

    /// A share of the replay of a plan on a tape.
    ///
    /// - Parameters:
    ///   - share: The share.
    ///   - plan: The plan, with what the command line changed.
    ///   - asOf: What is now.
    ///   - manifest: The path of the tape's manifest.
    public init(share: ReplayShare, plan: PlanFile, asOf: Timestamp, manifest: String) {
        self.share = share
        let text = [
            String(decoding: plan.text, as: UTF8.self), highwaterVersion, asOf.description, "\(plan.seed)",
            "\(plan.forecast.horizon)", "\(plan.forecast.stepSeconds)", plan.forecast.symbols,
            String(decoding: FileManager.default.contents(atPath: manifest) ?? Data(), as: UTF8.self),
        ].joined(separator: "\u{0}")
        inputs = Array(text.utf8).withUnsafeBytes { ContentHash(of: $0) }.description
    }

    /// The files of the share's folder.
    public func files(_ result: ReplayResult) -> [(name: String, bytes: [UInt8])] {
        var files: [(name: String, bytes: [UInt8])] = []
        let content: [String: Any] = [
            "kind": "replay", "index": share.index, "count": share.count, "inputs": inputs,
            "places": result.parts.map(\.place),
        ]
        files.append((ReplayShard.manifest, ExportText.json(content)))
        for part in result.parts {
            let bodies = [
                RunTables.saturation.table(result.saturation[part.saturation]).bytes,
                RunTables.latencyCurve.table(result.latencyCurve[part.latencyCurve]).bytes,
            ]
            for (table, body) in zip(ReplayShard.tables, bodies) {
                files.append(
                    ("queues/\(part.place)/\(table.name)", Array(body.dropFirst(table.header.count))))
            }
        }
        return files
    }

    /// Whether a folder holds a share of a replay.
    public static func isShard(_ folder: String) -> Bool {
        FileManager.default.fileExists(atPath: folder + "/" + manifest)
    }

    /// Why shares cannot be merged.
    public struct MergeError: Error, Sendable, Equatable {
        /// The folder that it is about.
        public var folder: String
        /// What is wrong.
        public var message: String
    }

    private struct Contents {
        var folder: String
        var index: Int
        var count: Int
        var inputs: String
        var places: [Int]

        init(_ folder: String) throws(MergeError) {
            guard let data = FileManager.default.contents(atPath: folder + "/" + ReplayShard.manifest) else {
                throw MergeError(folder: folder, message: "not a shard of a replay (shard.json is missing)")
            }
            let content = (try? JSONSerialization.jsonObject(with: data)) as? [String: Any]
            guard let content, content["kind"] as? String == "replay", let index = content["index"] as? Int,
                let count = content["count"] as? Int, let inputs = content["inputs"] as? String,
                let places = content["places"] as? [Int], count >= 1, (0..<count).contains(index)
            else {
                throw MergeError(folder: folder, message: "shard.json does not describe a replay shard")
            }
            self.folder = folder
            self.index = index
            self.count = count
            self.inputs = inputs
            self.places = places
        }
    }

    /// Merges the shares of one replay into what one replay would have written, all or nothing.
    ///
    /// - Throws: `MergeError` where a share is missing, there twice, of another replay, or damaged; `ResultFolderError`.
    public static func merge(_ folders: [String], into output: String) throws {
        var shares: [Int: Contents] = [:]
        var first: Contents?
        for folder in folders {
            let contents = try Contents(folder)
            let model = first ?? contents
            first = model
            guard contents.count == model.count, contents.inputs == model.inputs else {
                throw MergeError(
                    folder: folder,
                    message: "a shard of another replay than \(model.folder): plan, tape, seed, time or "
                        + "number of shards differ")
            }
            if let other = shares[contents.index] {
                throw MergeError(
                    folder: folder,
                    message: "shard \(contents.index)/\(contents.count) is also in \(other.folder)")
            }
            shares[contents.index] = contents
        }
        guard let first else { return }
        if let missing = (0..<first.count).first(where: { shares[$0] == nil }) {
            throw MergeError(folder: first.folder, message: "shard \(missing)/\(first.count) is missing")
        }
        let places = shares.values.flatMap { share in share.places.map { (place: $0, folder: share.folder) } }
            .sorted { $0.place < $1.place }
        let result = try ResultFolder(path: output, command: "replay")
        for table in tables {
            var bytes = table.header
            for (place, folder) in places {
                let path = "\(folder)/queues/\(place)/\(table.name)"
                guard let rows = FileManager.default.contents(atPath: path) else {
                    throw MergeError(folder: folder, message: "queues/\(place)/\(table.name) is missing")
                }
                bytes += rows
            }
            try result.add(table.name, bytes)
        }
        try result.finish()
    }
}
