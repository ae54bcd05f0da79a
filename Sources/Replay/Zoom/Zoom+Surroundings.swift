import Exchange
import Numerics

extension Zoom {
    /// Customers that wait at a block's start, at most.
    private static let waitingMax = 100_000.0

    /// Messages through a queue with rules, event by event: all of the window's where the budget allows it, otherwise a
    /// sample of its blocks, drawn in proportion to their messages.
    ///
    /// A message is over the objective when its client is not served within the objective's time, however often it is
    /// sent; one that is lost is over it too. Latencies are those of clients who are served.
    func surrounded(
        by surroundings: QueueChain.Surroundings, rates: Lanes, histograms: Bool
    ) -> Result {
        let ramp = 1 + WindowPath.rampSeconds / WindowPath.windowSeconds
        let isWhole = rates.max() * windowMessages * ramp <= Double(messageBudget)
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
                let start = withChance(waits, block: draw.block, rates: rates, random: &random)[0]
                pass(
                    draw.block, surroundings, rates: rates, waits: start, random: &random, tally: &tally,
                    weights: 1 / (rates * drawCount * expected))
            }
        }
        return Result(shareOver: tally.over, tally: tally)
    }

    private func pass(
        _ block: Block, _ surroundings: QueueChain.Surroundings, rates: Lanes, waits: Lanes,
        random: inout Random, tally: inout LaneTally, weights: Lanes
    ) {
        // Who comes after the block may still overtake those in it.
        let last = cell(secondsAfter: block.cells, seconds: min(1, 2 * chain.relaxationSeconds))
        let messages = WindowMessages(
            path: path, cells: block.warmUpCell..<last, topRate: rates.max(), surroundings: surroundings,
            random: &random)
        let start = path.starts[block.warmUpCell]
        let counted = path.starts[block.cells.lowerBound]
        let end = path.starts[block.cells.upperBound - 1] + path.seconds[block.cells.upperBound - 1]
        let stage = chain.stages[0]
        let system = surroundings.system(servers: stage.servers)
        let room = surroundings.rules.limitPerServer.map { Double($0) * Double(stage.servers) }
        for lane in 0..<Lanes.scalarCount {
            let held = waits[lane] * stage.capacity / max(stage.service.meanSeconds, 1e-12)
            let waiting = Int(min(held, room ?? .infinity, Zoom.waitingMax))
            let customers = WindowCustomers(
                messages, share: rates[lane] / rates.max(), start: start, waiting: waiting,
                surroundings: surroundings, random: random)
            let warm = customers.count(before: counted)
            var simulation = SystemSimulation(
                system, servers: stage.servers, unitSeconds: 1, thresholdSeconds: chain.latencySeconds,
                source: customers, random: random)
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

    /// The end of the cells that begin within some time after a block.
    private func cell(secondsAfter cells: Range<Int>, seconds: Double) -> Int {
        var last = cells.upperBound
        while last < path.seconds.count, path.starts[last] < path.starts[cells.upperBound] + seconds {
            last += 1
        }
        return last
    }
}

extension QueueChain.Surroundings {
    /// The system that the rules make of a queue.
    func system(servers: Int) -> QueueSystem {
        var system = QueueSystem()
        system.balancer = servers > 1 ? rules.balancer : nil
        system.capacity = rules.limitPerServer.map { $0 * (system.balancer == nil ? servers : 1) }
        system.priority = first.map { QueueSystem.Priority(share: $0.share) }
        system.batch = max(1, rules.batch)
        system.pause = rules.pause
        system.retry = rules.retry
        system.timeoutSeconds = rules.timeoutSeconds
        return system
    }
}
