import Foundation
import Ingest
import Tape
import TestSupport
import Testing
import Units

/// What the fuzzer has found, each as small as it gets.
@Suite struct RegressionTests {
    /// An object that closes before its key made the next scalar a key of nothing.
    @Test(arguments: ["{}0", "{}\"a\"", "[{}]1", "{}{}", "{\"a\":{}}}1,2", "{", "[", "[{", "{\"a\"", "}"])
    func jsonThatClosesTooSoonIsAnErrorAndNothingElse(_ text: String) throws {
        let folder = try TemporaryFolder()
        let path = try folder.write(text + "\n" + text + "\n", to: "x.json")
        let report = try ingest([path], folder.path("tape")) { $0.badRowShareMax = 1 }
        let file = try #require(report.files.first)
        #expect(file.failure != nil && file.accepted == 0)
    }

    /// Texts and elements of a document are taken in by the run: escapes and line ends inside them count.
    @Test func escapesAndLineEndsInsideADocumentAreRead() throws {
        let folder = try TemporaryFolder()
        let long = String(repeating: "x", count: 5000)
        let text = """
            {"error": [], "\(long)": "\\"]}", "result": {"XBT\\u0055SD": [
            ["5\\u002e5", "2", 1767571200.25,
             "b", "l", "a\\\\", 7], ["6", "3", 1767571201.5, "s", "m", "]", 8],
            ["x\\"", "3", 1767571202.5, "s", "m", "{", 9]], "last": "1"}}
            """
        let path = try folder.write(text, to: "kraken.json")
        let report = try ingest([path], folder.path("tape")) { $0.badRowShareMax = 1 }
        let file = try #require(report.files.first)
        #expect(file.format == .krakenTrades && file.accepted == 2 && file.quarantined == 1)
        #expect(report.quarantine.map(\.line) == [4] && report.quarantine.map(\.reason) == [.price])
        let read = try Tape.open(folder.path("tape")).read(SeriesID("trades/kraken/XBT\\u0055SD"))
        #expect(read.rows.map { $0.prices?.open.price } == [550_000_000, 600_000_000])
    }

    /// A header with the first id of a range but not its last made every row read a field before the first.
    @Test func halfARangeOfIdsIsNone() throws {
        let folder = try TemporaryFolder()
        let text =
            "agg_trade_id,price,quantity,first_trade_id,las,transact_time,is_buyer_maker\n"
            + "1,5,2,10,12,1767571200003,true\n2,5,2,13,13,1767571200004,false\n"
        let path = try folder.write(text, to: "BTCUSDT-aggTrades.csv")
        let file = try #require(try ingest([path], folder.path("tape")).files.first)
        #expect(file.format == .binanceTrades && file.accepted == 2)
    }

    /// The answer of Binance's HTTP interface was cut as if its objects were lines of a table.
    @Test("Binance trades as JSON, an array or lines, are read as from a table", arguments: [true, false])
    func binanceTradesAsJSON(isArray: Bool) throws {
        let folder = try TemporaryFolder()
        let rows = (0..<3).map { index in
            "{\"id\":\(index + 1),\"price\":\"4.5\",\"qty\":\"2\",\"quoteQty\":\"9\","
                + "\"time\":\(1_767_571_200_000 + index),\"isBuyerMaker\":\(index == 0)}"
        }
        let text = isArray ? "[" + rows.joined(separator: ",\n") + "]" : rows.joined(separator: "\n")
        let path = try folder.write(text, to: "BTCUSDT-trades.json")
        let file = try #require(try ingest([path], folder.path("tape")).files.first)
        #expect(file.format == .binanceTrades && file.accepted == 3)
        let read = try Tape.open(folder.path("tape")).read(SeriesID("trades/binance-spot/BTCUSDT"))
        #expect(read.rows.map { FixedPoint.text($0.notional) } == ["27"])
    }
}
