import Foundation
import Ingest
import Numerics
import Tape
import TestSupport
import Testing
import Units

/// Reading by column, by whatever instructions, and by several threads, against reading row by row.
@Suite struct ColumnReaderTests {
    private static let shapes: [(header: String, isAggregate: Bool, columns: Int)] = [
        ("id,price,qty,quote_qty,time,is_buyer_maker", false, 6),
        ("id,price,qty,quote_qty,time,is_buyer_maker,is_best_match", false, 7),
        ("id,price,qty,time,event_time,is_buyer_maker", false, 6),
        ("agg_trade_id,price,quantity,first_trade_id,last_trade_id,transact_time,is_buyer_maker", true, 7),
    ]

    /// A file of good rows with odd ones among them: what the columns can read, what only the row parser can, and what
    /// nobody can.
    private func dirtyFile(_ seed: UInt64, rows: Int) -> String {
        var random = SplitMix64(seed: seed)
        let shape = Self.shapes[Int(seed) % Self.shapes.count]
        let unit = [1, 1000, 1_000_000][Int(seed / 4) % 3]
        let ending = seed % 5 == 0 ? "\r\n" : "\n"
        let dirt = seed % 3 == 0 ? 400 : 12
        var text = seed % 2 == 0 ? shape.header + ending : ""
        var time = 1_723_075_200_000
        var id = Int.random(in: 0...2_000_000_000, using: &random)
        for _ in 0..<rows {
            time += Int.random(in: 0...400, using: &random)
            var fields = self.fields(
                &id, time: time * unit + Int.random(in: 0..<unit, using: &random), shape, &random)
            if Int.random(in: 0..<dirt, using: &random) == 0 { spoil(&fields, &random) }
            text += fields.joined(separator: ",") + ending
            if Int.random(in: 0..<60, using: &random) == 0 {
                text +=
                    ["", "# note", shape.header, "1,2", "x", ",,,,,,,,,,,,"].randomElement(using: &random)
                    ?? ""
                text += "\n"
            }
        }
        if seed % 7 == 0 { text.removeLast() }
        return text
    }

    private func fields(
        _ id: inout Int, time: Int, _ shape: (header: String, isAggregate: Bool, columns: Int),
        _ random: inout SplitMix64
    ) -> [String] {
        id += Int.random(in: 0..<20, using: &random) == 0 ? -3 : 1
        let price = decimal(&random, whole: 99_999)
        let quantity = decimal(&random, whole: 9_999_999)
        let flag = ["true", "false", "True", "FALSE"].randomElement(using: &random) ?? ""
        if shape.isAggregate {
            let last = id + Int.random(in: 0..<3, using: &random)
            defer { id = last }
            return ["\(id * 7)", price, quantity, "\(id)", "\(last)", "\(time)", flag]
        }
        let more = shape.header.contains("quote") ? decimal(&random, whole: 99_999) : "\(time)"
        let fields = ["\(id)", price, quantity, more, "\(time)", flag]
        return shape.columns == 7 ? fields + ["true"] : fields
    }

    private func decimal(_ random: inout SplitMix64, whole: Int) -> String {
        let digits = Int.random(in: 0...9, using: &random)
        let text = "\(Int.random(in: 0...Int.random(in: 0...whole, using: &random), using: &random))"
        if digits == 9 { return text }
        if digits == 0 { return text + "." }
        return text + "." + (0..<digits).map { _ in "\(Int.random(in: 0...9, using: &random))" }.joined()
    }

    private func spoil(_ fields: inout [String], _ random: inout SplitMix64) {
        let odd = [
            "", " ", "-1", "+5", "1e3", "1.5E-2", ".5", "5.", ".", "1..2", "1.2.3", "0", "00012.50", "\"7\"",
            "\"7",
            "12345678.5", "123456789012345678", "99999999999999999999", "1.123456789", "0.000000004", "nan",
            "1/2",
            "1:2", "\u{0}", "é", "tru", "truee", "t", "0x1", "1 ", "17230752", "884541600000000",
            "-9223372036854775808",
        ]
        let index = Int.random(in: 0..<fields.count, using: &random)
        fields[index] = odd.randomElement(using: &random) ?? ""
        if Int.random(in: 0..<10, using: &random) == 0 { fields.append("1") }
        if Int.random(in: 0..<10, using: &random) == 0 { fields.removeFirst() }
    }

    @Test(arguments: 0..<36)
    func columnsGiveWhatRowsGive(seed: UInt64) throws {
        let folder = try TemporaryFolder()
        let path = try folder.write(dirtyFile(seed, rows: 3000), to: "spot_BTCUSDT-trades-2024-08-08.csv")
        func run(_ name: String, _ change: (inout IngestOptions) -> Void) throws -> IngestReport {
            try ingest([path], folder.path(name)) { options in
                options.badRowShareMax = 1
                options.quarantineKeptMax = 100_000
                change(&options)
            }
        }
        let slow = try run("rows") { $0.readsByColumn = false }
        let expected = try contents(folder.path("rows"))
        #expect(slow.files.first?.failure == nil && (slow.files.first?.accepted ?? 0) > 500)
        for level in ProcessorLevel.available {
            let fast = try run("\(level)") { $0.processorLevel = level }
            #expect(fast == slow, "\(level)")
            #expect(try contents(folder.path("\(level)")) == expected, "\(level)")
        }
    }

    @Test func coinMarginedContractsCountTheirFaceValueByColumnToo() throws {
        let folder = try TemporaryFolder()
        var rows: [String] = []
        var contracts = 0
        for index in 0..<500 {
            let time = 1_723_161_257_679 + index * 30
            rows.append("\(index),61804.8,\(index % 7 + 1),0.1,\(time),true")
            contracts += index % 7 + 1
        }
        let path = try folder.write(rows.joined(separator: "\n"), to: "cm_BTCUSD_PERP-trades.csv")
        _ = try ingest([path], folder.path("fast"))
        _ = try ingest([path], folder.path("slow")) { $0.readsByColumn = false }
        #expect(try contents(folder.path("fast")) == contents(folder.path("slow")))
        let tape = try Tape.open(folder.path("fast"))
        let total = try tape.read(SeriesID("trades/binance-coinm/BTCUSD_PERP")).notionals.reduce(0, +)
        #expect(total == Double(contracts * 100))
    }

    @Test(arguments: [1, 2, 3])
    func partsOfAFileGiveWhatTheWholeGives(seed: UInt64) throws {
        let folder = try TemporaryFolder()
        var text = dirtyFile(seed, rows: 70_000)
        // A line over the end of a part, longer than a part, and one that no buffer holds.
        let middle = text.index(text.startIndex, offsetBy: text.count / 2)
        let line = text[middle...].firstIndex(of: "\n") ?? middle
        text.insert(contentsOf: "\n# " + String(repeating: "x", count: 2_500_000), at: line)
        if seed == 2 { text += "\n" + String(repeating: "9", count: 5_000_000) + "\n" }
        let path = try folder.write(text, to: "BTCUSDT-trades-2024-08-08.csv")
        func run(_ name: String, _ change: (inout IngestOptions) -> Void) throws -> IngestReport {
            try ingest([path], folder.path(name)) { options in
                options.badRowShareMax = 1
                change(&options)
            }
        }
        let whole = try run("whole") { _ in }
        let parts = try run("parts") {
            $0.partBytes = 1 << 20
            $0.threads = 3
        }
        #expect(whole == parts)
        #expect(whole.files.first?.failure == nil)
        let one = try contents(folder.path("whole"))
        let many = try contents(folder.path("parts"))
        #expect(one == many)
    }

    @Test func idsThatComeAgainInAnotherPartAreDuplicates() throws {
        let folder = try TemporaryFolder()
        let rows = tradeRows(60_000, seed: 4)
        let text = (rows + rows[100..<5000] + rows[20_000..<20_100]).joined(separator: "\n")
        let path = try folder.write(text, to: "BTCUSDT-trades-2024-08-08.csv")
        let whole = try ingest([path], folder.path("whole"))
        let parts = try ingest([path], folder.path("parts")) {
            $0.partBytes = 1 << 20
            $0.threads = 2
        }
        #expect(whole == parts && whole.files.first?.duplicates == 5000)
        #expect(try contents(folder.path("whole")) == contents(folder.path("parts")))
    }

    @Test func partsOfAnAccessLogGiveWhatTheWholeGives() throws {
        let folder = try TemporaryFolder()
        var random = SplitMix64(seed: 8)
        let lines = (0..<25_000).map { index in
            let clock = String(format: "%02d:%02d:%02d", index / 3600, index / 60 % 60, index % 60)
            let status = [200, 200, 304, 404, 429, 503].randomElement(using: &random) ?? 200
            return
                "10.0.0.\(index % 250) - - [08/Aug/2024:\(clock) +0000] \"POST /api/v3/order HTTP/1.1\" \(status) \(index)"
        }
        let path = try folder.write(lines.joined(separator: "\n"), to: "access.log")
        let whole = try ingest([path], folder.path("whole"))
        let parts = try ingest([path], folder.path("parts")) {
            $0.partBytes = 1 << 20
            $0.threads = 2
        }
        #expect(whole == parts && whole.files.first?.accepted == 25_000)
        #expect(try contents(folder.path("whole")) == contents(folder.path("parts")))
    }
}
