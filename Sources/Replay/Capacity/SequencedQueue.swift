import Exchange
import Glibc
import Numerics
import ReplayKernels

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
    /// Fewer arrivals than all are served, where that is wanted.
    var arrivalsMax = Int.max

    /// Arrivals that are simulated event by event, of a queue with rules.
    static let eventArrivals = 1 << 19
    /// Those of them whose times are kept for curves.
    private static let curveArrivals = 1 << 17

    private var stage: QueueChain.Stage { chain.stages[0] }
    /// Arrivals that are served in lanes.
    private var arrivals: Int {
        let count = sequence.gaps.count
        return min(arrivalsMax, stage.servers <= 6 ? count : stage.servers <= 24 ? count / 2 : count / 4)
    }
    private var mean: Double { stage.service.meanSeconds }

    /// The late arrivals at sixteen rates, in equal ratios.
    ///
    /// - Parameters:
    ///   - low: The lowest, in arrivals a second.
    ///   - high: The highest.
    ///   - part: One in so many arrivals, the first ones.
    /// - Returns: The counts.
    func lateCounts(from low: Double, to high: Double, part: Int) -> LateCounts {
        let rates = (0..<laneCount).map { lane in
            low * pow(high / low, Double(lane) / Double(laneCount - 1))
        }
        let late =
            stage.surroundings == nil
            ? inLanes(rates, arrivals: arrivals / part)
            : rates.map { byEvents($0, count: min(SequencedQueue.eventArrivals, sequence.gaps.count) / part) }
        return LateCounts(
            logFirst: log(low), logStep: log(high / low) / Double(laneCount - 1), block: block, late: late)
    }

    private func inLanes(_ rates: [Double], arrivals: Int) -> [[Float]] {
        var late = [[Float]](repeating: [], count: laneCount)
        throughLanes(rates, arrivals: arrivals, block: block, keepsHistograms: false) { queue in
            for lane in 0..<laneCount { late[lane].append(Float(queue.over[lane])) }
        }
        return late
    }

    /// Serves so many arrivals at some rates side by side, and shows the queue, which counts anew from there, after each
    /// block.
    private func throughLanes(
        _ rates: [Double], arrivals: Int, block: Int, keepsHistograms: Bool, _ body: (LaneQueue) -> Void
    ) {
        var queue = LaneQueue(
            servers: stage.servers, gapScale: 1, threshold: chain.latencySeconds / mean,
            keepsHistograms: keepsHistograms, countsWaits: false, level: .best)
        let paces = LanePaces(sequence, rates: rates, unitSeconds: mean)
        let part = min(block, LaneStream.block)
        var gaps = [SIMD16<Float>](repeating: .zero, count: part)
        var served = gaps
        for start in stride(from: 0, to: arrivals, by: block) {
            for first in stride(from: start, to: start + block, by: part) {
                for index in 0..<part {
                    gaps[index] = paces.gap(sequence.gaps[first + index])
                    served[index] = SIMD16(repeating: services[first + index])
                }
                queue.serve(part, gaps: gaps, services: served)
            }
            body(queue)
            queue.forgetCounts()
        }
    }

    private func byEvents(_ rate: Double, count: Int) -> [Float] {
        let times = eventTimes(rate, count: count)
        let limit = Float(chain.latencySeconds)
        return stride(from: 0, to: times.count, by: block).map { start in
            times[start..<start + block].reduce(0) { $0 + ($1 > limit ? 1 : 0) }
        }
    }

    /// How long each message takes, event by event, in seconds; infinite where it is not served.
    private func eventTimes(_ rate: Double, count: Int) -> [Float] {
        let customers = SequencedCustomers(
            gaps: sequence.gaps[..<count], services: services[..<count], sequence: sequence,
            ratePerSecond: rate,
            stage: stage, random: stream(seed, 43))
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
                let times = eventTimes(perSecond, count: SequencedQueue.curveArrivals)
                for start in stride(from: 0, to: times.count, by: block) {
                    body(rate, times[start..<start + block].map { ($0 / Float(mean), 1) })
                }
            }
            return
        }
        throughLanes(rates, arrivals: arrivals / 8, block: block, keepsHistograms: true) { queue in
            for lane in rates.indices { body(lane, queue.histogram(lane: lane).lengths) }
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
    /// Of mean 1, in the same order.
    private let services: ArraySlice<Float>
    private let secondsPerGap: Double
    private let pace: GapPace?
    private let stage: QueueChain.Stage
    private var random: Random
    private var place = 0
    private var key = 0

    init(
        gaps: ArraySlice<Float>, services: ArraySlice<Float>, sequence: ArrivalSequence,
        ratePerSecond: Double,
        stage: QueueChain.Stage, random: Random
    ) {
        (self.gaps, self.services) = (gaps, services)
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
        let service = (classes?.distribution(isFirst: isFirst) ?? stage.service)
            .value(at: Double(services[key % services.count]), of: stage.service)
        var newcomer = Newcomer(visit: StageVisit(isFirst: isFirst, service: service))
        newcomer.key = key
        key += 1
        return newcomer
    }

    mutating func visit(_ key: Int, stage: Int, isFirst: Bool) -> StageVisit? { nil }

    mutating func service(stage index: Int, isJudged: Bool, isFirst: Bool) -> Double {
        stage.surroundings?.judged.service(isFirst: isFirst, random: &random) ?? stage.service.draw(&random)
    }
}
