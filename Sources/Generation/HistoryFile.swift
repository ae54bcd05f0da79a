import Exchange
import Numerics
import Units

/// Writes the hours that are not raw as `unique_id,ds,y` by the step, the same series as the raw trades.
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

    /// Writes the file where there are such hours; gives the number of trades by symbol.
    func write(into folder: String) throws -> [Int] {
        let raw = Set(settings.rawHourList)
        let hours = (0..<settings.days * 24).filter { !raw.contains($0) }
        guard !hours.isEmpty else { return levels.names.map { _ in 0 } }
        let file = try OutputFile(folder + "/history.csv")
        try file.write(Array("unique_id,ds,y\n".utf8))
        var totals: [Int] = []
        let together = max(1, settings.threads)
        for first in stride(from: 0, to: levels.names.count, by: together) {
            let count = min(together, levels.names.count - first)
            let parts = Parallel.map(count, threads: settings.threads) { offset in
                self.minutes(symbol: first + offset, hours: hours)
            }
            for part in parts {
                try file.write(part.text)
                totals.append(part.trades)
            }
        }
        try file.close()
        return totals
    }

    private func minutes(symbol: Int, hours: [Int]) -> (text: [UInt8], trades: Int) {
        var random = Random(seed: settings.seed &+ 4, stream: UInt64(symbol))
        let id = Array(
            SeriesID(kind: "trades", venue: "binance-spot", name: levels.names[symbol]).description.utf8)
        let step = settings.historyStepSeconds
        var text = ByteText(capacity: hours.count * 3600 / step * 48)
        var trades = 0
        for second in hours.lazy.flatMap({ stride(from: $0 * 3600, to: ($0 + 1) * 3600, by: step) }) {
            let mean = Double(step) * levels.rate(symbol: symbol, at: Double(second) + Double(step) / 2)
            let number = HistoryFile.count(mean: mean, &random)
            trades += number
            text.append(id)
            text.append(",")
            let time = settings.start.advanced(bySeconds: Int64(second))
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
