import Exchange
import Numerics
import Units

/// How the rate runs through the busiest five minutes of an hour and the ramp before them, in one replication.
///
/// Two streams: the one that is judged, and one that shares its servers on the way (empty but for journeys). Each has
/// its factor on the level, cell by cell. The slow factors, of a quarter of a second and more, are drawn for the whole
/// hour, divided by their mean (the hour's level is known), and choose the window; they are common to both streams.
/// The fast ones are drawn for the window alone, for each stream on its own.
struct WindowPath {
    /// The length of the window that objectives are kept over.
    static let windowSeconds = 300.0
    /// The part of the window's past that is followed cell by cell.
    static let rampSeconds = 20.0
    /// Factors that keep their value at least as long choose the window.
    static let slowScaleSeconds = 0.25

    /// What a path is drawn from, beside the seed.
    struct Source: Equatable {
        /// The stream that is judged.
        var main: BurstModel
        /// The other stream; nil where there is none.
        var other: BurstModel?
        /// The other stream's rate over the main one's.
        var otherRatio = 0.0
        /// Seconds over which the level holds: the step, no less than the window.
        var stepSeconds: Double
        /// Pauses of the stages that the streams pass; nil for one that has none.
        var pauses: [QueueRules.Pause?] = []
    }

    /// Cells are at least this long: faster changes of the rate are averaged. A quarter of an objective of 0.6 ms, and
    /// shorter than what a profile's finest window, of 1 ms, can tell.
    static let cellSecondsMin = 0.15e-3
    /// And no longer than this: a longer cell would blur the fluid's waits, straight lines within a cell.
    static let cellSecondsMax = 0.05

    /// The cells' lengths; the first cells are the ramp.
    private(set) var seconds: [Double] = []
    /// Factors on the main stream's level.
    private(set) var main: [Double] = []
    /// Factors on the other stream's level; empty where there is none.
    private(set) var other: [Double] = []
    /// When each cell starts, in seconds from the ramp's start.
    private(set) var starts: [Double] = []
    /// The main stream's messages before each cell for a level of 1, from the window's start; one more than cells.
    private(set) var messagesBefore: [Double] = []
    /// The first cell after the ramp.
    private(set) var windowCell = 0
    /// The pauses of each stage, in order of time; empty where there are none.
    private(set) var pauses: [[PauseClock.Pause]] = []
    /// The pauses of all stages by the cells that they begin with, in order.
    private(set) var jumps: [(cell: Int, stage: Int, seconds: Double)] = []
    /// Both streams' slow factors of each second before the ramp, from the step's start.
    private(set) var secondsBeforeRamp: [(main: Double, other: Double)] = []

    /// The window's rate over the step's, for the main stream.
    var windowFactor: Double { (messagesBefore.last ?? 0) / WindowPath.windowSeconds }

    /// A path that follows from its source and a seed.
    init(_ source: Source, seed: UInt64) {
        let slowMain = SlowFactor(source.main, stepSeconds: source.stepSeconds, seed: seed)
        let slowOther = source.other.map { SlowFactor($0, stepSeconds: source.stepSeconds, seed: seed) }
        let ratio = source.otherRatio
        var load = slowMain.perSecond
        if let slowOther {
            for second in load.indices { load[second] += ratio * slowOther.perSecond[second] }
        }
        let windowStart = WindowPath.busiest(load)
        let rampStart = max(0, windowStart - WindowPath.rampSeconds)
        for second in 0..<Int(saturating: rampStart) {
            secondsBeforeRamp.append(
                (slowMain.perSecond[second], slowOther?.perSecond[second] ?? 0))
        }
        var mainFactor = TwoSpeedFactor(source.main, slow: slowMain, from: rampStart, seed: seed, tag: 11)
        var otherFactor = source.other.map { other in
            TwoSpeedFactor(other, slow: slowOther ?? slowMain, from: rampStart, seed: seed, tag: 12)
        }
        let windowEnd = windowStart + WindowPath.windowSeconds
        pauses = source.pauses.enumerated().map { stage, pause in
            PauseClock.draw(pause, seconds: windowEnd - rampStart, seed: seed, stage: stage)
        }
        var cuts = PauseClock.cuts(pauses, from: rampStart)
        appendCells(&mainFactor, &otherFactor, from: rampStart, to: windowStart, cuts: &cuts)
        windowCell = seconds.count
        appendCells(&mainFactor, &otherFactor, from: windowStart, to: windowEnd, cuts: &cuts)
        accumulate()
        findJumps()
    }

    /// The first of the jumps that lie in a cell or after it.
    func firstJump(from cell: Int) -> Int {
        jumps.partitioningIndex { $0.cell >= cell }
    }

    private mutating func findJumps() {
        for (stage, pauses) in pauses.enumerated() {
            for pause in pauses {
                // A cut may be off its pause by a rounding.
                let cell = starts.partitioningIndex { $0 >= pause.start - 1e-9 }
                if cell < starts.count { jumps.append((cell, stage, pause.seconds)) }
            }
        }
        jumps.sort { ($0.cell, $0.stage) < ($1.cell, $1.stage) }
    }

    /// Draws the Poisson arrivals of both streams at these levels.
    ///
    /// - Parameters:
    ///   - cells: The cells that are passed.
    ///   - mainLevel: Messages a second of the main stream at a factor of 1.
    ///   - otherLevel: Those of the other stream.
    ///   - random: Draws them.
    ///   - body: Receives each one's time and whether it is of the main stream.
    @inline(__always)
    func forEachArrival(
        in cells: Range<Int>, main mainLevel: Double, other otherLevel: Double, random: inout Random,
        _ body: (_ time: Double, _ isMain: Bool, inout Random) -> Void
    ) {
        var expected = random.exponential()
        for cell in cells {
            let ofOther = other.isEmpty ? 0 : otherLevel * other[cell]
            let ofMain = mainLevel * main[cell]
            let rate = ofMain + ofOther
            guard rate > 0 else { continue }
            var time = starts[cell]
            let end = time + seconds[cell]
            while true {
                let next = time + expected / rate
                guard next < end else {
                    expected -= (end - time) * rate
                    break
                }
                time = next
                expected = random.exponential()
                body(time, ofOther == 0 || random.uniform() * rate < ofMain, &random)
            }
        }
    }

    /// The start of the busiest window, in whole seconds.
    private static func busiest(_ perSecond: [Double]) -> Double {
        let length = Int(saturating: windowSeconds)
        guard perSecond.count > length else { return 0 }
        var sum = perSecond[..<length].reduce(0, +)
        var best = (start: 0, sum: sum)
        for end in length..<perSecond.count {
            sum += perSecond[end] - perSecond[end - length]
            // A rounding's worth more is no busier: a flat hour keeps its first window.
            if sum > best.sum * (1 + 1e-9) { best = (end - length + 1, sum) }
        }
        return Double(best.start)
    }

    private mutating func appendCells(
        _ mainFactor: inout TwoSpeedFactor, _ otherFactor: inout TwoSpeedFactor?, from start: Double,
        to end: Double, cuts: inout ArraySlice<Double>
    ) {
        var now = start
        while now < end {
            while let cut = cuts.first, cut <= now { cuts.removeFirst() }
            let limit = min(end, now + WindowPath.cellSecondsMax, cuts.first ?? end)
            var until = now
            var mainSum = 0.0
            var otherSum = 0.0
            repeat {
                var next = min(limit, mainFactor.until)
                if let factor = otherFactor { next = min(next, factor.until) }
                mainSum += (next - until) * mainFactor.value
                if let factor = otherFactor { otherSum += (next - until) * factor.value }
                until = next
                if mainFactor.until <= until { mainFactor.advance() }
                if let factor = otherFactor, factor.until <= until { otherFactor?.advance() }
            } while until - now < WindowPath.cellSecondsMin && until < limit
            seconds.append(until - now)
            main.append(mainSum / (until - now))
            if otherFactor != nil { other.append(otherSum / (until - now)) }
            now = until
        }
    }

    private mutating func accumulate() {
        starts.reserveCapacity(seconds.count)
        messagesBefore = [Double](repeating: 0, count: seconds.count + 1)
        var time = 0.0
        for cell in seconds.indices {
            starts.append(time)
            time += seconds[cell]
            let messages = cell >= windowCell ? seconds[cell] * main[cell] : 0
            messagesBefore[cell + 1] = messagesBefore[cell] + messages
        }
    }
}

/// The slow factors of one stream over the whole step.
private struct SlowFactor {
    /// The mean of each second, over the mean of the step.
    var perSecond: [Double]
    /// What the factors are divided by.
    var mean: Double
    private var model: BurstModel
    private var seed: UInt64

    init(_ model: BurstModel, stepSeconds: Double, seed: UInt64) {
        self.model = BurstModel(
            components: model.components.filter { $0.timeScaleSeconds >= WindowPath.slowScaleSeconds })
        self.seed = seed
        let count = Int(saturating: max(stepSeconds, WindowPath.windowSeconds))
        guard !self.model.components.isEmpty else {
            perSecond = [Double](repeating: 1, count: count)
            mean = 1
            return
        }
        perSecond = self.model.perSecondRates(seconds: count, ratePerSecond: 1, seed: seed)
        mean = max(perSecond.reduce(0, +) / Double(count), .leastNormalMagnitude)
        for second in perSecond.indices { perSecond[second] /= mean }
    }

    /// The same factors again, gone forward to a time.
    func rate(at time: Double) -> CascadeRate {
        var rate = CascadeRate(model: model, seed: seed)
        while rate.until <= time { rate.advance() }
        return rate
    }
}

/// Slow and fast factors of one stream together, in the step's time.
private struct TwoSpeedFactor {
    private var slow: CascadeRate
    private var fast: CascadeRate
    private let fastStart: Double
    private let scale: Double

    init(_ model: BurstModel, slow: SlowFactor, from start: Double, seed: UInt64, tag: UInt64) {
        let fastModel = BurstModel(
            components: model.components.filter { $0.timeScaleSeconds < WindowPath.slowScaleSeconds })
        self.slow = slow.rate(at: start)
        fast = CascadeRate(model: fastModel, seed: seed, tag: tag)
        fastStart = start
        scale = 1 / slow.mean
    }

    var value: Double { slow.value * fast.value * scale }
    var until: Double { min(slow.until, fastStart + fast.until) }

    mutating func advance() {
        let now = until
        if slow.until <= now { slow.advance() }
        if fastStart + fast.until <= now { fast.advance() }
    }
}
