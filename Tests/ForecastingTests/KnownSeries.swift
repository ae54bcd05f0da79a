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
                values: fields.dropFirst().compactMap(Double.init))
        }
    }

    /// Trades of a pair by the hour.
    static func binance(_ symbol: String, last count: Int) throws -> RegularSeries {
        let pipe = Pipe()
        let process = Process()
        process.executableURL = URL(filePath: "/usr/bin/env")
        process.arguments = [
            "gzip", "-dc", RealData.path("bars/binance_spot_klines/\(symbol)-1h.csv.gz"),
        ]
        process.standardOutput = pipe
        try process.run()
        let data = pipe.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        var rows = "unique_id,ds,y\n"
        for line in String(decoding: data, as: UTF8.self).split(separator: "\n") {
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
