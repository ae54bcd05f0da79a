import Exchange
import Numerics
import Units

/// Writes the days that are not raw as `unique_id,ds,y` by the minute, the same series as the raw trades.
struct HistoryFile: Sendable {
    let settings: GenerationSettings
    let levels: LevelModel

    /// The index of dispersion of trades over a minute and more.
    ///
    /// Orders scatter by 1 / (1 − n)². Their fills, geometric with mean m, add (2m − 1) − m and stretch it by m.
    static let indexOfDispersion: Double = {
        let mean = TradeFiles.fillsPerOrder
        let orders = 1 / ((1 - HawkesDay.branchingRatio) * (1 - HawkesDay.branchingRatio))
        return (2 * mean - 1) - mean + mean * orders
    }()

    /// Writes the file where there are such days; gives the number of trades by symbol.
    func write(into folder: String) throws -> [Int] {
        let minutes = (settings.days - settings.rawDayCount) * 1440
        guard minutes > 0 else { return levels.names.map { _ in 0 } }
        let file = try OutputFile(folder + "/history.csv")
        try file.write(Array("unique_id,ds,y\n".utf8))
        var totals: [Int] = []
        let together = max(1, settings.threads)
        for first in stride(from: 0, to: levels.names.count, by: together) {
            let count = min(together, levels.names.count - first)
            let parts = Parallel.map(count, threads: settings.threads) { offset in
                self.minutes(symbol: first + offset, count: minutes)
            }
            for part in parts {
                try file.write(part.text)
                totals.append(part.trades)
            }
        }
        try file.close()
        return totals
    }

    private func minutes(symbol: Int, count: Int) -> (text: [UInt8], trades: Int) {
        var random = Random(seed: settings.seed &+ 4, stream: UInt64(symbol))
        let id = Array(
            SeriesID(kind: "trades", venue: "binance-spot", name: levels.names[symbol]).description.utf8)
        var text = ByteText(capacity: count * 48)
        var trades = 0
        for minute in 0..<count {
            let mean = 60 * levels.rate(symbol: symbol, at: Double(minute) * 60 + 30)
            let number = HistoryFile.count(mean: mean, &random)
            trades += number
            text.append(id)
            text.append(",")
            let time = settings.start.advanced(bySeconds: Int64(minute) * 60)
            text.append(Array(time.description.utf8))
            text.append(",")
            text.append(Int64(number))
            text.append("\n")
        }
        return (text.bytes, trades)
    }

    /// A count with the dispersion of the trades: Poisson around a gamma level, the negative binomial law.
    private static func count(mean: Double, _ random: inout Random) -> Int {
        guard mean > 0 else { return 0 }
        let spread = indexOfDispersion - 1
        return random.poisson(mean: spread * random.gamma(shape: mean / spread))
    }
}
