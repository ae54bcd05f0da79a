import Exchange
import Numerics

/// The queues message by message: Lindley's recursion for one server, Kiefer and Wolfowitz's for several.
///
/// Messages are drawn at the highest rate; each carries a mark, and a lane of a lower rate takes those whose mark is
/// below its share. So lanes differ by messages left out and by nothing else, and no lane waits less than a slower one.
struct MessageChain {
    private let chain: QueueChain
    private let rates: Lanes
    private let top: Double
    private var times: [Double] = []
    private var marks: [Double] = []
    private var judged: [Bool] = []
    private var services: [[Double]]
    private var ready: [Double] = []
    private var order: [Int] = []
    private var free: [Double] = []
    /// A message's own service does not depend on its wait, so that the chance of being late, given the wait, counts in
    /// place of whether it was: the same mean with less noise (conditional Monte Carlo).
    private let survival: SurvivalTable

    /// A simulation of lanes at these rates of the judged stream, in rising order.
    init(chain: QueueChain, rates: Lanes) {
        self.chain = chain
        self.rates = rates
        top = rates.max()
        services = chain.stages.map { _ in [] }
        survival = SurvivalTable(chain.stages[0].service, upTo: chain.latencySeconds)
    }

    /// Simulates the cells of a path, and counts the judged messages that arrive from a cell on.
    ///
    /// - Parameters:
    ///   - path: How the rate runs.
    ///   - cells: The cells, the warm-up first.
    ///   - countFrom: The first cell whose messages count.
    ///   - waits: The waits in front of each stage at the start.
    ///   - random: Draws arrivals, marks and services.
    ///   - tally: Receives the messages.
    ///   - weights: What a message weighs, by lane.
    mutating func run(
        path: WindowPath, cells: Range<Int>, countFrom: Int, waits: FluidChain.Waits,
        random: inout Random, tally: inout LaneTally, weights: Lanes
    ) {
        guard let first = cells.first else { return }
        draw(path: path, cells: cells, random: &random)
        let clocks = chain.stages.indices.map {
            PauseClock(path.pauses.indices.contains($0) ? path.pauses[$0] : [])
        }
        let start = path.starts[first]
        let counted = path.starts[countFrom]
        for lane in 0..<Lanes.scalarCount {
            if chain.stages.count == 1 {
                passSingle(
                    lane: lane, start: start, counted: counted, wait: waits[0][lane], clock: clocks[0],
                    tally: &tally, weight: weights[lane])
            } else {
                passAll(
                    lane: lane, start: start, counted: counted, waits: waits, clocks: clocks, tally: &tally,
                    weight: weights[lane])
            }
        }
    }

    private mutating func draw(path: WindowPath, cells: Range<Int>, random: inout Random) {
        times.removeAll(keepingCapacity: true)
        marks.removeAll(keepingCapacity: true)
        judged.removeAll(keepingCapacity: true)
        for stage in services.indices { services[stage].removeAll(keepingCapacity: true) }
        path.forEachArrival(in: cells, main: top, other: top * chain.otherRatio, random: &random) {
            time, isMain, random in
            append(time, isJudged: isMain, random: &random)
        }
    }

    private mutating func append(_ time: Double, isJudged: Bool, random: inout Random) {
        times.append(time)
        marks.append(random.uniform())
        judged.append(isJudged)
        for (index, stage) in chain.stages.enumerated() {
            if isJudged {
                services[index].append(stage.service.draw(&random))
            } else if let other = stage.other, random.uniform() < other.share {
                services[index].append(other.service.draw(&random))
            } else {
                services[index].append(-1)
            }
        }
    }

    private mutating func passSingle(
        lane: Int, start: Double, counted: Double, wait: Double, clock: PauseClock, tally: inout LaneTally,
        weight: Double
    ) {
        let share = rates[lane] / top
        var servers = ServerTimes(
            storage: &free, count: chain.stages[0].servers, freeAt: clock.freeAt(start, wait: wait))
        var over = 0.0
        var total = 0.0
        let keepsHistogram = tally.keepsHistograms
        for index in times.indices where marks[index] < share {
            let time = times[index]
            let service = services[0][index]
            let sojourn =
                clock.isPlain
                ? servers.serve(arrival: time, seconds: service) - time
                : clock.time(atClock: servers.serve(arrival: clock.clock(at: time), seconds: service)) - time
            guard time >= counted else { continue }
            total += weight
            over += weight * survival.share(above: chain.latencySeconds - (sojourn - service))
            if keepsHistogram { tally.record(sojourn, lane: lane, weight: weight) }
        }
        tally.over[lane] += over
        tally.total[lane] += total
        free = servers.release()
    }

    private mutating func passAll(
        lane: Int, start: Double, counted: Double, waits: FluidChain.Waits, clocks: [PauseClock],
        tally: inout LaneTally, weight: Double
    ) {
        let share = rates[lane] / top
        order.removeAll(keepingCapacity: true)
        for index in times.indices where marks[index] < share { order.append(index) }
        ready = times
        for (stage, queue) in chain.stages.enumerated() {
            if stage > 0 {
                let ready = ready
                order.sort { (ready[$0], $0) < (ready[$1], $1) }
            }
            var servers = ServerTimes(
                storage: &free, count: queue.servers,
                freeAt: clocks[stage].freeAt(start, wait: waits[stage][lane]))
            for index in order where services[stage][index] >= 0 {
                let arrival = clocks[stage].clock(at: ready[index])
                ready[index] = clocks[stage].time(
                    atClock: servers.serve(arrival: arrival, seconds: services[stage][index]))
            }
            free = servers.release()
        }
        for index in order where judged[index] && times[index] >= counted {
            let sojourn = ready[index] - times[index]
            tally.total[lane] += weight
            if sojourn > chain.latencySeconds { tally.over[lane] += weight }
            if tally.keepsHistograms { tally.record(sojourn, lane: lane, weight: weight) }
        }
    }
}

extension PauseClock {
    /// When servers are free by this clock that have so much to do at a time, what is left of a pause included.
    func freeAt(_ time: Double, wait: Double) -> Double {
        clock(at: time) + max(0, wait - secondsLeft(at: time))
    }
}

/// When each server of a pool is free again: a heap with the earliest at its root (Kiefer and Wolfowitz 1955).
struct ServerTimes {
    private var times: [Double]

    /// Servers that are all free from one time on; takes the storage, which `release` gives back.
    init(storage: inout [Double], count: Int, freeAt: Double) {
        times = []
        swap(&times, &storage)
        times.removeAll(keepingCapacity: true)
        times.append(contentsOf: repeatElement(freeAt, count: max(1, count)))
    }

    /// The storage, for the next pool.
    consuming func release() -> [Double] { times }

    /// Serves a message first come, first served, and returns when it leaves.
    @inline(__always)
    mutating func serve(arrival: Double, seconds: Double) -> Double {
        times.withUnsafeMutableBufferPointer { heap in
            let departure = max(arrival, heap[0]) + seconds
            let count = heap.count
            var hole = 0
            var child = 1
            while child < count {
                if child + 1 < count, heap[child + 1] < heap[child] { child += 1 }
                guard heap[child] < departure else { break }
                heap[hole] = heap[child]
                hole = child
                child = 2 * hole + 1
            }
            heap[hole] = departure
            return departure
        }
    }
}
