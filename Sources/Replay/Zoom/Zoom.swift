import Exchange
import Numerics

/// Simulates queues through one replication of the worst window.
///
/// Where the window's messages fit the budget, every one of them is simulated, from the ramp on. Where they do not, the
/// fluid runs through the whole window, and messages through a sample of its blocks: blocks are drawn in proportion to
/// their messages, and the mean difference between messages and fluid on the sample corrects the fluid's figures (a
/// difference estimator: Cochran 1977, chapter 7). So rare long bursts are never missed by the sample, and what
/// chance adds below the cell is measured where it happens. The sample is the same for all lanes.
struct Zoom {
    let chain: QueueChain
    let path: WindowPath
    let messageBudget: Int
    let seed: UInt64

    /// Where a single block's messages are more than so many budgets, messages are so many and so small that the fluid
    /// is as good.
    private static let heaviestBlock = 50.0

    /// What a set of lanes came to.
    struct Result {
        /// The share of judged messages over the objective's time.
        var shareOver: Lanes
        /// The latencies, with histograms where they were asked for.
        var tally: LaneTally
    }

    /// The fluid alone: what messages come to in the limit of many servers.
    func fluid(rates: Lanes, histograms: Bool) -> Result {
        let fluid = FluidChain(chain: chain, path: path, rates: rates)
        var waits = fluid.waitsAtRamp()
        fluid.advance(&waits, through: 0..<path.windowCell)
        var tally = LaneTally(histograms: histograms)
        fluid.advance(&waits, through: window, tally: &tally)
        tally.spreadIdle(over: fluid.idleServices)
        return Result(shareOver: tally.over / Lanes(repeating: windowMessages), tally: tally)
    }

    /// What an empty exchange would do: every message is served at once.
    func idle() -> Result {
        let fluid = FluidChain(chain: chain, path: path, rates: Lanes.one)
        var tally = LaneTally(histograms: true)
        tally.idle = 1
        tally.total = Lanes.one
        tally.spreadIdle(over: fluid.idleServices)
        return Result(shareOver: Lanes(repeating: chain.idleShareOver()), tally: tally)
    }

    /// Messages, or the fluid corrected by a sample of them; rates must not fall from lane to lane.
    func messages(rates: Lanes, histograms: Bool) -> Result {
        if chain.isSurrounded { return surrounded(rates: rates, histograms: histograms) }
        let expected = rates.max() * (1 + chain.otherRatio) * windowMessages
        let ramp = 1 + WindowPath.rampSeconds / WindowPath.windowSeconds
        return expected * ramp <= Double(messageBudget)
            ? everyMessage(rates: rates, histograms: histograms)
            : sampledMessages(rates: rates, histograms: histograms)
    }

    var window: Range<Int> { path.windowCell..<path.seconds.count }
    var windowMessages: Double {
        max(path.messagesBefore.last ?? 0, .leastNormalMagnitude)
    }

    private func everyMessage(rates: Lanes, histograms: Bool) -> Result {
        let fluid = FluidChain(chain: chain, path: path, rates: rates)
        var tally = LaneTally(histograms: histograms)
        var simulation = MessageChain(chain: chain, rates: rates)
        var random = stream(seed, 21)
        simulation.run(
            path: path, cells: 0..<path.seconds.count, countFrom: path.windowCell,
            waits: fluid.waitsAtRamp(), random: &random, tally: &tally, weights: Lanes.one)
        var total = tally.total
        total.replace(with: Lanes.one, where: total .<= Lanes.zero)
        return Result(shareOver: tally.over / total, tally: tally)
    }

    private func sampledMessages(rates: Lanes, histograms: Bool) -> Result {
        let fluid = FluidChain(chain: chain, path: path, rates: rates)
        var simulation = MessageChain(chain: chain, rates: rates)
        var full = LaneTally(histograms: histograms)
        var correction = LaneTally(histograms: histograms)
        let draws = drawBlocks(topRate: rates.max(), budget: messageBudget)
        let heaviest = draws.reduce(0) { max($0, messages(in: $1.block.cells)) }
        guard rates.max() * (1 + chain.otherRatio) * heaviest < Double(messageBudget) * Zoom.heaviestBlock
        else {
            return self.fluid(rates: rates, histograms: histograms)
        }
        let drawCount = Double(draws.reduce(0) { $0 + $1.times })
        var waits = fluid.waitsAtRamp()
        var at = 0
        for draw in draws {
            let warm = draw.block.warmUpCell
            advance(fluid, &waits, from: at, to: warm, tally: &full)
            at = warm
            var sampleWaits = waits
            fluid.advance(&sampleWaits, through: warm..<draw.block.cells.lowerBound)
            let messages = messages(in: draw.block.cells)
            fluid.advance(
                &sampleWaits, through: draw.block.cells, tally: &correction,
                factor: -Double(draw.times) / (drawCount * messages))
            for repetition in 0..<draw.times {
                var random = stream(
                    seed, 22, UInt64(draw.block.cells.lowerBound), UInt64(repetition))
                simulation.run(
                    path: path, cells: warm..<draw.block.cells.upperBound,
                    countFrom: draw.block.cells.lowerBound,
                    waits: withChance(waits, block: draw.block, rates: rates, random: &random),
                    random: &random, tally: &correction,
                    // One over the messages that are expected, not those that came: unbiased in small blocks too.
                    weights: 1 / (rates * drawCount * messages))
            }
        }
        advance(fluid, &waits, from: at, to: path.seconds.count, tally: &full)
        correction.add(full, weight: 1 / windowMessages)
        correction.spreadIdle(over: fluid.idleServices)
        var share = correction.over
        share.replace(with: Lanes.zero, where: share .< Lanes.zero)
        return Result(shareOver: share, tally: correction)
    }

    /// The fluid's waits, and on top what chance has piled up by then: exponential, as in heavy traffic (Kingman 1962),
    /// with the mean s (1 + cv²) / (2 c (1 − ρ)) at the block's own rate. The warm-up mends what is wrong with it.
    func withChance(
        _ waits: FluidChain.Waits, block: Block, rates: Lanes, random: inout Random
    ) -> FluidChain.Waits {
        let cells = block.warmUpCell..<block.cells.upperBound
        let seconds =
            path.starts[cells.upperBound - 1] + path.seconds[cells.upperBound - 1]
            - path.starts[cells.lowerBound]
        let main = cells.reduce(0) { $0 + path.main[$1] * path.seconds[$1] } / seconds
        return waits.indices.map { index in
            let stage = chain.stages[index]
            let load = chain.load(ofStage: index) * main
            let size =
                0.5 * stage.service.meanSeconds * (1 + stage.service.squaredVariation)
                / stage.capacity
            let chance = random.exponential()
            let waitsAtAll = random.uniform()
            var result = waits[index]
            for lane in 0..<Lanes.scalarCount {
                let utilisation = load * rates[lane]
                guard utilisation < 1, waitsAtAll < utilisation else { continue }
                result[lane] += size / (1 - utilisation) * chance
            }
            return result
        }
    }

    /// Goes on with the fluid; only the window counts.
    private func advance(
        _ fluid: FluidChain, _ waits: inout FluidChain.Waits, from start: Int, to end: Int,
        tally: inout LaneTally
    ) {
        let middle = min(max(start, path.windowCell), end)
        fluid.advance(&waits, through: start..<middle)
        fluid.advance(&waits, through: middle..<end, tally: &tally)
    }

    func messages(in cells: Range<Int>) -> Double {
        path.messagesBefore[cells.upperBound] - path.messagesBefore[cells.lowerBound]
    }
}

extension Zoom {
    /// A stretch of the window that is simulated on its own.
    struct Block {
        /// The cells whose messages count.
        var cells: Range<Int>
        /// The cell at which the simulation starts, so that it forgets that the queue's chance part was empty.
        var warmUpCell: Int
    }

    /// The least length of a block, in seconds, in latency objectives and in relaxation times. Chosen, not measured.
    private static let blockSecondsMin = 0.05
    private static let blockLatencies = 10.0
    private static let blockRelaxations = 4.0
    /// The warm-up, in those two, and the most of a block that it is. Chosen, not measured.
    private static let warmUpTimes = 2.0
    private static let warmUpShareMax = 0.5

    /// Blocks drawn in proportion to their messages, by time, with the number of times that each was drawn.
    ///
    /// Systematic sampling along the blocks in the order of their rates, so that busy and quiet ones are both present in
    /// their due shares.
    func drawBlocks(topRate: Double, budget messageBudget: Int) -> [(block: Block, times: Int)] {
        // At least some four blocks; where a queue forgets too slowly for that, it is so close to its stability that
        // the error does not show.
        let affordable = Double(messageBudget) / (4 * topRate * (1 + chain.otherRatio))
        let blockSeconds = min(
            max(
                Zoom.blockSecondsMin, Zoom.blockLatencies * chain.latencySeconds,
                Zoom.blockRelaxations * chain.relaxationSeconds), affordable,
            WindowPath.windowSeconds)
        let warmUpSeconds = min(
            max(Zoom.warmUpTimes * chain.latencySeconds, Zoom.warmUpTimes * chain.relaxationSeconds),
            Zoom.warmUpShareMax * blockSeconds)
        let blocks = blocks(seconds: blockSeconds, warmUpSeconds: warmUpSeconds)
        let sizes = blocks.map { messages(in: $0.cells) }
        let total = sizes.reduce(0, +)
        guard total > 0 else { return [] }
        let meanSize = sizes.reduce(0) { $0 + $1 * $1 } / total
        let cost = topRate * (1 + chain.otherRatio) * meanSize * (1 + warmUpSeconds / blockSeconds)
        let count = min(max(1, Int(saturating: min(Double(messageBudget) / cost, 1e6))), 4 * blocks.count)
        let ranked = blocks.indices.sorted { (sizes[$0], $0) < (sizes[$1], $1) }
        var random = stream(seed, 23)
        let stride = total / Double(count)
        var next = random.uniform() * stride
        var times = [Int](repeating: 0, count: blocks.count)
        var sum = 0.0
        for block in ranked {
            sum += sizes[block]
            while next < sum {
                times[block] += 1
                next += stride
            }
        }
        return blocks.indices.filter { times[$0] > 0 }.map { (blocks[$0], times[$0]) }
    }

    private func blocks(seconds: Double, warmUpSeconds: Double) -> [Block] {
        var result: [Block] = []
        var start = path.windowCell
        var warm = 0
        for cell in window {
            let end = path.starts[cell] + path.seconds[cell]
            guard end - path.starts[start] >= seconds || cell + 1 == path.seconds.count else { continue }
            while warm < start, path.starts[warm] < path.starts[start] - warmUpSeconds { warm += 1 }
            result.append(Block(cells: start..<cell + 1, warmUpCell: warm))
            start = cell + 1
        }
        return result
    }
}
