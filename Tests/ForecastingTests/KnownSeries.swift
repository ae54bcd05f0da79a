import Forecasting
import Foundation
import TestSupport
import Units

/// Series of the real data.
enum KnownSeries {
    /// M4 Hourly's training series, counted by the hour.
    static func m4() throws -> [RegularSeries] {
        let text = try String(contentsOfFile: RealData.path("forecast/m4/Hourly-train.csv"), encoding: .utf8)
        return text.split(separator: "\n").dropFirst().map { line in
            let fields = line.split(separator: ",").map { $0.filter { $0 != "\"" && $0 != "\r" } }
            return RegularSeries(
                id: SeriesID(fields[0]), start: Timestamp(seconds: 0), stepSeconds: 3600,
                values: fields.dropFirst().compactMap { Double($0) })
        }
    }

    /// Trades and prices of pairs over their common time, and the sum of their trades.
    static func pairs(_ symbols: [String], _ interval: String, before end: String? = nil) throws -> (
        series: [RegularSeries], prices: [SeriesTable.Prices?]
    ) {
        var rows = "unique_id,ds,y,high,low,close\n"
        var first = Int64.min
        var last = Int64.max
        var tables: [(String, [(time: Int64, fields: [Substring])])] = []
        let limit = end.flatMap { Timestamp(iso8601: $0) }.map { $0.seconds * 1000 } ?? .max
        for symbol in symbols {
            let text = try unzipped("bars/binance_spot_klines/\(symbol)-\(interval).csv.gz")
            let table = text.split(separator: "\n").compactMap { line -> (Int64, [Substring])? in
                let fields = line.split(separator: ",")
                guard fields.count > 8, let time = Int64(fields[0]), time < limit else { return nil }
                return (time, fields)
            }
            first = max(first, table.first?.0 ?? first)
            last = min(last, table.last?.0 ?? last)
            tables.append((symbol, table))
        }
        var totals: [Int64: Double] = [:]
        for (symbol, table) in tables {
            for (time, fields) in table where time >= first && time <= last {
                rows += "\(symbol),\(time),\(fields[8]),\(fields[2]),\(fields[3]),\(fields[4])\n"
                totals[time, default: 0] += Double(fields[8]) ?? 0
            }
        }
        for (time, total) in totals { rows += "total,\(time),\(total),,,\n" }
        let table = try SeriesTable(bytes: [UInt8](rows.utf8), file: interval)
        return (table.series, table.prices)
    }

    static func unzipped(_ path: String) throws -> String {
        let pipe = Pipe()
        let process = Process()
        process.executableURL = URL(filePath: "/usr/bin/env")
        process.arguments = ["gzip", "-dc", RealData.path(path)]
        process.standardOutput = pipe
        try process.run()
        let data = pipe.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        return String(decoding: data, as: UTF8.self)
    }

    /// Trades of a pair by the hour.
    static func binance(_ symbol: String, last count: Int) throws -> RegularSeries {
        let text = try unzipped("bars/binance_spot_klines/\(symbol)-1h.csv.gz")
        var rows = "unique_id,ds,y\n"
        for line in text.split(separator: "\n") {
            let fields = line.split(separator: ",")
            guard fields.count > 8, Int64(fields[0]) != nil else { continue }
            rows += "\(symbol),\(fields[0]),\(fields[8])\n"
        }
        let table = try SeriesTable(bytes: [UInt8](rows.utf8), file: symbol)
        var series = table.series[0]
        let cut = max(0, series.values.count - count)
        series.start = series.time(at: cut)
        series.values.removeFirst(cut)
        return series
    }
}
