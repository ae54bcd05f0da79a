import Exchange
import Glibc
import Numerics
import Units

/// The level of every symbol's trades over time: a share of the whole, seasons of the day and the week, slow noise that
/// is partly common to all, and surges.
struct LevelModel: Sendable {
    /// Names, the heaviest first.
    let names: [String]
    /// Each symbol's share of the whole.
    let shares: [Double]
    /// How strongly each symbol follows a surge.
    let betas: [Double]
    let surges: [SurgeSpec]

    private let settings: GenerationSettings
    private let common: [Double]
    private var scale: Double

    /// Noise is drawn at points so far apart, and straight lines on the log scale lead from one to the next.
    private static let anchorSeconds = 21_600.0
    private static let commonDeviation = 0.22
    private static let ownDeviation = 0.2
    /// How much of the common noise lasts from one point to the next.
    private static let memory = 0.8
    /// Zipf's law: the heaviest of a dozen has a third of all trades.
    private static let zipfExponent = 0.9
    /// Days of symbols up to which the scale is taken from minutes.
    private static let fineDaysMax = 5000.0
    /// Where in its part of the time a random surge begins: from and by how much. Made up.
    private static let onsetMin = 0.2
    private static let onsetSpan = 0.6
    /// How strongly symbols follow a surge, from and by how much. Made up.
    private static let betaMin = 0.7
    private static let betaSpan = 0.6
    /// The amplitudes of the day and of half of it, on the log scale. Made up.
    private static let dayAmplitude = 0.36
    private static let halfDayAmplitude = 0.08
    /// What weekends have of a working day's level; how far from their middle they begin to end, and for how long. Made up.
    private static let weekendLevel = 0.7
    private static let weekendDays = 0.9
    private static let weekendEdgeDays = 0.2

    init(_ settings: GenerationSettings) {
        self.settings = settings
        names = (0..<settings.symbols).map(LevelModel.name)
        let weights = (0..<settings.symbols).map { pow(Double($0 + 1), -LevelModel.zipfExponent) }
        let total = weights.reduce(0, +)
        shares = weights.map { $0 / total }
        var random = Random(seed: settings.seed, stream: 0x5EED)
        betas = (0..<settings.symbols).map { _ in
            LevelModel.betaMin + LevelModel.betaSpan * random.uniform()
        }
        surges = settings.surges ?? LevelModel.randomSurges(days: settings.days, &random)
        var noise: [Double] = []
        var last = random.normal() * LevelModel.commonDeviation
        let innovation = LevelModel.commonDeviation * (1 - LevelModel.memory * LevelModel.memory).squareRoot()
        for _ in 0..<(settings.days * 4 + 2) {
            noise.append(last)
            last = LevelModel.memory * last + innovation * random.normal()
        }
        common = noise
        scale = 1
        scale = LevelModel.scale(of: self)
    }

    /// Trades a second of a symbol.
    func rate(symbol: Int, at second: Double) -> Double {
        scale * settings.tradesPerSecond * shares[symbol] * shape(symbol: symbol, at: second)
    }

    /// The largest factor that surges put on a symbol's level.
    func surgeFactor(symbol: Int, at second: Double) -> Double {
        surges.reduce(1) { max($0, 1 + ($1.factor - 1) * betas[symbol] * $1.share(at: second)) }
    }

    /// What multiplies a symbol's share over time.
    private func shape(symbol: Int, at second: Double) -> Double {
        LevelModel.season(at: second, from: settings.start)
            * exp(
                commonNoise(at: second) + ownNoise(symbol, at: second)
                    + settings.growthPerWeek * second / 604_800)
            * surgeFactor(symbol: symbol, at: second)
    }

    /// Day and week: busiest at 15:00 UTC, when America and Europe are both awake; weekends at 70 %.
    static func season(at second: Double, from start: Timestamp) -> Double {
        let instant = Double(start.seconds) + second
        let hour = (instant / 3600).truncatingRemainder(dividingBy: 24)
        let day =
            dayAmplitude * cos(2 * Double.pi * (hour - 15) / 24)
            + halfDayAmplitude * cos(4 * Double.pi * (hour - 14) / 24)
        // The epoch began on a Thursday; Saturday and Sunday are days 2 and 3 from there.
        let weekday = (instant / 86_400).truncatingRemainder(dividingBy: 7)
        let middle = min(abs(weekday - 3), 7 - abs(weekday - 3))
        let weekend = middle < weekendDays ? 1 : max(0, 1 - (middle - weekendDays) / weekendEdgeDays)
        return exp(day + log(weekendLevel) * weekend)
    }

    private func commonNoise(at second: Double) -> Double {
        let place = second / LevelModel.anchorSeconds
        let index = min(max(0, Int(saturating: place)), common.count - 2)
        let part = min(max(0, place - Double(index)), 1)
        return common[index] + part * (common[index + 1] - common[index])
    }

    private func ownNoise(_ symbol: Int, at second: Double) -> Double {
        let place = second / LevelModel.anchorSeconds
        let index = Int(saturating: place.rounded(.down))
        let part = place - Double(index)
        let (one, other) = (anchor(symbol, index), anchor(symbol, index + 1))
        return LevelModel.ownDeviation * (one + part * (other - one))
    }

    /// A standard normal number that belongs to a symbol and a point in time.
    private func anchor(_ symbol: Int, _ index: Int) -> Double {
        var random = Random(
            seed: settings.seed &+ 0x9E37,
            stream: UInt64(symbol) << 32 | UInt64(truncatingIfNeeded: index + 1))
        return random.normal()
    }

    /// What makes the mean over the whole time the one that was asked for; from the minutes, or from hours where there
    /// are very many.
    private static func scale(of model: LevelModel) -> Double {
        let step =
            Double(model.settings.symbols * model.settings.days)
                > fineDaysMax ? 3600.0 : 300.0
        let count = Int(saturating: Double(model.settings.days) * 86_400 / step)
        var sum = 0.0
        for symbol in model.shares.indices {
            for index in 0..<count {
                sum += model.shares[symbol] * model.shape(symbol: symbol, at: (Double(index) + 0.5) * step)
            }
        }
        return sum > 0 ? Double(count) / sum : 1
    }

    /// About one a fortnight, at least one where there are two days.
    private static func randomSurges(days: Int, _ random: inout Random) -> [SurgeSpec] {
        let count = max(days >= 2 ? 1 : 0, days / 14)
        let labels = ["listing", "liquidation cascade", "macro news", "airdrop"]
        return (0..<count).map { index in
            let span = Double(days) / Double(count)
            return SurgeSpec(
                label: labels[index % labels.count],
                onsetSeconds: ((Double(index) + onsetMin + onsetSpan * random.uniform()) * span * 86_400)
                    .rounded(),
                rampSeconds: (60 + 840 * random.uniform()).rounded(),
                holdSeconds: (600 + 3000 * random.uniform()).rounded(),
                decaySeconds: (1800 + 5400 * random.uniform()).rounded(),
                factor: (30 + 70 * random.uniform()).rounded() / 10)
        }
    }

    private static let firstNames = [
        "BTC", "ETH", "SOL", "XRP", "BNB", "DOGE", "ADA", "TRX", "AVAX", "LINK", "SUI", "TON", "DOT", "LTC",
        "BCH", "NEAR", "UNI", "APT", "ICP", "ETC", "XLM", "HBAR", "FIL", "ARB",
    ]

    private static func name(_ index: Int) -> String {
        if index < firstNames.count { return firstNames[index] + "USDT" }
        let number = String(index + 1)
        return "SYM" + String(repeating: "0", count: max(0, 4 - number.count)) + number + "USDT"
    }
}
