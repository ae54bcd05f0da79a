import Exchange

/// The same queues without chance below the cell: work flows in at the path's rate and out at the servers' speed.
///
/// The limit of many servers, and what Lindley's recursion on unfinished work becomes when messages are small. It costs
/// a cell what a message costs, so it can run through all of the window and say where waiting happens.
struct FluidChain {
    private let path: WindowPath
    private let rates: Lanes
    private let latencySeconds: Double
    private var mainLoad: [Double] = []
    private var otherLoad: [Double] = []
    private var tables: [[Double]] = []
    private let topLane = Lanes.scalarCount - 1
    private let idleLoad: Double
    private let idleShareOver: Double
    private static let tableCount = 4096

    /// Waits in front of each stage, in seconds.
    typealias Waits = [Lanes]

    /// The fluid of lanes at these rates, which do not fall from lane to lane.
    init(chain: QueueChain, path: WindowPath, rates: Lanes) {
        self.path = path
        self.rates = rates
        idleLoad = 1 / rates.max()
        idleShareOver = chain.quietShareOver()
        latencySeconds = chain.latencySeconds
        for stage in chain.stages {
            mainLoad.append(stage.service.meanSeconds / stage.capacityBetweenPauses)
            let other = stage.other.map { $0.share * $0.service.meanSeconds * chain.otherRatio } ?? 0
            otherLoad.append(other / stage.capacityBetweenPauses)
            tables.append(stage.service.table(count: FluidChain.tableCount))
        }
    }

    /// The waits at the ramp's start, from the step's start, second by second.
    func waitsAtRamp() -> Waits {
        var waits = Waits(repeating: .zero, count: mainLoad.count)
        for second in path.secondsBeforeRamp {
            step(&waits, main: second.main, other: second.other, seconds: 1)
        }
        return waits
    }

    /// Goes through cells without counting.
    func advance(_ waits: inout Waits, through cells: Range<Int>) {
        var jump = path.firstJump(from: cells.lowerBound)
        for cell in cells {
            pauseAtStart(of: cell, &jump, &waits)
            let other = path.other.isEmpty ? 0 : path.other[cell]
            if isQuiet(waits, main: path.main[cell], other: other) { continue }
            step(&waits, main: path.main[cell], other: other, seconds: path.seconds[cell])
        }
    }

    /// Goes through cells and counts the judged stream's latencies, weighted by its messages at a level of 1 and by a
    /// factor on them all.
    func advance(
        _ waits: inout Waits, through cells: Range<Int>, tally: inout LaneTally, factor: Double = 1
    ) {
        var idle = 0.0
        var total = 0.0
        var over = Lanes.zero
        var jump = path.firstJump(from: cells.lowerBound)
        for cell in cells {
            pauseAtStart(of: cell, &jump, &waits)
            let main = path.main[cell]
            let other = path.other.isEmpty ? 0 : path.other[cell]
            let weight = path.seconds[cell] * main * factor
            total += weight
            if isQuiet(waits, main: main, other: other) {
                idle += weight
                continue
            }
            let service = service(ofCell: cell)
            let before = sum(waits)
            step(&waits, main: main, other: other, seconds: path.seconds[cell])
            let after = sum(waits)
            if tally.keepsHistograms {
                // A busy cell holds many messages: one service time for them all would be a lump in the histogram.
                let waits = 0.5 * (before + after)
                let part = weight / Double(FluidChain.strataCount)
                for stratum in 0..<FluidChain.strataCount {
                    tally.record(self.service(ofCell: cell, stratum: stratum), waits: waits, weight: part)
                }
            }
            over += weight * shareAbove(latencySeconds - service, from: before, to: after)
        }
        tally.over += over + Lanes(repeating: idle * idleShareOver)
        tally.idle += idle
        tally.total += Lanes(repeating: total)
    }

    /// A pause is work of its length that comes at once.
    @inline(__always)
    private func pauseAtStart(of cell: Int, _ jump: inout Int, _ waits: inout Waits) {
        while jump < path.jumps.count, path.jumps[jump].cell <= cell {
            waits[path.jumps[jump].stage] += path.jumps[jump].seconds
            jump += 1
        }
    }

    /// Whether no lane has a wait and none gets one.
    @inline(__always)
    private func isQuiet(_ waits: Waits, main: Double, other: Double) -> Bool {
        for stage in waits.indices {
            guard mainLoad[stage] * main + otherLoad[stage] * other <= idleLoad, waits[stage][topLane] == 0
            else { return false }
        }
        return true
    }

    /// The share of a straight line that lies above a threshold.
    private func shareAbove(_ threshold: Double, from start: Lanes, to end: Lanes) -> Lanes {
        guard threshold > 0 else { return Lanes.one }
        let level = Lanes(repeating: threshold)
        let low = start.replacing(with: end, where: end .< start)
        let high = start.replacing(with: end, where: end .> start)
        var span = high - low
        span.replace(with: .init(repeating: 1e-15), where: span .< 1e-15)
        var share = (high - level) / span
        share.replace(with: Lanes.zero, where: share .< Lanes.zero)
        share.replace(with: Lanes.one, where: share .> Lanes.one)
        return share
    }

    /// One cell's work in and out of every stage; what leaves a stage is what enters the next.
    @inline(__always)
    private func step(_ waits: inout Waits, main: Double, other: Double, seconds: Double) {
        var passed = Lanes.one
        for stage in waits.indices {
            let arriving = rates * passed * (mainLoad[stage] * main + otherLoad[stage] * other)
            var wait = waits[stage] + (arriving - 1) * seconds
            wait.replace(with: Lanes.zero, where: wait .< Lanes.zero)
            if stage + 1 < waits.count {
                let offered = arriving * seconds
                var share = (waits[stage] + offered - wait) / offered
                share.replace(with: Lanes.one, where: offered .<= Lanes.zero)
                passed *= share
            }
            waits[stage] = wait
        }
    }

    private func sum(_ waits: Waits) -> Lanes {
        var total = waits[0]
        for stage in 1..<max(1, waits.count) { total += waits[stage] }
        return total
    }

    /// Service times through all stages, each as likely.
    var idleServices: [Double] {
        // One stage's table is exact; sums of several are drawn.
        tables.count == 1 ? tables[0] : (0..<FluidChain.tableCount).map { service(ofCell: -1 - $0) }
    }

    /// Service times that stand for a cell's in a histogram.
    private static let strataCount = 16

    /// A service time through all stages that belongs to a cell: the same whenever the cell is passed.
    ///
    /// The strata of a cell divide every stage's distribution evenly, each stage's in another order (McKay, Beckman and
    /// Conover 1979).
    private func service(ofCell cell: Int, stratum: Int = 0) -> Double {
        var total = 0.0
        var bits = UInt64(truncatingIfNeeded: cell)
        for (stage, table) in tables.enumerated() {
            bits = mixed(bits)
            let shift = stratum * (2 * stage + 1) * (FluidChain.tableCount / FluidChain.strataCount)
            total += table[(Int(bits >> 52) + shift) & (FluidChain.tableCount - 1)]
        }
        return total
    }
}
