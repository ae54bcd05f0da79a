import Ingest

extension IngestSample {
    /// The log of a format; nil for one that is not measured.
    init?(_ format: InputFormat) {
        switch format.rows {
        case .trades: self.init(trades: format)
        case .bars: self.init(bars: format)
        case .requests: self.init(requests: format)
        case .counts: self.init(counts: format)
        case .messages, .events: self.init(events: format)
        }
    }

    private init?(trades format: InputFormat) {
        switch format {
        case .binanceTrades:
            self.init(format, "BTCUSDT-trades-2024-01.csv", rows: 400_000) {
                "\($0.index),\($0.price()),\($0.quantity()),1234.5678,\($0.milliseconds),True,True"
            }
        case .binanceAggTrades:
            self.init(format, "BTCUSDT-aggTrades-2024-01.csv", rows: 400_000) {
                "\($0.index),\($0.price()),\($0.quantity()),\(2 * $0.index),\(2 * $0.index + 1),"
                    + "\($0.milliseconds),True,True"
            }
        case .tardisTrades:
            let header = "exchange,symbol,timestamp,local_timestamp,id,side,price,amount\n"
            self.init(format, "tardis_trades.csv", rows: 200_000, header: header) {
                "bitmex,XBTUSD,\($0.milliseconds * 1000),\($0.milliseconds * 1000 + 90),\($0.index),buy,"
                    + "\($0.price()),100"
            }
        case .timePriceAmount:
            self.init(format, "XBTEUR.csv", rows: 400_000) { "\($0.seconds),\($0.price()),\($0.quantity())" }
        case .krakenTrades:
            self.init(
                format, "kraken.json", header: "{\"error\":[],\"result\":{\"XBTUSDT\":[", separator: ",",
                footer: "],\"last\":\"1\"}}"
            ) {
                "[\"\($0.price())\",\"\($0.quantity())\",\($0.seconds).\($0.milliseconds % 1000 + 1000),"
                    + "\"b\",\"m\",\"\",\($0.index)]"
            }
        case .coinbaseTrades:
            self.init(format, "BTC-USD.jsonl") {
                "{\"type\":\"match\",\"trade_id\":\($0.index),\"side\":\"buy\",\"size\":\"\($0.quantity())\","
                    + "\"price\":\"\($0.price())\",\"product_id\":\"BTC-USD\",\"time\":\"\($0.iso)\"}"
            }
        case .bitmexTrades:
            let header =
                "timestamp,symbol,side,size,price,tickDirection,trdMatchID,grossValue,homeNotional,"
                + "foreignNotional\n"
            self.init(format, "bitmex_trades.csv", header: header) {
                "\($0.iso.dropLast()),XBTUSD,Sell,3800,\($0.price()),ZeroPlusTick,"
                    + "f192d5a6-aaaa-bbbb-cccc-\(100_000_000_000 + $0.index),4081260,0.04081260,3800"
            }
        case .trades:
            self.init(format, "ticks.csv", rows: 200_000, header: "time,price,amount,side,id\n") {
                "\($0.milliseconds),\($0.price()),\($0.quantity()),sell,\($0.index)"
            }
        default: return nil
        }
    }

    private init?(bars format: InputFormat) {
        let names = "open,high,low,close"
        switch format {
        case .binanceKlines:
            self.init(format, "BTCUSDT-1m.csv", rows: 200_000) {
                let start = $0.start(step: 60) * 1000
                return "\(start),\($0.prices()),\($0.quantity()),\(start + 59_999),1234.5678,77,0.5,617.2839,"
                    + "0"
            }
        case .krakenBars:
            self.init(format, "XBTUSD_1.csv", rows: 200_000) {
                "\($0.start(step: 60)),\($0.prices()),\($0.quantity()),\($0.index % 97)"
            }
        case .bitmexBars:
            let header = "timestamp,symbol,\(names),trades,volume,vwap,lastSize,turnover\n"
            self.init(format, "bitmex_1m.csv", rows: 200_000, header: header) {
                $0.milliseconds = $0.start(step: 60) * 1000
                return "\($0.iso),XBTUSD,\($0.prices()),\($0.index % 97),10500,,,"
            }
        case .bars:
            self.init(format, "minutes.csv", rows: 200_000, header: "time,\(names),volume,trades\n") {
                "\($0.start(step: 60)),\($0.prices()),\($0.quantity()),7"
            }
        default: return nil
        }
    }

    private init?(requests format: InputFormat) {
        switch format {
        case .accessLog:
            self.init(format, "access.log") {
                "192.0.2.\($0.index % 250) - - [\($0.clock) +0000] \"\($0.request())\" \($0.status()) "
                    + "\($0.index % 5000) \"-\" \"client/2.0\" 0.002"
            }
        case .accessTable:
            self.init(format, "access_table.csv") {
                "192.0.2.\($0.index % 250),[\($0.clock),\($0.request()),\($0.status()),,,"
            }
        case .requestTable:
            let header = "host\tlogname\ttime\tmethod\turl\tresponse\tbytes\n"
            self.init(format, "requests.tsv", header: header) {
                "192.0.2.\($0.index % 250)\t-\t\($0.seconds)\t\($0.method())\t\($0.path())\t\($0.status())\t"
                    + "\($0.index % 5000)"
            }
        case .awsLoadBalancer:
            self.init(format, "alb.log") {
                let status = $0.status()
                return "https \($0.iso) app/demo/0123 192.0.2.1:5015 198.51.100.7:443 0.001 0.006 0.000 "
                    + "\(status) \(status) 729 \($0.index % 5000) \"\($0.method()) "
                    + "https://api.example.com:443\($0.path()) HTTP/2.0\" \"client\" - -"
            }
        case .cloudFront:
            let header = "#Version: 1.0\n#Fields: date time sc-bytes c-ip cs-method cs-uri-stem sc-status\n"
            self.init(format, "cloudfront.log", header: header) {
                let stamp = $0.iso
                return "\(stamp.prefix(10))\t\(stamp.dropFirst(11).prefix(8))\t\($0.index % 5000)\t"
                    + "192.0.2.1\t\($0.method())\t/api/v3/order\t\($0.status())"
            }
        case .envoy:
            self.init(format, "envoy.log") {
                "[\($0.iso)] \"\($0.request())\" \($0.status()) - 138 \($0.index % 5000) 7 34 \"192.0.2.15\" "
                    + "\"client\""
            }
        case .jsonRequests:
            self.init(format, "envoy.jsonl") {
                "{\"start_time\": \"\($0.iso)\", \"method\": \"\($0.method())\", \"path\": \"\($0.path())\", "
                    + "\"response_code\": \($0.status()), \"bytes_sent\": \($0.index % 5000), \"duration\": 75}"
            }
        case .haproxy:
            self.init(format, "haproxy.log") {
                "Jan  1 00:00:00 lb1 haproxy[14380]: 192.0.2.1:3000 [\($0.clock).350] http-in api/srv0 "
                    + "0/0/0/36/80 \($0.status()) \($0.index % 5000) - - ---- 5/5/2/1/0 0/0 \"\($0.request())\""
            }
        default: return nil
        }
    }

    private init?(counts format: InputFormat) {
        switch format {
        case .nginxPlusStatus:
            self.init(format, "status.jsonl") {
                let stamp = $0.start(step: 5) * 1000 + Int64($0.index % 400)
                return "{\"version\":6,\"nginx_version\":\"1.9.4\",\"load_timestamp\":1700000000000,"
                    + "\"timestamp\":\(stamp),\"pid\":600,\"connections\":{\"accepted\":900},"
                    + "\"requests\":{\"total\":\(5_000_000 + 37 * $0.index),\"current\":1}}"
            }
        case .prometheusMatrix:
            // A hundred series of a thousand points.
            let perSeries = 1000
            let head = "{\"status\":\"success\",\"data\":{\"resultType\":\"matrix\",\"result\":["
            self.init(format, "prometheus.json", header: head, separator: ",", footer: "]}]}}") {
                let step = $0.index % perSeries
                let point = "[\(SampleRow.origin + Int64(step) * 60),\"\($0.index % 977)\"]"
                if step == perSeries - 1, $0.index < 99_999 { return point + "]}" }
                guard step == 0 else { return point }
                let number = $0.index / perSeries
                return "{\"metric\":{\"__name__\":\"requests\",\"path\":\"p\(number)\"},\"values\":[" + point
            }
        case .grafana:
            let names = (1...10).map { "s\($0)" }.joined(separator: ";")
            self.init(format, "grafana.csv", rows: 50_000, header: "Time;\(names)\n") { row in
                row.milliseconds = row.start(step: 300) * 1000
                return row.iso + (0..<10).map { ";\((row.index + 31 * $0) % 977)" }.joined()
            }
        case .series:
            self.init(format, "counts.csv", rows: 200_000, header: "unique_id,ds,y\n") {
                "requests/api/S\($0.index / 4000),\(SampleRow.origin + Int64($0.index % 4000) * 3600),"
                    + "\($0.index % 97)"
            }
        case .timestampValue:
            self.init(format, "requests.csv", rows: 200_000, header: "timestamp,value\n") {
                "\($0.start(step: 300)),\($0.index % 977)"
            }
        default: return nil
        }
    }

    private init?(events format: InputFormat) {
        switch format {
        case .tardisBook:
            let header = "exchange,symbol,timestamp,local_timestamp,is_snapshot,side,price,amount\n"
            self.init(format, "tardis_incremental_book_L2.csv", rows: 200_000, header: header) {
                "bitmex,XBTUSD,\($0.milliseconds * 1000),\($0.milliseconds * 1000 + 90),false,ask,"
                    + "\($0.price()),100"
            }
        case .lobsterMessages:
            self.init(format, "AMZN_2024-01-01_0_86400000_message_1.csv", rows: 200_000) {
                let inDay = $0.milliseconds - SampleRow.origin * 1000
                return "\(inDay / 1000).\(inDay % 1000 + 1000)00000,1,\($0.index + 1),100,2239500,1"
            }
        case .webSocketCapture:
            self.init(format, "binance_btcusdt.ws.jsonl") {
                "\($0.milliseconds)000000 {\"stream\":\"btcusdt@trade\",\"data\":{\"e\":\"trade\","
                    + "\"p\":\"\($0.price())\"}}"
            }
        case .events:
            self.init(format, "inference.csv", rows: 200_000, header: "TIMESTAMP,ContextTokens,Generated\n") {
                "\($0.iso.dropLast().replacing("T", with: " ")),\($0.index % 4000),\($0.index % 300)"
            }
        default: return nil
        }
    }
}
