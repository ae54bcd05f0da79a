import Exchange
import Glibc
import Numerics
import ReplayKernels

/// How many arrivals of a sequence are late in one queue, up to any place of it and at any rate in a range.
///
/// The sequence goes through the queue once at sixteen rates side by side, in equal ratios. Between rates the counts grow
/// as a power of the rate; between blocks they are linear.
struct LateCounts: Sendable {
    /// The rates, in arrivals a mean service time.
    let logFirst: Double
    let logStep: Double
    /// Arrivals of the sequence.
    let arrivals: Double
    private let block: Double
    private let blocks: Int
    /// Late arrivals before each block, `[rate][block]`, flat, with the whole at the end.
    private let before: [Float]
    /// How far between two rates a count is, by 64ths of the way.
    private let weights: [Double]

    static let rates = laneCount
    /// Late arrivals grow as this power of the rate from one rate to the next.
    private static let growth = 4.0

    init(logFirst: Double, logStep: Double, block: Int, late: [[Float]]) {
        self.logFirst = logFirst
        self.logStep = logStep
        self.block = Double(block)
        blocks = late[0].count
        arrivals = Double(block * blocks)
        var before: [Float] = []
        for counts in late {
            var sum: Float = 0
            before.append(0)
            for count in counts {
                sum += count
                before.append(sum)
            }
        }
        self.before = before
        let growth = LateCounts.growth * logStep
        weights = (0...64).map { place in expm1(growth * Double(place) / 64) / expm1(growth) }
    }

    /// The highest rate's logarithm.
    var logLast: Double { logFirst + logStep * Double(LateCounts.rates - 1) }

    /// Late arrivals among `count` from a place on, at a rate; past the end the sequence begins again.
    @inline(__always)
    func late(logRate: Double, from place: Double, count: Double) -> Double {
        let position = min(max(0, (logRate - logFirst) / logStep), Double(LateCounts.rates - 1))
        let lane = min(Int(position), LateCounts.rates - 2)
        let weight = weights[Int(64 * (position - Double(lane)) + 0.5)]
        let low = cumulative(lane, place + count) - cumulative(lane, place)
        guard weight > 0 else { return low }
        let high = cumulative(lane + 1, place + count) - cumulative(lane + 1, place)
        return low + weight * (high - low)
    }

    @inline(__always)
    private func cumulative(_ lane: Int, _ place: Double) -> Double {
        let row = lane * (blocks + 1)
        let turns = (place / arrivals).rounded(.down)
        let rest = (place - turns * arrivals) / block
        let index = min(Int(rest), blocks - 1)
        let low = Double(before[row + index])
        let inside = low + (rest - Double(index)) * (Double(before[row + index + 1]) - low)
        return turns * Double(before[row + blocks]) + inside
    }
}

/// One queue through which a sequence of arrivals goes.
struct SequencedQueue {
    /// The queue; one stage.
    var chain: QueueChain
    let sequence: ArrivalSequence
    /// Services of mean 1, one for each arrival of the sequence.
    let services: [Float]
    /// Arrivals of a block of counts, a power of 2 up to 128.
    let block: Int
    let seed: UInt64

    /// Arrivals that are simulated event by event, of a queue with rules.
    static let eventArrivals = 131_072

    private var stage: QueueChain.Stage { chain.stages[0] }
    /// Arrivals that are served in lanes.
    private var arrivals: Int {
        let count = sequence.gaps.count
        return stage.servers <= 6 ? count : stage.servers <= 24 ? count / 2 : count / 4
    }
    private var mean: Double { stage.service.meanSeconds }

    /// The late arrivals at sixteen rates, in equal ratios.
    ///
    /// - Parameters:
    ///   - low: The lowest, in arrivals a second.
    ///   - high: The highest.
    /// - Returns: The counts.
    func lateCounts(from low: Double, to high: Double) -> LateCounts {
        let rates = (0..<laneCount).map { lane in
            low * pow(high / low, Double(lane) / Double(laneCount - 1))
        }
        let late = stage.surroundings == nil ? inLanes(rates) : rates.map(byEvents)
        return LateCounts(
            logFirst: log(low), logStep: log(high / low) / Double(laneCount - 1), block: block, late: late)
    }

    private func inLanes(_ rates: [Double]) -> [[Float]] {
        var queue = LaneQueue(
            servers: stage.servers, gapScale: 1, threshold: chain.latencySeconds / mean,
            keepsHistograms: false, countsWaits: false, level: .best)
        let paces = LanePaces(sequence, rates: rates, unitSeconds: mean)
        var gaps = [SIMD16<Float>](repeating: .zero, count: block)
        var served = gaps
        var late = [[Float]](repeating: [], count: laneCount)
        var last = [Int](repeating: 0, count: laneCount)
        for start in stride(from: 0, to: arrivals, by: block) {
            for index in 0..<block {
                gaps[index] = paces.gap(sequence.gaps[start + index])
                served[index] = SIMD16(repeating: services[start + index])
            }
            queue.serve(block, gaps: gaps, services: served)
            for lane in 0..<laneCount {
                late[lane].append(Float(queue.over[lane] - last[lane]))
                last[lane] = queue.over[lane]
            }
        }
        return late
    }

    private func byEvents(_ rate: Double) -> [Float] {
        let times = eventTimes(rate)
        let limit = Float(chain.latencySeconds)
        return stride(from: 0, to: times.count, by: block).map { start in
            times[start..<start + block].reduce(0) { $0 + ($1 > limit ? 1 : 0) }
        }
    }

    /// How long each message takes, event by event, in seconds; infinite where it is not served.
    private func eventTimes(_ rate: Double) -> [Float] {
        let count = SequencedQueue.eventArrivals
        let customers = SequencedCustomers(
            gaps: sequence.gaps[..<count], sequence: sequence, ratePerSecond: rate, stage: stage,
            random: stream(seed, 43))
        var simulation = SystemSimulation(
            StageNetwork(chain), unitSeconds: 1, thresholdSeconds: chain.latencySeconds, source: customers,
            random: stream(seed, 44))
        simulation.followsKeys(count)
        simulation.run(warmUp: 0, customers: count)
        return simulation.sojournOfKey
    }

    /// Goes through the sequence at some rates, at most sixteen, and tells how long the messages of each block take, as
    /// counts by length in mean services, rounded to a 64th of an octave where lanes count them.
    func forEachBlock(
        rates: [Double], block: Int, _ body: (_ rate: Int, _ times: [(seconds: Float, count: Float)]) -> Void
    ) {
        guard stage.surroundings == nil else {
            for (rate, perSecond) in rates.enumerated() {
                let times = eventTimes(perSecond)
                for start in stride(from: 0, to: times.count, by: block) {
                    body(rate, times[start..<start + block].map { ($0 / Float(mean), 1) })
                }
            }
            return
        }
        var queue = LaneQueue(
            servers: stage.servers, gapScale: 1, threshold: chain.latencySeconds / mean,
            keepsHistograms: true,
            countsWaits: false, level: .best)
        let paces = LanePaces(sequence, rates: rates, unitSeconds: mean)
        let part = LaneStream.block
        var gaps = [SIMD16<Float>](repeating: .zero, count: part)
        var served = gaps
        for start in stride(from: 0, to: arrivals / 4, by: block) {
            for first in stride(from: start, to: start + block, by: part) {
                for index in 0..<part {
                    gaps[index] = paces.gap(sequence.gaps[first + index])
                    served[index] = SIMD16(repeating: services[first + index])
                }
                queue.serve(part, gaps: gaps, services: served)
            }
            for lane in rates.indices { body(lane, queue.histogram(lane: lane).lengths) }
            queue.forgetCounts()
        }
    }
}

/// The gaps of a sequence at up to sixteen rates side by side, in some unit.
private struct LanePaces {
    private var scale = SIMD16<Float>(repeating: 1)
    /// The law's K and τ in mean gaps at the sequence's own level, where there is a τ.
    private var factor = SIMD16<Float>(repeating: 1)
    private var reaction: Float = 0

    init(_ sequence: ArrivalSequence, rates: [Double], unitSeconds: Double) {
        for (lane, rate) in rates.enumerated() {
            guard let pace = sequence.pace(ratePerSecond: rate) else {
                scale[lane] = Float(1 / (rate * unitSeconds))
                continue
            }
            reaction = Float(sequence.reactionSeconds * sequence.ratePerSecond)
            factor[lane] = Float(pace.factor)
            scale[lane] = Float(1 / (sequence.ratePerSecond * unitSeconds))
        }
    }

    @inline(__always)
    func gap(_ gap: Float) -> SIMD16<Float> {
        guard reaction > 0 else { return gap * scale }
        return gap * (gap + reaction) / (gap * factor + reaction) * scale
    }
}

/// The customers of a sequence; times are in seconds.
private struct SequencedCustomers: CustomerSource {
    private let gaps: ArraySlice<Float>
    private let secondsPerGap: Double
    private let pace: GapPace?
    private let stage: QueueChain.Stage
    private var random: Random
    private var place = 0
    private var key = 0

    init(
        gaps: ArraySlice<Float>, sequence: ArrivalSequence, ratePerSecond: Double, stage: QueueChain.Stage,
        random: Random
    ) {
        self.gaps = gaps
        pace = sequence.pace(ratePerSecond: ratePerSecond)
        secondsPerGap = 1 / (pace == nil ? ratePerSecond : sequence.ratePerSecond)
        self.stage = stage
        self.random = random
    }

    /// Around from the start: those who come after the last are not counted.
    mutating func nextGap() -> Double {
        let seconds = Double(gaps[place]) * secondsPerGap
        let gap = pace?.played(seconds) ?? seconds
        place = place + 1 == gaps.count ? 0 : place + 1
        return gap
    }

    mutating func next() -> Newcomer {
        let classes = stage.surroundings?.judged
        let isFirst = classes?.first.map { random.uniform() < $0.share } ?? false
        var newcomer = Newcomer(
            visit: StageVisit(isFirst: isFirst, service: service(stage: 0, isJudged: true, isFirst: isFirst)))
        newcomer.key = key
        key += 1
        return newcomer
    }

    mutating func visit(_ key: Int, stage: Int, isFirst: Bool) -> StageVisit? { nil }

    mutating func service(stage index: Int, isJudged: Bool, isFirst: Bool) -> Double {
        stage.surroundings?.judged.service(isFirst: isFirst, random: &random) ?? stage.service.draw(&random)
    }
}
