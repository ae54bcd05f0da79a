import Exchange
import Foundation
import Numerics
import Replay

/// Bursts below half a second, drawn once: the rate over its mean in cells of equal length.
struct BurstSample: Sendable {
    let cellSeconds: Double
    let factors: [Double]
    /// The scale of the fastest factor; infinite where the rate is constant.
    let fastestSeconds: Double

    private static let cellsMax = 1_000_000
    private static let secondsMax = 600.0

    init(_ bursts: [SIMD2<Double>], seed: UInt64) {
        guard let fastest = bursts.map(\.x).min() else {
            (cellSeconds, factors, fastestSeconds) = (1, [1], .infinity)
            return
        }
        // Short beside the fastest factor, whose peaks a cell would smooth away.
        let cell = max(2e-5, fastest / 16)
        fastestSeconds = fastest
        cellSeconds = cell
        // A cascade's averages over a second are those of one `cell` times as fast over a cell.
        let model = BurstModel(
            components: bursts.map { BurstModel.Component(timeScaleSeconds: $0.x / cell, variance: $0.y) })
        let count = min(BurstSample.cellsMax, Int(BurstSample.secondsMax / cell))
        let drawn = model.perSecondRates(seconds: count, ratePerSecond: 1, seed: seed)
        // The sample's mean is made exact, so that a load is what it says.
        let mean = max(drawn.reduce(0, +) / Double(max(1, count)), .leastNormalMagnitude)
        factors = drawn.map { $0 / mean }
    }
}

/// How the messages of a sample are spread over waits, for 16 loads side by side.
struct WaitWeights {
    /// Messages that find no work piled up, by the factor on the rate: `[load][bin]`.
    private(set) var free: [[Double]]
    /// Messages that wait for work piled up, by that wait: `[load][bin]`.
    private(set) var waiting: [[Double]]
    /// All messages, of every load.
    private(set) var total = 0.0
    /// The scale of the fastest factor; infinite where the rate is constant.
    let fastestSeconds: Double

    static let binCount = 256
    /// Work starts anew after this time.
    private static let runSeconds = 10.0

    init(sample: BurstSample, loads: [Double]) {
        fastestSeconds = sample.fastestSeconds
        let empty = [Double](repeating: 0, count: WaitWeights.binCount)
        free = loads.map { _ in empty }
        waiting = free
        var freeOfAll = empty
        let load = SIMD16<Double>(loads)
        var work = SIMD16<Double>.zero
        let cellsOfRun = max(1, Int(WaitWeights.runSeconds / sample.cellSeconds))
        for (cell, factor) in sample.factors.enumerated() {
            if cell % cellsOfRun == 0 { work = .zero }
            total += factor
            let bin = WaitWeights.bin(factor)
            var after = work + (load * factor - 1) * sample.cellSeconds
            after.replace(with: 0, where: after .< 0)
            if work == .zero, after == .zero {
                freeOfAll[bin] += factor
                continue
            }
            for lane in loads.indices {
                if work[lane] == 0, after[lane] == 0 {
                    free[lane][bin] += factor
                } else {
                    let early = 0.75 * work[lane] + 0.25 * after[lane]
                    let late = 0.25 * work[lane] + 0.75 * after[lane]
                    waiting[lane][WaitWeights.bin(early)] += factor / 2
                    waiting[lane][WaitWeights.bin(late)] += factor / 2
                }
            }
            work = after
        }
        for lane in loads.indices {
            for bin in freeOfAll.indices { free[lane][bin] += freeOfAll[bin] }
        }
    }

    /// Bins of four to the octave, from 2⁻⁴⁰ on.
    static func bin(_ value: Double) -> Int {
        let bits = Int(Float(value).bitPattern >> 21) - (127 - 40) * 4
        return max(0, min(binCount - 1, bits))
    }

    /// The middle of a bin.
    static func value(ofBin bin: Int) -> Double {
        scalbn(1 + (Double(bin % 4) + 0.5) / 4, bin / 4 - 40)
    }
}

/// A lognormal service time.
struct ServiceTail {
    let meanSeconds: Double
    let squaredVariation: Double
    /// Service times with their weights, finer towards the tail.
    let points: [(seconds: Double, weight: Double)]
    private let logMean: Double
    private let logDeviation: Double

    init(meanSeconds: Double, variation: Double) {
        self.meanSeconds = meanSeconds
        squaredVariation = variation * variation
        let logVariance = log1p(variation * variation)
        let deviation = logVariance.squareRoot()
        let middle = log(meanSeconds) - logVariance / 2
        logDeviation = deviation
        logMean = middle
        let edges = [0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 0.98, 0.99, 0.997, 0.999, 1]
        points = zip(edges, edges.dropFirst()).map { low, high in
            let normal = SpecialFunctions.normalQuantile((low + high) / 2)
            return (exp(middle + deviation * normal), high - low)
        }
    }

    /// The chance that a service takes longer.
    func over(_ seconds: Double) -> Double {
        guard seconds > 0 else { return 1 }
        guard logDeviation > 0 else { return meanSeconds > seconds ? 1 : 0 }
        return SpecialFunctions.normalCDF((logMean - log(seconds)) / logDeviation)
    }
}

/// The share of messages that take longer than each of some times, by what they find.
struct SojournTail {
    private let key: LatencyTable.Key
    private let service: ServiceTail
    private let times: [Double]
    private let weights: WaitWeights
    private let serviceOver: [Double]
    /// By the bin of the load of the moment.
    private var free: [[Double]?]
    /// By the bin of the wait.
    private var waiting: [[Double]?]
    private static let loadBins = 100

    init(key: LatencyTable.Key, service: ServiceTail, times: [Double], weights: WaitWeights) {
        self.key = key
        self.service = service
        self.times = times
        self.weights = weights
        serviceOver = times.map(service.over)
        free = [[Double]?](repeating: nil, count: SojournTail.loadBins)
        waiting = [[Double]?](repeating: nil, count: WaitWeights.binCount)
    }

    /// The share that takes longer, at one of the loads.
    mutating func row(load: Int) -> [Double] {
        var row = [Double](repeating: 0, count: times.count)
        func add(_ part: [Double], _ weight: Double) {
            for place in row.indices { row[place] += weight / weights.total * part[place] }
        }
        for bin in 0..<WaitWeights.binCount {
            let isFree = weights.free[load][bin]
            if isFree > 0 {
                let factor = weights.fastestSeconds == .infinity ? 1 : WaitWeights.value(ofBin: bin)
                add(afterNone(load: LatencyTable.loads[load] * factor), isFree)
            }
            let waits = weights.waiting[load][bin]
            if waits > 0 { add(after(waitBin: bin), waits) }
        }
        return row
    }

    /// With work piled up.
    private mutating func after(waitBin bin: Int) -> [Double] {
        if let known = waiting[bin] { return known }
        let wait = WaitWeights.value(ofBin: bin)
        let found = times.map { service.over($0 - wait) }
        waiting[bin] = found
        return found
    }

    /// With none: M/G/c at the load of the moment.
    private mutating func afterNone(load: Double) -> [Double] {
        let isConstant = weights.fastestSeconds == .infinity
        let load = min(load, 0.995)
        let bin = min(SojournTail.loadBins - 1, Int(load * Double(SojournTail.loadBins)))
        if !isConstant, let known = free[bin] { return known }
        let moment = isConstant ? load : (Double(bin) + 0.5) / Double(SojournTail.loadBins)
        let servers = key.isSeparate ? 1 : min(key.servers, 4096)
        let share = SpecialFunctions.erlangC(servers: servers, offeredLoad: moment * Double(servers))
        let spread = service.meanSeconds * (1 + service.squaredVariation) / Double(servers)
        var mean = spread / 2 / (1 - moment)
        if !isConstant { mean = min(mean, (2 * weights.fastestSeconds * spread).squareRoot()) }
        let found = times.indices.map { place in
            var waits = 0.0
            for point in service.points {
                let left = times[place] - point.seconds
                waits += point.weight * (left > 0 ? exp(-left / mean) : 1)
            }
            return (1 - share) * serviceOver[place] + share * waits
        }
        if !isConstant { free[bin] = found }
        return found
    }
}

/// What pauses add to the times of a queue.
///
/// A pause of exponential length L makes the queue's work jump by L, which is then worked off at the rate 1 − ρ. So the
/// share L / (every · (1 − ρ)) of messages waits for a pause's work, and what it finds is exponential with mean L: jumps
/// that are met are longer, and half worked off. Pauses that overlap are left out.
struct PauseTail {
    private let share: Double
    private let lengthSeconds: Double

    init(_ pause: QueueRules.Pause, load: Double) {
        lengthSeconds = pause.lengthSeconds
        share = min(1, pause.lengthSeconds / pause.everySeconds / max(0.02, 1 - load))
    }

    /// The share that takes longer than each time, from what it is without pauses.
    func row(_ row: [Double], times: [Double]) -> [Double] {
        var result: [Double] = []
        // P(X + E > t) = P(X > t) + ∫ f(u) exp(−(t − u)/L) du, step by step.
        var early = 0.0
        var last = (time: 0.0, survival: 1.0)
        for (time, survival) in zip(times, row) {
            early *= exp(-(time - last.time) / lengthSeconds)
            early += max(0, last.survival - survival) * exp(-(time - last.time) / 2 / lengthSeconds)
            last = (time, survival)
            result.append((1 - share) * survival + share * min(1, survival + early))
        }
        return result
    }
}
