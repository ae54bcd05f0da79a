import Foundation
import Ingest
import Tape
import TestSupport
import Testing

/// What holds of every format, whatever its rows: each is accepted, a duplicate or quarantined, and the order
/// of files changes nothing.
@Suite struct PropertyTests {
    private static let pieces = [
        "", ",", ";", "\t", "\"", "x", "-", ".", "0", "99999999999999999999", "nan", "{", "]", " ", "\u{0}",
        "é",
    ]

    /// A row with a stretch of it replaced.
    private func damaged(_ row: String, _ random: inout SplitMix64) -> String {
        var bytes = Array(row.utf8)
        let place = Int.random(in: 0..<bytes.count, using: &random)
        let end = min(bytes.count, place + Int.random(in: 0...12, using: &random))
        bytes.replaceSubrange(
            place..<end, with: Array((Self.pieces.randomElement(using: &random) ?? "").utf8))
        return String(decoding: bytes, as: UTF8.self)
    }

    /// Three files of a third of a sample's rows each, in their order, some damaged and some twice in one
    /// file.
    private func files(_ sample: String, _ folder: TemporaryFolder, seed: UInt64) throws -> [String] {
        var random = SplitMix64(seed: seed)
        let (front, rows) = try DifferentialTests.split(sample)
        return try (0..<3).map { part in
            var lines = front
            for (index, row) in rows[rows.count * part / 3..<rows.count * (part + 1) / 3].enumerated() {
                lines.append(row)
                // A format is told by the first rows.
                guard index > 2 else { continue }
                if Int.random(in: 0..<4, using: &random) == 0 { lines.append(damaged(row, &random)) }
                if Int.random(in: 0..<8, using: &random) == 0 { lines.append(row) }
            }
            return try folder.write(
                lines.joined(separator: seed % 2 == 0 ? "\n" : "\r\n"), to: "\(part)/\(sample)")
        }
    }

    private func take(_ paths: [String], _ tape: String, threads: Int) throws -> [String: FileReport] {
        let report = try ingest(paths, tape) {
            $0.badRowShareMax = 1
            $0.overlap = .keep
            $0.threads = threads
        }
        return Dictionary(uniqueKeysWithValues: report.files.map { ($0.path, $0) })
    }

    @Test(arguments: DifferentialTests.samples.filter { !$0.hasSuffix(".json") })
    func everyRowIsAccountedForInAnyOrderOfFiles(_ sample: String) throws {
        for seed in 0..<3 as Range<UInt64> {
            let folder = try TemporaryFolder()
            let paths = try files(sample, folder, seed: seed)
            let forward = try take(paths, folder.path("forward"), threads: 1)
            for (_, file) in forward {
                #expect(file.failure == nil, "\(sample) \(String(describing: file.failure))")
                #expect(file.accepted + file.duplicates + file.quarantined == file.rows, "\(sample)")
                #expect(file.reasons.values.reduce(0, +) == file.quarantined, "\(sample)")
            }
            let backward = try take(paths.reversed(), folder.path("backward"), threads: 3)
            let mixed = try take([1, 2, 0].map { paths[$0] }, folder.path("mixed"), threads: 2)
            #expect(forward == backward && forward == mixed, "\(sample), seed \(seed)")
            let one = try contents(folder.path("forward"))
            #expect(try one == contents(folder.path("backward")), "\(sample), seed \(seed)")
            #expect(try one == contents(folder.path("mixed")), "\(sample), seed \(seed)")
        }
    }
}
