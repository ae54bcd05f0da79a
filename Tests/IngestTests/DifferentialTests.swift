import Foundation
import Ingest
import Tape
import TestSupport
import Testing

@Suite struct DifferentialTests {
    static let folder = Tool.checkout.appending(path: "Datasets/samples")
    static let samples = SlowReaders.bySample.keys.sorted()

    static func text(of sample: String) throws -> String {
        let data = try Data(contentsOf: folder.appending(path: sample))
        if data.starts(with: [0xFF, 0xFE]) { return String(data: data, encoding: .utf16) ?? "" }
        return String(decoding: data, as: UTF8.self)
    }

    /// The lines of a sample: its header and comments, and its rows.
    static func split(_ sample: String) throws -> (front: [String], rows: [String]) {
        var lines = try text(of: sample).replacingOccurrences(of: "\r\n", with: "\n")
            .split(separator: "\n").map(String.init)
        let isHeader = { (line: String) in
            line.hasPrefix("#") || line.hasPrefix("sep=") || !line.contains { $0.isNumber }
        }
        var front = Array(lines.prefix(while: isHeader))
        if sample == "tardis_incremental_book_L2.csv" || front.isEmpty, lines[0].first?.isLetter == true,
            lines[0].contains("price") || lines[0].contains("open") || lines[0].contains("y")
        {
            front = lines[0].contains("1767") || sample.hasSuffix(".log") ? [] : [lines[0]]
        }
        lines.removeFirst(front.count)
        return (front, lines)
    }

    private func compare(_ report: IngestReport, _ tape: String, _ slow: Tally, _ what: String) throws {
        let file = try #require(report.files.first)
        #expect(file.failure == nil, "\(what)")
        #expect(file.rows == slow.rows, "\(what)")
        #expect(file.accepted == slow.accepted, "\(what)")
        #expect(file.duplicates == slow.duplicates, "\(what)")
        #expect(file.accepted + file.duplicates + file.quarantined == file.rows, "\(what)")
        let (counts, sums) = try Tally.of(try Tape.open(tape))
        // The two readers add up in another order.
        #expect(Set(counts.keys) == Set(slow.counts.filter { !$0.value.isEmpty }.keys), "\(what)")
        for (series, seconds) in slow.counts {
            for (second, count) in seconds {
                let found = counts[series]?[second] ?? 0
                #expect(abs(found - count) < 1e-6, "\(what) \(series) \(second)")
            }
            #expect(counts[series]?.count ?? 0 == seconds.count, "\(what) \(series)")
        }
        #expect(abs(sums.quantity - slow.quantity) < 1e-6 * max(1, slow.quantity), "\(what)")
        #expect(sums.buys == slow.buys, "\(what)")
        #expect(sums.statuses == slow.statuses.filter { $0.key != "none" }, "\(what)")
        #expect(sums.bytes == slow.bytes, "\(what)")
    }

    @Test("each format's samples have a slow reader, written apart", arguments: InputFormat.allCases)
    func everySampleHasASlowReader(_ format: InputFormat) {
        for sample in format.samples {
            #expect(
                SlowReaders.bySample[sample] != nil,
                "\(sample) of \(format.rawValue) is not in SlowReaders.bySample")
        }
    }

    @Test(arguments: samples) func aSampleReadsAsASlowReaderReadsIt(_ sample: String) throws {
        let folder = try TemporaryFolder()
        let report = try ingest([Self.folder.appending(path: sample).path], folder.path("tape"))
        let read = try #require(SlowReaders.bySample[sample])
        let slow = read(try Self.text(of: sample))
        try compare(report, folder.path("tape"), slow, sample)
        #expect(report.files.first?.accepted ?? 0 > 0)
    }

    /// Rows of the sample in any order, some repeated, some left out, some broken.
    @Test(arguments: samples.filter { !$0.hasSuffix(".json") })
    func aReshuffledSampleReadsAsASlowReaderReadsIt(_ sample: String) throws {
        let slow = try #require(SlowReaders.bySample[sample])
        for seed in 0..<4 {
            var random = SplitMix64(seed: UInt64(seed))
            let (front, lines) = try Self.split(sample)
            var rows: [String] = []
            for line in lines where Int.random(in: 0..<8, using: &random) > 0 {
                rows.append(line)
                if Int.random(in: 0..<6, using: &random) == 0 { rows.append(line) }
            }
            rows.shuffle(using: &random)
            // A broken row among the later ones: a format is told by the first.
            rows.insert("broken", at: rows.count - 1)
            let folder = try TemporaryFolder()
            let text = (front + rows).joined(separator: seed % 2 == 0 ? "\n" : "\r\n")
            let path = try folder.write(text, to: sample)
            let report = try ingest([path], folder.path("tape")) { $0.badRowShareMax = 1 }
            let plain = (front + rows).joined(separator: "\n")
            try compare(report, folder.path("tape"), slow(plain), "\(sample), seed \(seed)")
        }
    }

    @Test func everySampleIsInTheTableOfFormatsAndTheOtherWayRound() throws {
        let files = try FileManager.default.contentsOfDirectory(atPath: Self.folder.path).filter {
            $0 != "README.md"
        }
        let named = InputFormat.allCases.flatMap { $0.samples }
        #expect(Set(files) == Set(named))
        for format in InputFormat.allCases {
            for sample in format.samples {
                let folder = try TemporaryFolder()
                let report = try ingest([Self.folder.appending(path: sample).path], folder.path("tape"))
                let container = sample.hasSuffix(".jsonl") && format == .coinbaseTrades
                #expect(report.files.first?.format == format || container, "\(sample)")
            }
        }
    }

    @Test func thePageOfFormatsIsMadeFromTheTable() throws {
        let page = try String(
            contentsOf: Tool.checkout.appending(path: "Datasets/FORMATS.md"), encoding: .utf8)
        #expect(page == FormatGuide.markdown, "highwater ingest --list-formats -o Datasets/FORMATS.md")
    }
}
