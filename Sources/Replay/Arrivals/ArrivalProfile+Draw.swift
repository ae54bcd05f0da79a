import Glibc
import Numerics
import Units

extension ArrivalProfile {
    /// Arrivals of a stretch at one level.
    ///
    /// - Parameters:
    ///   - ratePerSecond: The level; none where it is not a positive number.
    ///   - seconds: The length of the stretch.
    ///   - seed: Everything random follows from it; other seeds give independent stretches.
    /// - Returns: Seconds from the start, ascending.
    public func arrivals(ratePerSecond: Double, seconds: Double, seed: UInt64) -> [Double] {
        arrivals(ratesPerSecond: [ratePerSecond], stepSeconds: seconds, seed: seed)
    }

    /// Arrivals along a course of the level, in seconds from its start, ascending.
    ///
    /// Whole blocks are drawn one after the other, those with more arrivals more often (a moment of operational time is
    /// as likely to lie in each) and those of a near level first, and played at the pace that gives the step's level;
    /// what is left of a step gets a part of a block (Künsch's block bootstrap, 1989).
    /// O(arrivals + draws · blocks).
    public func arrivals(ratesPerSecond: [Double], stepSeconds: Double, seed: UInt64) -> [Double] {
        var random = stream(seed, 0xA221)
        var result: [Double] = []
        result.reserveCapacity(ArrivalProfile.expected(ratesPerSecond, stepSeconds))
        var chooser = BlockChooser(self)
        for (step, rate) in ratesPerSecond.enumerated() where rate > 0 && rate.isFinite {
            let start = Double(step) * stepSeconds
            if blockCount == 0 {
                var time = start + random.exponential() / rate
                while time < start + stepSeconds {
                    result.append(time)
                    time += random.exponential() / rate
                }
                continue
            }
            chooser.aim(atLevelPerSecond: rate)
            play(&chooser, from: start, to: start + stepSeconds, rate, &random, &result)
        }
        return result
    }

    /// Fills a step with blocks.
    private func play(
        _ chooser: inout BlockChooser, from start: Double, to end: Double, _ rate: Double,
        _ random: inout Random, _ result: inout [Double]
    ) {
        var now = start
        while now < end {
            let block = chooser.draw(&random)
            let pace = chooser.pace(of: block, ratePerSecond: rate)
            let left = end - now
            let surplus = max(0, Double(arrivals(of: block).count) / rate - left)
            now += play(block, pace, from: now, skipping: random.uniform() * surplus, left, &result)
        }
    }

    /// Plays a block, or what of it lies in the seconds left, without its first seconds; returns how long that was.
    private func play(
        _ block: Int, _ pace: GapPace, from start: Double, skipping skipped: Double, _ left: Double,
        _ result: inout [Double]
    ) -> Double {
        let tick = blockSeconds / ArrivalProfile.ticksPerBlock
        var time = -skipped
        var last: UInt32 = 0
        for place in arrivals(of: block) {
            time += pace.played(Double(ticks[place] - last) * tick)
            last = ticks[place]
            guard time < left else { return left }
            if time >= 0 { result.append(start + time) }
        }
        time += pace.played((ArrivalProfile.ticksPerBlock - Double(last)) * tick)
        return min(max(time, 0), left)
    }

    /// Room for arrivals over those expected, and the most that is reserved. Nothing but memory depends on it.
    private static let roomFactor = 1.1
    private static let roomMax = 1e8

    private static func expected(_ rates: [Double], _ stepSeconds: Double) -> Int {
        let total = rates.reduce(0) { $0 + ($1 > 0 && $1.isFinite ? $1 : 0) } * stepSeconds
        return Int(saturating: min(roomFactor * total + 16, roomMax))
    }
}

/// Draws blocks of a profile for a level.
private struct BlockChooser {
    private let arrivals: [Double]
    private let logLevels: [Double]
    private let lowest: Double
    private let highest: Double
    private let bandwidth: Double
    private let profile: ArrivalProfile
    /// The running sums of the blocks' weights.
    private var sums: [Double]
    /// The paces that were asked for at the level at hand.
    private var paces: [GapPace?]

    init(_ profile: ArrivalProfile) {
        arrivals = (0..<profile.blockCount).map { Double(profile.arrivals(of: $0).count) }
        logLevels = (0..<profile.blockCount).map { log(profile.levelPerSecond(of: $0)) }
        lowest = logLevels.min() ?? 0
        highest = logLevels.max() ?? 0
        bandwidth = profile.levelBandwidth
        sums = arrivals
        self.profile = profile
        paces = arrivals.map { _ in nil }
    }

    /// Weighs the blocks for a level; beyond the levels that there are, as for the nearest one.
    mutating func aim(atLevelPerSecond level: Double) {
        let target = min(max(log(level), lowest), highest)
        var nearest = Double.infinity
        for own in logLevels { nearest = min(nearest, abs(own - target)) }
        var sum = 0.0
        for block in arrivals.indices {
            let distance = (logLevels[block] - target) / bandwidth
            let least = nearest / bandwidth
            sum += arrivals[block] * exp(0.5 * (least * least - distance * distance))
            sums[block] = sum
            paces[block] = nil
        }
    }

    /// How a block is played at the level at hand.
    mutating func pace(of block: Int, ratePerSecond rate: Double) -> GapPace {
        if let known = paces[block] { return known }
        let pace = GapPace(
            profile.gaps[block], blockSeconds: profile.blockSeconds, seconds: arrivals[block] / rate,
            reactionSeconds: profile.reactionSeconds)
        paces[block] = pace
        return pace
    }

    /// A block by the weights.
    func draw(_ random: inout Random) -> Int {
        let place = random.uniform() * (sums.last ?? 0)
        return min(sums.partitioningIndex { $0 > place }, sums.count - 1)
    }
}
