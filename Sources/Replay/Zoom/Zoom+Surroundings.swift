import Exchange
import Numerics

extension Zoom {
    /// Customers that wait at a block's start, at most.
    private static let waitingMax = 100_000.0

    /// Messages through queues with rules, event by event: all of the window's where the budget allows it, otherwise a
    /// sample of its blocks, drawn in proportion to their messages.
    ///
    /// A message is over the objective when its client is not served within the objective's time, however often it is
    /// sent; one that is lost is over it too. Latencies are those of clients who are served. On a journey a message that
    /// a tier refuses, or does not serve before its timeout, comes again to that tier.
    func surrounded(rates: Lanes, histograms: Bool) -> Result {
        let ramp = 1 + WindowPath.rampSeconds / WindowPath.windowSeconds
        let expected = rates.max() * (1 + chain.otherRatio) * windowMessages
        let isWhole = expected * ramp <= Double(messageBudget)
        let draws =
            isWhole
            ? [(block: Block(cells: window, warmUpCell: 0), times: 1)]
            : drawBlocks(topRate: rates.max(), budget: messageBudget)
        let drawCount = Double(draws.reduce(0) { $0 + $1.times })
        let fluid = FluidChain(chain: chain, path: path, rates: rates)
        var waits = fluid.waitsAtRamp()
        var at = 0
        var tally = LaneTally(histograms: histograms)
        for draw in draws {
            fluid.advance(&waits, through: at..<draw.block.warmUpCell)
            at = draw.block.warmUpCell
            let expected = messages(in: draw.block.cells)
            guard expected > 0 else { continue }
            for repetition in 0..<draw.times {
                var random = stream(
                    seed, 24, UInt64(draw.block.cells.lowerBound), UInt64(repetition))
                let start = withChance(waits, block: draw.block, rates: rates, random: &random)
                pass(
                    draw.block, rates: rates, waits: start, random: &random, tally: &tally,
                    weights: 1 / (rates * drawCount * expected))
            }
        }
        return Result(shareOver: tally.over, tally: tally)
    }

    private func pass(
        _ block: Block, rates: Lanes, waits: FluidChain.Waits, random: inout Random, tally: inout LaneTally,
        weights: Lanes
    ) {
        // Who comes after the block may still overtake those in it.
        let last = cell(secondsAfter: block.cells, seconds: min(1, 2 * chain.relaxationSeconds))
        let messages = WindowMessages(
            chain: chain, path: path, cells: block.warmUpCell..<last, topRate: rates.max(), random: &random)
        let start = path.starts[block.warmUpCell]
        let counted = path.starts[block.cells.lowerBound]
        let end = path.starts[block.cells.upperBound - 1] + path.seconds[block.cells.upperBound - 1]
        let network = StageNetwork(chain)
        for lane in 0..<Lanes.scalarCount {
            let customers = WindowCustomers(
                messages, share: rates[lane] / rates.max(), start: start,
                waiting: chain.stages.indices.map { waiting(at: $0, wait: waits[$0][lane]) }, random: random)
            let warm = customers.count(before: counted)
            var simulation = SystemSimulation(
                network, unitSeconds: 1, thresholdSeconds: chain.latencySeconds, source: customers,
                random: random)
            simulation.keepsSojourns = tally.keepsHistograms
            simulation.run(warmUp: warm, customers: customers.count(before: end) - warm)
            let counts = simulation.counts
            tally.over[lane] += weights[lane] * Double(counts.over + counts.lost + counts.unfinished)
            tally.total[lane] += weights[lane] * Double(counts.customers)
            for sojourn in simulation.sojourns {
                tally.record(sojourn, lane: lane, weight: weights[lane])
            }
        }
    }

    /// Customers who are at a stage where the work takes so long.
    private func waiting(at index: Int, wait: Double) -> Int {
        let stage = chain.stages[index]
        let room = stage.surroundings?.rules.limitPerServer.map { Double($0) * Double(stage.servers) }
        let held = wait / max(stage.meanSeconds(otherRatio: chain.otherRatio), 1e-12) * stage.capacity
        return Int(saturating: min(held, room ?? .infinity, Zoom.waitingMax))
    }

    /// The end of the cells that begin within some time after a block.
    private func cell(secondsAfter cells: Range<Int>, seconds: Double) -> Int {
        var last = cells.upperBound
        while last < path.seconds.count, path.starts[last] < path.starts[cells.upperBound] + seconds {
            last += 1
        }
        return last
    }
}

extension QueueChain.Stage {
    /// The mean service time of all messages that come here.
    func meanSeconds(otherRatio: Double) -> Double {
        guard let other else { return service.meanSeconds }
        let weight = otherRatio * other.share
        return (service.meanSeconds + weight * other.service.meanSeconds) / (1 + weight)
    }
}
