import Ingest
import Testing

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
    ]) func theFileNameGivesVenueAndSymbol(path: String, venue: String, symbol: String) {
        let naming = SeriesNaming(path: path, format: .binanceTrades)
        #expect(naming.venue == venue)
        #expect(naming.symbol == symbol)
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
