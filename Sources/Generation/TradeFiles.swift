import Glibc
import Numerics
import Units

/// Writes a symbol's trades, one file a day, in the layout of Binance's public spot data: no header,
/// `id,price,qty,quote_qty,time,is_buyer_maker,is_best_match`, microseconds.
struct TradeFiles: Sendable {
    let settings: GenerationSettings
    let levels: LevelModel

    /// Fills of one order, in mean; their number is geometric.
    static let fillsPerOrder = 1.3
    /// The share of orders whose side is not that of the one before. Made up.
    private static let turnShare = 0.3

    /// What became of one file.
    struct Written: Sendable {
        var name: String
        var trades: Int
    }

    /// Writes all raw hours of one symbol below a folder.
    func write(symbol: Int, into folder: String) throws -> [Written] {
        var id: Int64 = 1_000_000 * Int64(symbol + 1)
        var files: [Written] = []
        for day in settings.rawDayList {
            let date = settings.start.advanced(bySeconds: Int64(day) * 86_400).date
            let name = "trades/spot_\(levels.names[symbol])-trades-\(date.description).csv"
            var text = ByteText(capacity: 1 << 20)
            let first = id
            let file = try OutputFile(folder + "/" + name)
            for hours in settings.rawStretches(ofDay: day) {
                try trades(symbol: symbol, day: day, hours: hours, id: &id, &text, file)
            }
            try file.write(text.bytes)
            try file.close()
            files.append(Written(name: name, trades: Int(id - first)))
        }
        return files
    }

    private func trades(
        symbol: Int, day: Int, hours: Range<Int>, id: inout Int64, _ text: inout ByteText, _ file: OutputFile
    ) throws {
        // A whole day and its first hour are the same stream; there are never both.
        var random = Random(
            seed: settings.seed &+ 1,
            stream: UInt64(symbol) << 32 | UInt64(hours.lowerBound) << 24 | UInt64(day))
        let from = Double(hours.lowerBound) * 3600
        let times = HawkesDay.times(
            from: Double(day) * 86_400 + from, seconds: Double(hours.count) * 3600, random: &random
        ) { levels.rate(symbol: symbol, at: $0) / TradeFiles.fillsPerOrder }
        let start =
            settings.start.advanced(bySeconds: Int64(day) * 86_400 + Int64(hours.lowerBound) * 3600).seconds
            * 1_000_000
        var walk = PriceWalk(symbol: symbol, day: day, settings: settings)
        var isSell = random.uniform() < 0.5
        for time in times {
            if random.uniform() < TradeFiles.turnShare { isSell.toggle() }
            var fills = 1
            while random.uniform() < 1 - 1 / TradeFiles.fillsPerOrder { fills += 1 }
            let stamp = start + Int64(saturating: time * 1e6)
            for _ in 0..<fills {
                let price = walk.next(second: from + time, isSell: isSell, &random)
                append(id: id, price: price, walk, stamp: stamp, isSell: isSell, &random, &text)
                id += 1
            }
            if text.bytes.count > 1 << 20 {
                try file.write(text.bytes)
                text.removeAll()
            }
        }
    }

    private func append(
        id: Int64, price: Int64, _ walk: PriceWalk, stamp: Int64, isSell: Bool, _ random: inout Random,
        _ text: inout ByteText
    ) {
        // A trade is worth some hundred dollars, in lots of 1e-5.
        let value = 300 * random.lognormal(coefficientOfVariation: 2)
        let lots = max(1, Int64(saturating: min(value / (Double(price) * walk.tick) * 1e5, 1e15)))
        text.append(id)
        text.append(UInt8(ascii: ","))
        text.append(units: price, decimals: walk.decimals)
        text.append(UInt8(ascii: ","))
        text.append(units: lots, decimals: 5)
        text.append(UInt8(ascii: ","))
        text.append(
            units: Int64(saturating: (Double(lots) * 1e-5 * Double(price) * walk.tick * 1e5).rounded()),
            decimals: 5)
        text.append(UInt8(ascii: ","))
        text.append(stamp)
        // The buyer made the price where the taker sold.
        text.append(isSell ? ",True,True\n" : ",False,True\n")
    }
}

/// A price in ticks that wanders between points that are six hours apart.
struct PriceWalk {
    /// Decimals of a price.
    let decimals: Int
    /// The size of a tick.
    let tick: Double
    private let anchors: [Double]
    private var offset = 0.0

    /// Prices from some 60,000 dollars down to cents, as symbols get lighter. Made up.
    private static let heaviestPrice = 60_000.0
    private static let lighterFactor = 0.35
    /// The deviation of the shortest of the waves, on the log scale. Made up.
    private static let waveDeviation = 0.02
    /// What a fill keeps of how far the price was pushed, and how often one pushes it by a tick. Made up.
    private static let offsetMemory = 0.999
    private static let tickShare = 0.3

    init(symbol: Int, day: Int, settings: GenerationSettings) {
        let level = PriceWalk.heaviestPrice * pow(PriceWalk.lighterFactor, Double(symbol % 12))
        decimals = level > 1000 ? 2 : level > 10 ? 3 : 5
        tick = pow(10, -Double(decimals))
        anchors = (0...4).map { step in
            let place = UInt64(day * 4 + step)
            var sum = 0.0
            // A sum of slow waves stands for a random walk that can be entered anywhere.
            for wave in 1...6 {
                var random = Random(seed: settings.seed &+ 2, stream: UInt64(symbol) << 8 | UInt64(wave))
                let period = 8.0 * pow(2, Double(wave))
                sum +=
                    PriceWalk.waveDeviation * Double(wave)
                    * sin(2 * .pi * (Double(place) / period + random.uniform()))
            }
            return level * exp(sum) / pow(10, -Double(level > 1000 ? 2 : level > 10 ? 3 : 5))
        }
    }

    /// The price of the next fill, in ticks.
    mutating func next(second: Double, isSell: Bool, _ random: inout Random) -> Int64 {
        offset =
            PriceWalk.offsetMemory * offset
            + (isSell ? -1 : 1) * (random.uniform() < PriceWalk.tickShare ? 1 : 0)
        let place = min(second / 21_600, 3.999_999)
        let index = Int(saturating: place)
        let base = anchors[index] + (place - Double(index)) * (anchors[index + 1] - anchors[index])
        return max(1, Int64(saturating: (base + offset).rounded()))
    }
}
