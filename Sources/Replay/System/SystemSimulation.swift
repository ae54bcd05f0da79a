import Foundation
import Numerics

/// One replication of a system of queues, event by event; times are in mean service times of the first stage.
///
/// Two clocks: the world's, and the servers', which stands still in a pause. Departures are kept by the servers' clock,
/// so that a pause moves all of them at once.
struct SystemSimulation {
    struct Counts {
        var customers = 0
        var attempts = 0
        var refused = 0
        var timedOut = 0
        var lost = 0
        var unfinished = 0
        var waits = 0.0
        var sojourns = 0.0
        var classWaits = [0.0, 0.0]
        var classCustomers = [0, 0]
        var served = 0
        var over = 0
        var histogram = TimeHistogram()
        var busySeconds = 0.0
        var seconds = 0.0
    }

    private struct Customer {
        var born = 0.0
        var token = 0
        var attempt = 0
        var stage = 0
        var pending = 0
        var serviceSum = 0.0
        var isFirst = false
        var counts = false
    }

    private struct Job {
        var customer: Int
        var token: Int
    }

    private struct Station {
        var servers: Int
        var mean: Double
        var queues = [JobQueue(), JobQueue()]
        var busy = 0
        var present = 0
    }

    private struct JobQueue {
        var jobs: [Job] = []
        var head = 0
        var isEmpty: Bool { head == jobs.count }
        mutating func append(_ job: Job) { jobs.append(job) }
        mutating func removeFirst() -> Job {
            let job = jobs[head]
            head += 1
            if head > 1024, 2 * head > jobs.count {
                jobs.removeFirst(head)
                head = 0
            }
            return job
        }
    }

    private enum Happening {
        case arrival
        case storm
        case stray
        case attempt(customer: Int, token: Int)
        case timeout(customer: Int, token: Int)
        case pause
    }

    private let system: QueueSystem
    private let unit: Double
    private let threshold: Double
    private let stages: [Range<Int>]
    private var stations: [Station] = []
    private var arrivals: CustomerStream
    private var services: CustomerStream
    private var random: Random
    private let gap: Double
    private var wall = EventHeap<Happening>()
    private var work = EventHeap<Int>()
    private var slots: [(station: Int, service: Double, jobs: [Job])] = []
    private var freeSlots: [Int] = []
    private var customers: [Customer] = []
    private var freeCustomers: [Int] = []
    private var now = 0.0
    private var serverNow = 0.0
    private var pauseLeft = 0.0
    private var nextToken = 1
    private var turn = 0
    private var born = 0
    private var counted = 0..<0
    /// Counted customers that are still on their way.
    private var open = 0
    private var started = 0.0
    private var busySum = 0.0
    private var busyBefore = 0.0
    private(set) var counts = Counts()

    /// A replication.
    ///
    /// - Parameters:
    ///   - experiment: The queue of the first stage.
    ///   - system: What is around it.
    ///   - ratePerSecond: New customers a second, storms included.
    ///   - stream: The number of the replication.
    init(_ experiment: QueueExperiment, _ system: QueueSystem, ratePerSecond: Double, stream: UInt64) {
        self.system = system
        unit = experiment.meanServiceSeconds
        threshold = experiment.thresholdSeconds / unit
        let stormRate = system.storm.map { Double($0.size) / $0.everySeconds } ?? 0
        gap = 1 / (max(ratePerSecond - stormRate, 1e-9 * ratePerSecond) * unit)
        arrivals = CustomerStream(
            experiment.arrivals, experiment.service, ratePerSecond: ratePerSecond, seed: experiment.seed,
            stream: 3 * stream)
        services = CustomerStream(
            experiment.arrivals, experiment.service, ratePerSecond: ratePerSecond, seed: experiment.seed,
            stream: 3 * stream + 1)
        random = Random(seed: experiment.seed, stream: 3 * stream + 2)
        var ranges: [Range<Int>] = []
        if system.balancer != nil {
            stations = (0..<experiment.servers).map { _ in Station(servers: 1, mean: 1) }
        } else {
            stations = [Station(servers: experiment.servers, mean: 1)]
        }
        ranges.append(0..<stations.count)
        for seconds in system.furtherStageSeconds {
            let start = stations.count
            for _ in 0..<system.fanOut {
                stations.append(Station(servers: experiment.servers, mean: seconds / unit))
            }
            ranges.append(start..<stations.count)
        }
        stages = ranges
        wall.push(nextGap(), .arrival)
        if let storm = system.storm { wall.push(storm.everySeconds / unit * random.exponential(), .storm) }
        if let pause = system.pause { wall.push(pause.everySeconds / unit * random.exponential(), .pause) }
    }

    /// Runs until so many customers have come after the warm-up, and follows those to their end.
    mutating func run(warmUp: Int, customers count: Int) {
        counted = warmUp..<warmUp + count
        // New customers keep coming while the last ones are followed, but not for ever.
        while born < counted.upperBound || (open > 0 && born < 4 * counted.upperBound + 1000) { step() }
        counts.unfinished = open
    }

    private mutating func step() {
        let departure = work.first.map { now + pauseLeft + max(0, $0 - serverNow) } ?? .infinity
        let event = wall.first ?? .infinity
        let next = min(departure, event)
        let passed = next - now
        let paused = min(passed, pauseLeft)
        pauseLeft -= paused
        serverNow += passed - paused
        now = next
        if departure <= event {
            if let (time, slot) = work.pop() {
                serverNow = max(serverNow, time)
                finish(slot)
            }
        } else if let (_, happening) = wall.pop() {
            handle(happening)
        }
    }

    private mutating func handle(_ happening: Happening) {
        switch happening {
        case .arrival:
            wall.push(now + nextGap(), .arrival)
            enter()
        case .storm:
            guard let storm = system.storm else { return }
            wall.push(now + storm.everySeconds / unit * random.exponential(), .storm)
            for _ in 0..<storm.size {
                if storm.spreadSeconds > 0 {
                    wall.push(now + storm.spreadSeconds / unit * random.exponential(), .stray)
                } else {
                    enter()
                }
            }
        case .stray: enter()
        case .attempt(let customer, let token):
            if customers[customer].token == token { attempt(customer) }
        case .timeout(let customer, let token):
            guard customers[customer].token == token else { return }
            if customers[customer].counts { counts.timedOut += 1 }
            comeBack(customer)
        case .pause:
            guard let pause = system.pause else { return }
            wall.push(now + pause.everySeconds / unit * random.exponential(), .pause)
            pauseLeft += pause.lengthSeconds / unit * random.exponential()
        }
    }

    /// The time to the next customer; with a wave, by thinning (Lewis and Shedler 1979).
    private mutating func nextGap() -> Double {
        guard let wave = system.wave else { return gap * Double(arrivals.nextGap()) }
        var time = now
        while true {
            time += gap / (1 + wave.amplitude) * Double(arrivals.nextGap())
            let rate = 1 + wave.amplitude * sin(2 * .pi * time * unit / wave.periodSeconds)
            if random.uniform() * (1 + wave.amplitude) < rate { return time - now }
        }
    }

    private mutating func enter() {
        if born == counted.lowerBound { (started, busyBefore) = (now, busySum) }
        let isCounted = counted.contains(born)
        born += 1
        if born == counted.upperBound {
            counts.seconds = now - started
            counts.busySeconds = busySum - busyBefore
        }
        var customer = Customer()
        customer.born = now
        customer.counts = isCounted
        if let priority = system.priority { customer.isFirst = random.uniform() < priority.share }
        let place: Int
        if let free = freeCustomers.popLast() {
            place = free
            customers[place] = customer
        } else {
            place = customers.count
            customers.append(customer)
        }
        if isCounted {
            counts.customers += 1
            open += 1
        }
        attempt(place)
    }

    private mutating func attempt(_ place: Int) {
        nextToken += 1
        let token = nextToken
        customers[place].token = token
        customers[place].stage = 0
        customers[place].serviceSum = 0
        if customers[place].counts { counts.attempts += 1 }
        let station = chosen()
        if let capacity = system.capacity, stations[station].present >= capacity {
            if customers[place].counts { counts.refused += 1 }
            comeBack(place)
            return
        }
        if let timeout = system.timeoutSeconds {
            wall.push(now + timeout / unit, .timeout(customer: place, token: token))
        }
        customers[place].pending = 1
        join(Job(customer: place, token: token), station)
    }

    private mutating func comeBack(_ place: Int) {
        customers[place].attempt += 1
        nextToken += 1
        customers[place].token = nextToken
        guard let retry = system.retry, customers[place].attempt <= retry.attemptsMax else {
            if customers[place].counts {
                counts.lost += 1
                open -= 1
            }
            release(place)
            return
        }
        let mean = retry.backoffSeconds / unit * pow(2, Double(customers[place].attempt - 1))
        wall.push(now + mean * random.exponential(), .attempt(customer: place, token: nextToken))
    }

    private mutating func release(_ place: Int) {
        nextToken += 1
        customers[place].token = nextToken
        freeCustomers.append(place)
    }

    private mutating func chosen() -> Int {
        guard let balancer = system.balancer else { return 0 }
        let count = stages[0].count
        switch balancer {
        case .random: return random.index(below: count)
        case .roundRobin:
            turn = (turn + 1) % count
            return turn
        case .leastOfTwo:
            guard count > 1 else { return 0 }
            let one = random.index(below: count)
            let other = (one + 1 + random.index(below: count - 1)) % count
            return stations[other].present < stations[one].present ? other : one
        case .shortest:
            // Ties are broken at random: a fixed order would load the first server more than the others.
            let start = random.index(below: count)
            var best = start
            for step in 1..<max(count, 1) {
                let place = (start + step) % count
                if stations[place].present < stations[best].present { best = place }
            }
            return best
        }
    }

    private mutating func join(_ job: Job, _ station: Int) {
        stations[station].present += 1
        let isFirst = customers[job.customer].isFirst
        stations[station].queues[isFirst ? 0 : 1].append(job)
        serve(station)
    }

    private mutating func serve(_ station: Int) {
        while stations[station].busy < stations[station].servers {
            let place = freeSlots.popLast() ?? slots.count
            if place == slots.count { slots.append((station, 0, [])) }
            slots[place].jobs.removeAll(keepingCapacity: true)
            var isFirst = false
            while slots[place].jobs.count < system.batch {
                if !stations[station].queues[0].isEmpty {
                    isFirst = true
                    slots[place].jobs.append(stations[station].queues[0].removeFirst())
                } else if !stations[station].queues[1].isEmpty {
                    slots[place].jobs.append(stations[station].queues[1].removeFirst())
                } else {
                    break
                }
            }
            guard !slots[place].jobs.isEmpty else {
                freeSlots.append(place)
                return
            }
            var service = stations[station].mean * Double(services.nextService())
            if isFirst, let priority = system.priority { service *= priority.serviceRatio }
            slots[place].station = station
            slots[place].service = service
            stations[station].busy += 1
            if station < stages[0].upperBound { busySum += service }
            work.push(serverNow + service, place)
        }
    }

    private mutating func finish(_ slot: Int) {
        let (station, service, jobs) = slots[slot]
        stations[station].busy -= 1
        stations[station].present -= jobs.count
        defer { freeSlots.append(slot) }
        serve(station)
        for job in jobs where customers[job.customer].token == job.token {
            customers[job.customer].pending -= 1
            guard customers[job.customer].pending == 0 else { continue }
            customers[job.customer].serviceSum += service
            customers[job.customer].stage += 1
            let stage = customers[job.customer].stage
            if stage < stages.count {
                customers[job.customer].pending = stages[stage].count
                for next in stages[stage] { join(job, next) }
            } else {
                leave(job.customer)
            }
        }
    }

    private mutating func leave(_ place: Int) {
        let customer = customers[place]
        if customer.counts {
            let sojourn = now - customer.born
            let wait = sojourn - customer.serviceSum
            counts.served += 1
            counts.sojourns += sojourn
            counts.waits += wait
            counts.classWaits[customer.isFirst ? 0 : 1] += wait
            counts.classCustomers[customer.isFirst ? 0 : 1] += 1
            if sojourn > threshold { counts.over += 1 }
            counts.histogram.count(sojourn)
            open -= 1
        }
        release(place)
    }
}

/// A binary heap of events by time; equal times in the order in which they were put in.
struct EventHeap<Event> {
    private var events: [(time: Double, order: Int, event: Event)] = []
    private var order = 0

    /// The time of the earliest.
    var first: Double? { events.first?.time }

    mutating func push(_ time: Double, _ event: Event) {
        order += 1
        var place = events.count
        events.append((time, order, event))
        while place > 0 {
            let parent = (place - 1) / 2
            guard isBefore(place, parent) else { break }
            events.swapAt(place, parent)
            place = parent
        }
    }

    mutating func pop() -> (time: Double, event: Event)? {
        guard let top = events.first, let last = events.popLast() else { return nil }
        guard !events.isEmpty else { return (top.time, top.event) }
        events[0] = last
        var place = 0
        while true {
            var best = place
            for child in [2 * place + 1, 2 * place + 2] where child < events.count && isBefore(child, best) {
                best = child
            }
            guard best != place else { break }
            events.swapAt(place, best)
            place = best
        }
        return (top.time, top.event)
    }

    private func isBefore(_ one: Int, _ other: Int) -> Bool {
        (events[one].time, events[one].order) < (events[other].time, events[other].order)
    }
}
