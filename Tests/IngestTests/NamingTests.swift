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
    ]) func theFileNameGivesVenueAndSymbol(path: String, venue: String, symbol: String) {
        let naming = SeriesNaming(path: path, format: .binanceTrades)
        #expect(naming.venue == venue)
        #expect(naming.symbol == symbol)
    }

    @Test("a name that tells no symbol is one for which to ask")
    func unnamedFilesAreRefused() throws {
        let folder = try TemporaryFolder()
        let rows = tradeRows(5, seed: 3).joined(separator: "\n")
        let dated = try folder.write(rows, to: "trades-2026-02-01.csv")
        let report = try ingest([dated], folder.path("tape"))
        #expect(report.files.first?.failure == .unnamed(path: dated, symbol: nil))
        #expect(try ingest([dated], folder.path("tape")) { $0.symbol = "X" }.failures.isEmpty)

        // Of two files without a name, the second may be of another symbol: its ids are not those of the first.
        let one = try folder.write(rows, to: "1/trades.csv")
        let two = try folder.write(tradeRows(9, seed: 4).joined(separator: "\n"), to: "2/trades.csv")
        let both = try ingest([one, two, one], folder.path("other"))
        #expect(both.files.map(\.accepted) == [5, 0, 0] && both.files[2].isRepeated)
        #expect(both.files[1].failure == .unnamed(path: two, symbol: "trades"))
        #expect(both.files.map(\.duplicates) == [0, 0, 5])
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
}
