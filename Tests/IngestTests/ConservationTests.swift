import Foundation
import Ingest
import Tape
import TestSupport
import Testing
import Units

@Suite struct ConservationTests {
    private enum Kind: CaseIterable {
        case good, repeated, notARow, bad
    }

    /// A file of good rows, repeated ids, lines that are no rows, and bad rows, with the number of each.
    private func dirtyFile(_ seed: UInt64) -> (text: String, counts: [Kind: Int], good: [String]) {
        var random = SplitMix64(seed: seed)
        let ending = Bool.random(using: &random) ? "\n" : "\r\n"
        let rows = tradeRows(400, seed: seed)
        var text = Bool.random(using: &random) ? "\u{FEFF}" : ""
        text += tradeHeader + ending
        var counts: [Kind: Int] = [:]
        for (index, row) in rows.enumerated() {
            text += row + ending
            counts[.good, default: 0] += 1
            switch Int.random(in: 0..<12, using: &random) {
            case 0:
                text += rows[Int.random(in: 0...index, using: &random)] + ending
                counts[.repeated, default: 0] += 1
            case 1:
                text +=
                    ["", "   ", "# a comment", tradeHeader].randomElement(using: &random).map { $0 + ending }
                    ?? ""
                counts[.notARow, default: 0] += 1
            case 2:
                text += badRow(row, &random) + ending
                counts[.bad, default: 0] += 1
            default: break
            }
        }
        if Bool.random(using: &random) { text.removeLast() }
        return (text, counts, rows)
    }

    private func badRow(_ row: String, _ random: inout SplitMix64) -> String {
        var fields = row.split(separator: ",").map(String.init)
        switch Int.random(in: 0..<11, using: &random) {
        case 0: fields.removeLast()
        case 1: fields.append("1")
        case 2: fields[1] = "-1"
        case 3: fields[1] = "12.3.4"
        case 4: fields[2] = "99999999999999999999999999999999999999"
        case 5: fields[4] = "884541600000000"  // the year 30000 in milliseconds
        case 6: fields[4] = "17230752"
        case 7: fields[5] = "maybe"
        case 8: fields[0] = ""
        case 9: return "\u{0}\u{0}\u{0},\u{0}"
        default: return "\"" + row
        }
        return fields.joined(separator: ",")
    }

    @Test(arguments: 0..<40) func everyRowIsAcceptedOrADuplicateOrQuarantined(seed: UInt64) throws {
        let folder = try TemporaryFolder()
        let (text, counts, good) = dirtyFile(seed)
        let path = try folder.write(text, to: "BTCUSDT-trades-2024-08-08.csv")
        let report = try ingest([path], folder.path("tape")) { $0.badRowShareMax = 1 }
        let file = try #require(report.files.first)
        #expect(file.failure == nil && file.format == .binanceTrades)
        #expect(file.accepted == counts[.good])
        #expect(file.duplicates == counts[.repeated] ?? 0)
        #expect(file.quarantined == counts[.bad] ?? 0)
        #expect(file.accepted + file.duplicates + file.quarantined == file.rows)
        #expect(report.quarantine.count == file.quarantined)
        #expect(file.reasons.values.reduce(0, +) == file.quarantined)
        try expectSlowCount(good, folder.path("tape"))
        expectPlaces(report.quarantine, text)
    }

    /// The tape's counts by second against a count of the rows' text.
    private func expectSlowCount(_ rows: [String], _ tape: String) throws {
        var slow: [Int64: Int] = [:]
        var quantity = 0.0
        for row in rows {
            let fields = row.split(separator: ",")
            slow[(Int64(fields[4]) ?? 0) / 1000, default: 0] += 1
            quantity += Double(fields[2]) ?? 0
        }
        let read = try Tape.open(tape).read(SeriesID("trades/binance-spot/BTCUSDT"))
        #expect(Dictionary(uniqueKeysWithValues: read.rows.map { ($0.start, Int($0.count)) }) == slow)
        #expect(abs(read.quantities.reduce(0, +) - quantity) < 1e-6)
    }

    /// Line and byte offset point at the text that the excerpt shows.
    private func expectPlaces(_ rows: [QuarantinedRow], _ text: String) {
        let bytes = Array(text.utf8)
        for row in rows {
            let newlines = bytes[..<row.byteOffset].filter { $0 == 0x0A }.count
            #expect(row.line == newlines + 1)
            #expect(bytes[row.byteOffset...].starts(with: Array(row.excerpt.utf8)))
        }
    }

    @Test func theTapeDoesNotDependOnTheNumberOfThreads() throws {
        let folder = try TemporaryFolder()
        var paths: [String] = []
        for index in 0..<9 {
            let name = "\(index)/\(["BTCUSDT", "ETHUSDT", "XRPUSDT"][index % 3])-trades-2024-08-08.csv"
            // Neighbouring files of a symbol share some ids, so that some are read twice.
            let rows = tradeRows(900, seed: UInt64(index % 3), firstID: 1)
            let part = rows[(index / 3 * 250)..<(index / 3 * 250 + 350)]
            paths.append(try folder.write(part.joined(separator: "\n") + "\nbroken\n", to: "in/" + name))
        }
        let one = try ingest([folder.path("in")], folder.path("one")) { $0.threads = 1 }
        let four = try ingest([folder.path("in")], folder.path("four")) { $0.threads = 4 }
        #expect(one == four)
        #expect(one.files.map(\.path) == paths.sorted())
        #expect(one.files.map(\.duplicates).reduce(0, +) == 600)
        let tapeOne = try contents(folder.path("one"))
        let tapeFour = try contents(folder.path("four"))
        #expect(tapeOne == tapeFour)
    }

    @Test func ingestingInPartsEqualsIngestingAtOnce() throws {
        let folder = try TemporaryFolder()
        let rows = tradeRows(2000, seed: 3)
        let whole = try folder.write(rows.joined(separator: "\n"), to: "whole/BTCUSDT-trades.csv")
        _ = try ingest([whole], folder.path("whole-tape"))
        for (index, range) in [1200..<2000, 0..<700, 700..<1200].enumerated() {
            let name = "part-\(index)/BTCUSDT-trades.csv"
            let path = try folder.write(rows[range].joined(separator: "\n"), to: name)
            _ = try ingest([path], folder.path("parts-tape"))
        }
        let id = SeriesID("trades/binance-spot/BTCUSDT")
        let one = try Tape.open(folder.path("whole-tape")).read(id)
        let two = try Tape.open(folder.path("parts-tape")).read(id)
        #expect(one == two)
    }

    @Test func aRepeatedFileChangesNothing() throws {
        let folder = try TemporaryFolder()
        let path = try folder.write(tradeRows(500, seed: 3).joined(separator: "\n"), to: "BTCUSDT-trades.csv")
        _ = try ingest([path], folder.path("tape"))
        let before = try contents(folder.path("tape"))
        let again = try ingest([path, path], folder.path("tape"))
        #expect(again.files.allSatisfy { $0.isRepeated && $0.accepted == 0 && $0.duplicates == 500 })
        let after = try contents(folder.path("tape"))
        #expect(before == after)
    }

    @Test func aMonthlyAndADailyFileCountOnce() throws {
        let folder = try TemporaryFolder()
        let rows = tradeRows(1000, seed: 3)
        let daily = try folder.write(
            rows[300..<600].joined(separator: "\n"), to: "BTCUSDT-trades-2024-08-08.csv")
        let monthly = try folder.write(rows.joined(separator: "\n"), to: "BTCUSDT-trades-2024-08.csv")
        let report = try ingest([daily, monthly], folder.path("together"))
        #expect(report.files.map(\.duplicates) == [0, 300])
        _ = try ingest([monthly], folder.path("apart"))
        let second = try ingest([daily], folder.path("apart"))
        #expect(second.files.map(\.duplicates) == [300])
        #expect(try events(folder.path("together"), "trades/binance-spot/BTCUSDT") == 1000)
        #expect(try events(folder.path("apart"), "trades/binance-spot/BTCUSDT") == 1000)
    }
}
