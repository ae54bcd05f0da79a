import Foundation
import Ingest
import TestSupport
import Testing
import Units

@Suite("Arrivals from logs") struct ArrivalReaderTests {
    /// Binance trades: id, price, time in milliseconds behind a start, whether the buyer was the maker (the taker sold).
    private typealias Fill = (id: Int, price: Double, millisecond: Int, isSell: Bool)

    private static func log(_ fills: [Fill]) -> String {
        tradeHeader + "\n"
            + fills.map {
                "\($0.id),\($0.price),1,\($0.price),\(1_700_000_000_000 + $0.millisecond),\($0.isSell)\n"
            }.joined()
    }

    private func milliseconds(_ text: String, counting count: ArrivalCount = .orders) throws -> [Int64] {
        let folder = try TemporaryFolder()
        let path = try folder.write(text, to: "BTCUSDT-trades-2023-11-14.csv")
        let result = try ArrivalReader(counting: count).read([path])
        #expect(result.failures.isEmpty)
        let series = try #require(result.series.first)
        #expect(series.id.description == "trades/binance-spot/BTCUSDT" && series.isResolved)
        return series.nanoseconds.map { $0 / 1_000_000 - 1_700_000_000_000 }
    }

    @Test("fills of one order count once: same stamp and side, ids in a row, price moving one way")
    func ordersAreMerged() throws {
        let fills: [Fill] = [
            (1, 100, 0, false), (2, 100, 0, false), (3, 101, 0, false),  // one buy, upwards
            (4, 100, 0, false),  // price goes back: another buy
            (5, 99, 0, true), (6, 98, 0, true),  // one sell, downwards
            (7, 99, 0, true),  // goes up: another sell
            (8, 99, 5, true),  // another stamp
            (10, 99, 5, true),  // an id between is missing
            (11, 99, 5, false),  // another side
        ]
        #expect(try milliseconds(Self.log(fills)) == [0, 0, 0, 0, 5, 5, 5])
        #expect(try milliseconds(Self.log(fills), counting: .rows).count == fills.count)
        // Newest first, the same orders.
        #expect(try milliseconds(Self.log(fills.reversed())) == [0, 0, 0, 0, 5, 5, 5])
    }

    @Test("a fill that is there twice counts once")
    func duplicatesAreDropped() throws {
        let fills: [Fill] = [(1, 100, 0, false), (2, 100, 7, true), (2, 100, 7, true), (3, 100, 9, true)]
        #expect(try milliseconds(Self.log(fills)) == [0, 7, 9])
    }

    @Test("without ids and sides, a price that turns begins an order")
    func withoutIDsOrSides() throws {
        let folder = try TemporaryFolder()
        let rows = ["100,1", "101,2", "102,1", "101,1", "100,1", "100,3", "101,1"]
        let path = try folder.write(
            "DateTime,Price,Volume\n"
                + rows.map { "2026-01-05 10:00:00.250,\($0)\n" }.joined()
                + "2026-01-05 10:00:00.251,101,1\n", to: "ES.csv")
        let series = try #require(try ArrivalReader().read([path]).series.first)
        #expect(series.nanoseconds.map { $0 / 1_000_000 % 1000 } == [250, 250, 250, 251])
    }

    @Test("all rows of a LOBSTER file are one series, each an arrival")
    func lobster() throws {
        let folder = try TemporaryFolder()
        let path = try folder.write(
            """
            34200.000000100,1,1,100,1000000,1
            34200.000000200,4,1,50,1000000,1
            34200.000000200,4,1,50,1000000,1
            34200.000000900,3,2,10,1000100,-1

            """, to: "GOOG_2026-01-05_34200000_57600000_message_1.csv")
        let found = try ArrivalReader().read([path]).series
        #expect(found.map(\.id.description) == ["messages/nasdaq/GOOG"])
        #expect(found.first?.nanoseconds.map { $0 % 1_000_000 } == [100, 200, 200, 900])
    }

    @Test("a clock of whole seconds is told")
    func wholeSeconds() throws {
        let folder = try TemporaryFolder()
        let line = #"10.0.0.1 - - [05/Jan/2026:09:00:0X +0000] "GET /a HTTP/1.1" 200 5"#
        let path = try folder.write(
            (0..<5).map { line.replacingOccurrences(of: "X", with: "\($0)") + "\n" }.joined(),
            to: "access.log")
        let series = try ArrivalReader().read([path]).series
        #expect(!series.isEmpty && series.allSatisfy { !$0.isResolved })
    }

    @Test(
        "a file that fails leaves nothing behind, a repeated one counts once, too many arrivals are refused")
    func filesAndLimits() throws {
        let folder = try TemporaryFolder()
        let good = try folder.write(Self.log([(1, 100, 0, false), (2, 100, 9, true)]), to: "a-trades.csv")
        let again = try folder.write(Self.log([(1, 100, 0, false), (2, 100, 9, true)]), to: "b-trades.csv")
        let bad = try folder.write(
            Self.log([(1, 100, 0, false)]) + String(repeating: "x,y,z,1,2,true\n", count: 9),
            to: "c-trades.csv")
        let result = try ArrivalReader().read([good, again, bad, folder.path("none.csv")])
        #expect(result.failures.count == 2)
        #expect(result.series.map(\.nanoseconds.count) == [2])
        var reader = ArrivalReader()
        reader.arrivalsMax = 1
        #expect(throws: ArrivalLimitError.self) { try reader.read([good]) }
    }

    @Test(
        "of real trades, no two orders of one stamp, side and price direction stand in a row",
        .enabled(if: RealData.isPresent, Comment(rawValue: RealData.absence)))
    func realOrders() throws {
        let path = RealData.path("trades/binance_trades_20240808/spot_BTCUSDT-trades-20240808_09.csv.gz")
        let rows = try ArrivalReader(counting: .rows).read([path]).series
        let orders = try ArrivalReader().read([path]).series
        #expect(rows.map(\.nanoseconds.count) == [19_904])
        // By a slow and separate count: 7,148 runs.
        #expect(orders.map(\.nanoseconds.count) == [7148])
    }
}
