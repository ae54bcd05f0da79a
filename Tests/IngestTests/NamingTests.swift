import Ingest
import Tape
import TestSupport
import Testing
import Units

@Suite struct NamingTests {
    @Test(arguments: [
        ("BTCUSDT-trades-2024-08-08.csv", "binance-spot", "BTCUSDT"),
        ("x/spot_BTCUSDT-trades-20240808_09.csv.gz", "binance-spot", "BTCUSDT"),
        ("usdm_BTCUSDT-trades-20240808_09.csv.gz", "binance-usdm", "BTCUSDT"),
        ("cm_BTCUSD_PERP-trades-20240808_09.csv.gz", "binance-coinm", "BTCUSD_PERP"),
        ("BTCUSD_PERP-trades-2024-08.zip", "binance-coinm", "BTCUSD_PERP"),
        ("ETHUSD_240628-aggTrades-2024-06.csv", "binance-coinm", "ETHUSD_240628"),
        ("data/futures/um/daily/trades/ETHUSDT/ETHUSDT-trades-2024-08-08.zip", "binance-usdm", "ETHUSDT"),
        ("ADAUSDT-1h.csv.gz", "binance-spot", "ADAUSDT"),
        ("BTCUSDT_15m.csv", "binance-spot", "BTCUSDT"),
        ("trades-2024-08-08.csv", "binance-spot", "trades-2024-08-08"),
        ("deribit_trades_2026-02-01_BTC-PERPETUAL.csv", "deribit", "BTC-PERPETUAL"),
        ("deribit_trades_2026-02-01_ETH-PERPETUAL.csv.gz", "deribit", "ETH-PERPETUAL"),
        ("BTCUSDT_20260201.csv", "binance-spot", "BTCUSDT"),
        ("2026-02-03_BTCUSDT.csv", "binance-spot", "BTCUSDT"),
        ("BTC_USDT_2026-02-03.csv", "binance-spot", "BTC_USDT"),
        ("binance-futures_trades_2026-02-03_BTCUSDT.csv", "binance-usdm", "BTCUSDT"),
        ("binance-delivery_trades_2026-02-03_BTCUSD_PERP.csv", "binance-coinm", "BTCUSD_PERP"),
        ("spot_BTCUSDT_2026_02_03.csv", "binance-spot", "BTCUSDT"),
        ("BTCUSDT (1).csv", "binance-spot", "BTCUSDT"),
        ("BTCUSDT2026-02-03.csv.gz", "binance-spot", "BTCUSDT"),
        ("BTCUSDT-trades-2026-02-part3.csv", "binance-spot", "BTCUSDT"),
        ("okx-swap_trades_20260203T090000Z_BTC-USDT-SWAP.csv", "okx-swap", "BTC-USDT-SWAP"),
        ("btcusdt-2026-02-03-09.csv", "binance-spot", "btcusdt"),
        ("data/BTC-USD/2026-02-03.csv", "binance-spot", "BTC-USD"),
        ("symbol=SOLUSDT/date=2026-02-03/part-0001.csv", "binance-spot", "SOLUSDT"),
        ("BTC-28MAR25.csv", "binance-spot", "BTC-28MAR25"),
        ("BTC-26JUN26-70000-C.csv", "binance-spot", "BTC-26JUN26-70000-C"),
        ("BTCUSDT_260327.csv", "binance-spot", "BTCUSDT_260327"),
        ("BTCUSDT.2026-02-03.csv", "binance-spot", "BTCUSDT"),
        ("BTCUSDT-03-02-2026.csv", "binance-spot", "BTCUSDT"),
        ("BTCUSDT_03Feb2026.csv", "binance-spot", "BTCUSDT"),
        ("BTC_USDT-202602.csv", "binance-spot", "BTC_USDT"),
        ("btcusdt_1769904000_1769990400.csv", "binance-spot", "btcusdt"),
        ("BTCUSDT_1.csv", "binance-spot", "BTCUSDT"), ("BTCUSDT-0002.csv", "binance-spot", "BTCUSDT"),
        ("BTCUSDT.csv.1", "binance-spot", "BTCUSDT"), ("BTCUSDT~1.csv", "binance-spot", "BTCUSDT"),
        ("Copy of BTCUSDT.csv", "binance-spot", "BTCUSDT"), ("BTCUSDT_final.csv", "binance-spot", "BTCUSDT"),
        ("BTCUSDT-perp.csv", "binance-spot", "BTCUSDT-perp"),
        ("BTCUSDT_futures.csv", "binance-spot", "BTCUSDT_futures"),
        ("trades.BTCUSDT.csv", "binance-spot", "BTCUSDT"), ("XBTUSD.bitmex.csv", "bitmex", "XBTUSD"),
        ("binance.futures.BTCUSDT.csv", "binance-usdm", "BTCUSDT"),
        ("binance_BTCUSDT_spot_2026.csv", "binance-spot", "BTCUSDT"),
        ("1INCHUSDT-trades-2026-02-03.csv", "binance-spot", "1INCHUSDT"), ("eth.csv", "binance-spot", "eth"),
        ("1000PEPE_USDT.csv", "binance-spot", "1000PEPE_USDT"), ("BTC.D.csv", "binance-spot", "BTC.D"),
    ]) func theFileNameGivesVenueAndSymbol(path: String, venue: String, symbol: String) {
        let naming = SeriesNaming(path: path, format: .binanceTrades)
        #expect(naming.venue == venue)
        #expect(naming.symbol == symbol)
    }

    @Test(
        "files whose names differ by a date or a number and tell no symbol are asked about, a single one is not"
    )
    func unnamedFilesAreRefused() throws {
        let folder = try TemporaryFolder()
        let first = tradeRows(5, seed: 3).joined(separator: "\n")
        let second = tradeRows(9, seed: 4, firstID: 100).joined(separator: "\n")
        for names in [["trades-2026-02-01.csv", "trades-2026-02-02.csv"], ["part_1.csv", "part_2.csv"]] {
            let paths = try zip(names, [first, second]).map { try folder.write($1, to: "in/" + $0) }
            let tape = folder.path("tape-" + names[0])
            let both = try ingest(paths, tape)
            #expect(both.files.map(\.failure) == paths.map { .unnamed(path: $0, symbol: nil) })
            #expect(try ingest(paths, tape) { $0.symbol = "X" }.files.map(\.accepted) == [5, 9])

            // One alone keeps its name, as long as the tape holds no other.
            let alone = folder.path("alone-" + names[0])
            #expect(try ingest([paths[0]], alone).files.first?.accepted == 5)
            let name = String(names[0].dropLast(4))
            #expect(
                try ingest([paths[1]], alone).files.first?.failure == .unnamed(path: paths[1], symbol: name))
            #expect(try ingest([paths[0]], alone).files.first?.isRepeated == true)
        }
    }

    @Test(
        "of two files that are called the same, the second is asked about where it holds the same time or ids"
    )
    func namesakesAreAsked() throws {
        let folder = try TemporaryFolder()
        let rows = tradeRows(5, seed: 3).joined(separator: "\n")
        let one = try folder.write(rows, to: "1/trades.csv")
        // The same ids, and other ids of the same time.
        for (name, firstID) in [("2", 1), ("3", 1000)] {
            let other = tradeRows(9, seed: 4, firstID: firstID).joined(separator: "\n")
            let two = try folder.write(other, to: "\(name)/trades.csv")
            let refused = IngestError.unnamed(path: two, symbol: "trades")
            let both = try ingest([one, two, one], folder.path("both" + name))
            #expect(both.files.map(\.accepted) == [5, 0, 0] && both.files[2].isRepeated)
            #expect(both.files[1].failure == refused && both.files.map(\.duplicates) == [0, 0, 5])
            let tape = folder.path("later" + name)
            _ = try ingest([one], tape)
            #expect(try ingest([two], tape).files.map(\.failure) == [refused])
            #expect(try ingest([two], tape) { $0.symbol = "X" }.files.map(\.accepted) == [9])
        }
        // What follows in time goes on with the name.
        let later = try folder.write(
            "2000,5,1,5,1723507200000,true\n2001,5,1,5,1723507201000,true\n", to: "4/trades.csv")
        #expect(try ingest([one, later], folder.path("later")).files.map(\.accepted) == [5, 2])
    }

    @Test(
        "a file that is in the tape by another name is neither counted twice nor dropped without a word",
        arguments: [true, false])
    func renamedFiles(_ hasIDs: Bool) throws {
        let folder = try TemporaryFolder()
        let rows =
            hasIDs
            ? tradeRows(5, seed: 3).joined(separator: "\n")
            : "time,price,amount\n" + (0..<9).map { "\(1_767_571_200 + $0),5,1\n" }.joined()
        let dated = try folder.write(rows, to: "2026-02-03.csv")
        let tape = folder.path("tape")
        let count = hasIDs ? 5 : 9
        #expect(try ingest([dated], tape).files.map(\.accepted) == [count])
        let venue = hasIDs ? "binance-spot" : "generic"
        let renamed = IngestError.renamed(path: dated, series: "trades/\(venue)/BTCUSDT")
        for overlap in [IngestOptions.Overlap.refuse, .keep] {
            let again = try ingest([dated], tape) {
                $0.symbol = "BTCUSDT"
                $0.overlap = overlap
            }
            #expect(again.files.map(\.failure) == [renamed] && again.files.map(\.duplicates) == [0])
        }
        // By the same name it is there already, and another name of the same symbol is the same name.
        #expect(try ingest([dated], tape).files.map(\.isRepeated) == [true])
        let told = folder.path("told")
        for name in ["BTCUSDT.csv", "BTCUSDT-2026-02-03 (1).csv"] {
            let found = try ingest([try folder.write(rows, to: name)], told).files
            #expect(found.map(\.isRepeated) == [name != "BTCUSDT.csv"] && found.map(\.failure) == [nil])
        }
        #expect(try ingest([dated], told) { $0.symbol = "BTCUSDT" }.files.map(\.isRepeated) == [true])
        for path in [dated, try folder.write(rows, to: "ETHUSDT.csv")] {
            guard case .renamed = try ingest([path], told).files.first?.failure else {
                Issue.record("\(path) was taken for BTCUSDT, or taken in")
                continue
            }
        }
        // In one run alike.
        let both = [try folder.write(rows, to: "a/BTCUSDT.csv"), try folder.write(rows, to: "a/ETHUSDT.csv")]
        let report = try ingest(both, folder.path("both"))
        #expect(report.files.map(\.accepted) == [count, 0] && report.failures.count == 1)
    }

    @Test("a column of symbols needs no names, and neither do bars and ticks by themselves")
    func namesThatAreNotNeeded() throws {
        let folder = try TemporaryFolder()
        let texts = (0..<2).map { part in
            "exchange,symbol,timestamp,id,side,price,amount\n"
                + (0..<5).map { "x,S\(part),\(1_767_571_200_000_000 + $0),\($0),buy,5,1\n" }.joined()
        }
        let paths = try texts.enumerated().map {
            try folder.write($1, to: "trades-2026-02-0\($0 + 1).csv")
        }
        #expect(try ingest(paths, folder.path("tape")).files.map(\.accepted) == [5, 5])
        for sample in ["ticks.csv", "minute_bars.csv"] {
            let path = DifferentialTests.folder.appending(path: sample).path
            let report = try ingest([path], folder.path("tape-" + sample))
            #expect(
                report.failures.isEmpty
                    && report.files.first?.series.map(\.name) == [String(sample.dropLast(4))])
        }
    }

    @Test("files of two symbols never share rows, whatever stands around the symbols")
    func symbolsStayApart() throws {
        let folder = try TemporaryFolder()
        let rows = tradeRows(5, seed: 3).joined(separator: "\n")
        let paths = try ["BTC", "ETH", "SOL"].flatMap { coin in
            try ["deribit_trades_2026-02-01_\(coin)-PERPETUAL.csv", "trades_\(coin)_20260201.csv"].map {
                // The text differs by a blank line, since a file that repeats another is a no-op.
                try folder.write(
                    rows + String(repeating: "\n", count: coin.count) + "#\(coin)\($0)\n", to: $0)
            }
        }
        let report = try ingest(paths, folder.path("tape"))
        #expect(report.files.allSatisfy { $0.accepted == 5 && $0.duplicates == 0 })
        #expect(try Tape.open(folder.path("tape")).series.count == 6)
    }

    @Test func theCallersWordGoesFirst() {
        let naming = SeriesNaming(
            path: "usdm_BTCUSDT.csv", format: .binanceTrades, venue: "okx-swap", symbol: "BTC-USDT-SWAP")
        #expect(naming.venue == "okx-swap" && naming.symbol == "BTC-USDT-SWAP")
    }

    @Test(arguments: [
        ("POST", "/api/v3/order", RouteClass.orders),
        ("POST", "/fapi/v1/batch-orders?x=1", .orders),
        ("PUT", "/v5/Order/amend", .orders),
        ("DELETE", "/api/v3/openOrders", .cancels),
        ("POST", "/v5/order/cancel-all", .cancels),
        ("GET", "/api/v3/order?orderId=7", .account),
        ("GET", "/api/v3/myTrades", .account),
        ("GET", "/v1/wallet/balance", .account),
        ("GET", "/api/v3/depth", .marketData),
        ("GET", "http://host:8080/api/v3/klines?interval=1m", .marketData),
        ("POST", "/oauth/token", .auth),
        ("GET", "/ws/btcusdt@depth", .stream),
        ("POST", "/api/v3/userDataStream", .stream),
        ("GET", "/img/logo.PNG", .static),
        ("GET", "/orders.js", .static),
        ("GET", "/wp-admin/setup.php", .other),
        ("", "-", .other),
        ("GET", "", .other),
        ("GET", "http://", .other),
    ]) func requestsFallIntoTheirClass(method: String, path: String, expected: RouteClass) {
        let found = Array(method.utf8).withUnsafeBytes { method in
            Array(path.utf8).withUnsafeBytes { RouteTable().classify(method: method, path: $0) }
        }
        #expect(found == expected)
    }

    @Test(
        "trades that the tape has by another name are not counted again where a file of more of them is given a symbol",
        arguments: [true, false])
    func sameTradesByAnotherName(_ hasIDs: Bool) throws {
        let folder = try TemporaryFolder()
        func rows(_ range: Range<Int>, price: Int = 5) -> String {
            let lines = range.map { row in
                hasIDs
                    ? "\(row + 1),\(price),\(row % 7 + 1),5,\(1_767_571_200_000 + row * 1000),true"
                    : "\(1_767_571_200 + row),\(price),\(row % 7 + 1)"
            }
            return (hasIDs ? "" : "time,price,amount\n") + lines.joined(separator: "\n")
        }
        let few = try folder.write(rows(0..<300), to: "BTC-few.csv")
        let more = try folder.write(rows(100..<900), to: "BTC-more.csv")
        // Ids are counted from 1 for each symbol: the same ids at the same times, of another market.
        let other = try folder.write(rows(0..<300, price: 7), to: "ETH.csv")
        func read(_ path: String, _ symbol: String, keep: Bool = false) throws -> FileReport? {
            try ingest([path], folder.path("tape")) {
                $0.symbol = symbol
                $0.overlap = keep ? .keep : .refuse
            }.files.first
        }
        #expect(try read(few, "BTC")?.accepted == 300)
        guard case .sameTrades(_, _, let twin) = try read(more, "BTCUSDT")?.failure else {
            Issue.record("counted twice")
            return
        }
        #expect(twin.hasSuffix("/BTC"))
        #expect(try read(other, "ETH")?.accepted == 300)
        #expect(try read(more, "XBT", keep: true)?.accepted == 800)
    }
}
