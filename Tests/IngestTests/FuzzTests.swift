import Foundation
import Ingest
import Tape
import TestSupport
import Testing
import Units

/// Damages samples at random and looks for what must hold of any input whatever.
///
/// `HIGHWATER_FUZZ_ROUNDS` sets the number of rounds (60 files each); what is found becomes a case of
/// `RegressionTests`.
@Suite struct FuzzTests {
    static let rounds = ProcessInfo.processInfo.environment["HIGHWATER_FUZZ_ROUNDS"].flatMap(Int.init) ?? 6

    private static let pieces: [[UInt8]] = [
        "\"", "\"\"", ",", "\n", "\r\n", "\r", "\t", ";", "[", "]", "{", "}", ":", "\\", "\\u", "\\ud83d",
        "\u{0}",
        "-", "+", ".", "e", "1e308", "1e-400", "9223372036854775807", "-9223372036854775808",
        "99999999999999999999",
        "NaN", "Inf", "null", "true", "#", "#Fields: date time sc-status\n", "sep=;\n", " ", "0",
        "1767571200",
        "1767571200000000", "884541600000000", "2026-01-05T25:00:00Z", "30000-01-01", "\u{FEFF}", "é",
        "=cmd()",
        "../", "[05/Jan/2026:09:00:00 +0000]", "\"GET / HTTP/1.1\"",
    ].map { Array($0.utf8) }

    private static func damaged(_ bytes: [UInt8], _ random: inout SplitMix64) -> [UInt8] {
        var bytes = bytes
        for _ in 0..<Int.random(in: 1...12, using: &random) {
            guard !bytes.isEmpty else { break }
            let place = Int.random(in: 0..<bytes.count, using: &random)
            let end = min(bytes.count, place + Int.random(in: 1...40, using: &random))
            switch Int.random(in: 0..<8, using: &random) {
            case 0: bytes[place] ^= 1 << UInt8.random(in: 0..<8, using: &random)
            case 1: bytes[place] = UInt8.random(in: 0...255, using: &random)
            case 2: bytes.removeSubrange(place..<end)
            case 3: bytes.insert(contentsOf: bytes[place..<end], at: place)
            case 4:
                bytes.replaceSubrange(
                    place..<min(end, place + 8), with: pieces.randomElement(using: &random) ?? [])
            case 5: bytes.insert(contentsOf: pieces.randomElement(using: &random) ?? [], at: place)
            case 6 where Int.random(in: 0..<6, using: &random) == 0: bytes.removeSubrange(place...)
            default:
                let other = Int.random(in: 0..<bytes.count, using: &random)
                bytes.swapAt(place, other)
            }
        }
        return bytes
    }

    @Test(arguments: 0..<rounds) func whateverTheFileEveryRowIsAccountedFor(_ round: Int) throws {
        var random = SplitMix64(seed: UInt64(round) &+ 77)
        let folder = try TemporaryFolder()
        var names: [String] = []
        for index in 0..<60 {
            let sample = DifferentialTests.samples[(index + round * 60) % DifferentialTests.samples.count]
            let text = Array(try Data(contentsOf: DifferentialTests.folder.appending(path: sample)))
            let name = "\(index)/\(sample)"
            try folder.write("", to: "in/" + name)
            try Data(Self.damaged(text, &random)).write(to: URL(filePath: folder.path("in/" + name)))
            names.append(name)
        }
        let report = try ingest([folder.path("in")], folder.path("tape")) {
            $0.badRowShareMax = 1
            $0.overlap = .keep
            $0.threads = 2
        }
        #expect(report.files.count == names.count)
        var events = 0
        for file in report.files {
            #expect(file.accepted + file.duplicates + file.quarantined == file.rows, "\(file.path)")
            #expect(file.failure == nil || file.accepted == 0, "\(file.path)")
            #expect(
                file.reasons.values.reduce(0, +) == file.quarantined || file.failure != nil, "\(file.path)")
            let isByRow =
                file.format.map { $0 != .binanceAggTrades && $0.rows != .bars && $0.rows != .counts } ?? false
            if isByRow { events += file.accepted }
        }
        // What was counted row by row is on the tape, to the row; aggregates stand for more than their rows.
        let tape = try Tape.open(folder.path("tape"))
        let held = tape.series.flatMap(\.resolutions).filter(\.isEvents).reduce(0) { $0 + Int($1.events) }
        let aggregates = report.files.filter { $0.format == .binanceAggTrades }.reduce(0) { $0 + $1.accepted }
        #expect(held >= events + aggregates)
        if aggregates == 0 { #expect(held == events) }
        try tape.verify()
    }

    /// A map may say anything of any file: right, wrong or next to nothing.
    @Test(arguments: 0..<rounds) func whateverAMapSaysEveryRowIsAccountedFor(_ round: Int) throws {
        var random = SplitMix64(seed: UInt64(round) &+ 770)
        for index in 0..<60 {
            let sample = DifferentialTests.samples[(index + round * 60) % DifferentialTests.samples.count]
            let text = Array(try Data(contentsOf: DifferentialTests.folder.appending(path: sample)))
            let folder = try TemporaryFolder()
            try FileManager.default.createDirectory(
                atPath: folder.path("in"), withIntermediateDirectories: true)
            let path = folder.path("in/" + sample)
            let isDamaged = Bool.random(using: &random)
            try Data(isDamaged ? Self.damaged(text, &random) : text).write(to: URL(filePath: path))
            let map = Self.map(for: text, &random)
            let report = try ingest([path], folder.path("tape")) {
                $0.badRowShareMax = 1
                $0.map = map
            }
            let file = try #require(report.files.first)
            #expect(file.accepted + file.duplicates + file.quarantined == file.rows, "\(sample) \(map)")
            #expect(file.failure == nil || file.accepted == 0, "\(sample) \(map)")
            if file.failure == nil { try Tape.open(folder.path("tape")).verify() }
        }
    }

    private static func map(for text: [UInt8], _ random: inout SplitMix64) -> ColumnMap {
        let first = String(decoding: text.prefix { $0 != 0x0A }, as: UTF8.self)
        let delimiters = [",", "\t", ";", " "]
        let delimiter = delimiters.max { first.split(separator: $0).count < first.split(separator: $1).count }
        let names = first.split(separator: delimiter ?? ",").map(String.init)
        func place() -> ColumnMap.Place {
            let column = Int.random(in: 0..<names.count + 1, using: &random)
            return column < names.count && Bool.random(using: &random)
                ? .name(names[column]) : .column(column + 1)
        }
        var columns: [String: ColumnMap.Place] = [:]
        for name in ColumnMap.names where Int.random(in: 0..<3, using: &random) > 0 {
            columns[name] = place()
        }
        var map = ColumnMap(
            kind: ColumnMap.Kind.allCases.randomElement(using: &random) ?? .events, columns: columns)
        if first.hasPrefix("{") || first.hasPrefix("["), Bool.random(using: &random) { map.text = .jsonLines }
        if Int.random(in: 0..<8, using: &random) == 0 {
            map.text = ColumnMap.Text.allCases.randomElement(using: &random) ?? .table
        }
        if Int.random(in: 0..<4, using: &random) == 0 {
            map.decimalMark = DecimalMark.allCases.randomElement(using: &random)
            map.scales = ["price": 0.01, "value": 1000, "quantity": 1e-9]
            map.sides = ColumnMap.SideWords(buy: ["b", "true"], sell: ["sell", "false"])
        }
        if Int.random(in: 0..<4, using: &random) == 0 { map.constants = ["price": "1", "status": "200"] }
        map.delimiter = Bool.random(using: &random) ? delimiter?.utf8.first : nil
        map.hasHeader = Bool.random(using: &random)
        map.skipLines = Int.random(in: 0..<3, using: &random)
        map.sideIsMakers = Bool.random(using: &random)
        map.absentIsZero = Bool.random(using: &random)
        switch Int.random(in: 0..<3, using: &random) {
        case 0: map.clock = .epoch(nanoseconds: [1, 1000, 1_000_000, 1_000_000_000][Int(random.next() % 4)])
        case 1: map.clock = .steps(start: Timestamp(seconds: 1_767_571_200), stepSeconds: 60, first: 1)
        default: break
        }
        return map
    }

    /// Blocks of a stream end anywhere; a document must read the same whatever its pieces.
    @Test func aPipeGivesWhatAFileGives() throws {
        for sample in [
            "prometheus.json", "kraken_http_trades.json", "coinbase_BTC-USD.jsonl", "grafana_utf16.csv",
        ] {
            let folder = try TemporaryFolder()
            let plain = DifferentialTests.folder.appending(path: sample).path
            let copy = folder.path(sample)
            try FileManager.default.copyItem(atPath: plain, toPath: copy)
            try run("gzip", "-k", copy)
            let one = try ingest([plain], folder.path("one"))
            let two = try ingest([copy + ".gz"], folder.path("two"))
            #expect(one.files.map(\.accepted) == two.files.map(\.accepted))
            let same = try Tape.open(folder.path("one")).series == Tape.open(folder.path("two")).series
            #expect(same, "\(sample)")
        }
    }
}
