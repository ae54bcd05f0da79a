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
    private static let tableCount = 4096

    /// Waits in front of each stage, in seconds.
    typealias Waits = [Lanes]

    init(chain: QueueChain, path: WindowPath, rates: Lanes) {
        self.path = path
        self.rates = rates
        latencySeconds = chain.latencySeconds
        for stage in chain.stages {
            mainLoad.append(stage.service.meanSeconds / Double(stage.servers))
            let other = stage.other.map { $0.share * $0.service.meanSeconds * chain.otherRatio } ?? 0
            otherLoad.append(other / Double(stage.servers))
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
        for cell in cells {
            let other = path.other.isEmpty ? 0 : path.other[cell]
            step(&waits, main: path.main[cell], other: other, seconds: path.seconds[cell])
        }
    }

    /// Goes through cells and counts the judged stream's latencies, weighted by its messages at a level of 1.
    func advance(_ waits: inout Waits, through cells: Range<Int>, tally: inout LaneTally) {
        let keepsHistograms = !tally.histograms.isEmpty
        var everywhere = 0.0
        var total = 0.0
        for cell in cells {
            let before = sum(waits)
            let other = path.other.isEmpty ? 0 : path.other[cell]
            step(&waits, main: path.main[cell], other: other, seconds: path.seconds[cell])
            let after = sum(waits)
            let service = service(ofCell: cell)
            let weight = path.seconds[cell] * path.main[cell]
            total += weight
            let middle = 0.5 * (before + after)
            if keepsHistograms {
                for lane in tally.histograms.indices {
                    tally.histograms[lane].add(middle[lane] + service, weight: weight)
                }
            }
            if service > latencySeconds {
                everywhere += weight
            } else if middle.max() > 0 {
                tally.over += weight * shareAbove(latencySeconds - service, from: before, to: after)
            }
        }
        tally.over += Lanes(repeating: everywhere)
        tally.total += Lanes(repeating: total)
    }

    /// The share of a straight line that lies above a threshold.
    private func shareAbove(_ threshold: Double, from start: Lanes, to end: Lanes) -> Lanes {
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

    /// A service time through all stages that belongs to a cell: the same whenever the cell is passed.
    private func service(ofCell cell: Int) -> Double {
        var total = 0.0
        var mixed = UInt64(truncatingIfNeeded: cell)
        for table in tables {
            mixed = splitMix(mixed)
            total += table[Int(mixed >> 52)]
        }
        return total
    }
}
