import Foundation
import Numerics

/// One replication of a system of queues, event by event; times are in any unit.
///
/// Two clocks: the world's, and the servers', which stands still in a pause. Departures are kept by the servers' clock,
/// so that a pause moves all of them at once.
struct SystemSimulation<Source: CustomerSource> {
    private struct Customer {
        var born = 0.0
        var service = 0.0
        var token = 0
        var attempt = 0
        var stage = 0
        var pending = 0
        var serviceSum = 0.0
        var isFirst = false
        var counts = false
    }

    private enum Happening {
        case storm
        case stray
        case attempt(Job)
        case pause
    }

    private let system: QueueSystem
    private let unit: Double
    private let threshold: Double
    private let capacity: Int?
    private let stages: [Range<Int>]
    private var stations: [Station] = []
    private var choice: StationChoice
    private var source: Source
    private var random: Random
    private var wall = EventHeap<Happening>()
    /// When the next customer comes.
    private var arrival = Double.infinity
    /// When attempts are given up: all wait alike, so that the first to begin is the first to end.
    private var timeouts = FirstInFirstOut<(time: Double, job: Job)>()
    private var work = EventHeap<Int>()
    private var slots: [(station: Int, service: Double, jobs: [Job])] = []
    private var freeSlots: [Int] = []
    private var customers: [Customer] = []
    private var freeCustomers: [Int] = []
    private var now = 0.0
    private var serverNow = 0.0
    private var pauseLeft = 0.0
    private var nextToken = 1
    private var born = 0
    private var counted = 0..<0
    /// Counted customers that are still on their way.
    private var open = 0
    private var started = 0.0
    private var busySum = 0.0
    private var busyBefore = 0.0
    private(set) var counts = SystemCounts()
    /// Whether each served customer's time is kept, in place of a histogram.
    var keepsSojourns = false
    private(set) var sojourns: [Double] = []

    /// A replication.
    ///
    /// - Parameters:
    ///   - system: What surrounds the first stage's queue.
    ///   - servers: Servers of every stage.
    ///   - unitSeconds: The unit of the source's times.
    ///   - thresholdSeconds: A longer sojourn is counted as over.
    ///   - source: The customers.
    ///   - random: Draws all else.
    init(
        _ system: QueueSystem, servers: Int, unitSeconds: Double, thresholdSeconds: Double, source: Source,
        random: Random
    ) {
        self.system = system
        self.source = source
        self.random = random
        unit = unitSeconds
        threshold = thresholdSeconds / unitSeconds
        capacity = system.capacity
        choice = StationChoice(system.balancer)
        var ranges: [Range<Int>] = []
        if system.balancer != nil {
            stations = (0..<servers).map { _ in Station(servers: 1, mean: 1) }
        } else {
            stations = [Station(servers: servers, mean: 1)]
        }
        ranges.append(0..<stations.count)
        for seconds in system.furtherStageSeconds {
            let start = stations.count
            for _ in 0..<system.fanOut {
                stations.append(Station(servers: servers, mean: seconds / unit))
            }
            ranges.append(start..<stations.count)
        }
        stages = ranges
        expectNext()
        if let storm = system.storm {
            wall.push(storm.everySeconds / unit * self.random.exponential(), .storm)
        }
        if let pause = system.pause {
            wall.push(pause.everySeconds / unit * self.random.exponential(), .pause)
        }
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
        let timeout = timeouts.first?.time ?? .infinity
        let event = min(wall.first ?? .infinity, arrival, timeout)
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
        } else if event == arrival {
            expectNext()
            enter()
        } else if event == timeout {
            giveUp(timeouts.removeFirst().job)
        } else if let (_, happening) = wall.pop() {
            handle(happening)
        }
    }

    private mutating func giveUp(_ job: Job) {
        guard customers[job.customer].token == job.token else { return }
        if customers[job.customer].counts { counts.timedOut += 1 }
        comeBack(job.customer)
    }

    private mutating func handle(_ happening: Happening) {
        switch happening {
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
        case .attempt(let job):
            if customers[job.customer].token == job.token { attempt(job.customer) }
        case .pause:
            guard let pause = system.pause else { return }
            wall.push(now + pause.everySeconds / unit * random.exponential(), .pause)
            pauseLeft += pause.lengthSeconds / unit * random.exponential()
        }
    }

    private mutating func expectNext() {
        arrival = now + source.nextGap()
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
        customer.isFirst = source.nextIsFirst()
        customer.service = source.nextService(isFirst: customer.isFirst, isOwn: true)
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
        let station = choice.choose(among: stations, count: stages[0].count, random: &random)
        if let capacity, stations[station].present >= capacity {
            if customers[place].counts { counts.refused += 1 }
            comeBack(place)
            return
        }
        if let timeout = system.timeoutSeconds {
            timeouts.append((now + timeout / unit, Job(customer: place, token: token)))
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
        wall.push(now + mean * random.exponential(), .attempt(Job(customer: place, token: nextToken)))
    }

    private mutating func release(_ place: Int) {
        nextToken += 1
        customers[place].token = nextToken
        freeCustomers.append(place)
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
            while slots[place].jobs.count < system.batch {
                let line = stations[station].queues[0].isEmpty ? 1 : 0
                if stations[station].queues[line].isEmpty { break }
                slots[place].jobs.append(stations[station].queues[line].removeFirst())
            }
            guard let job = slots[place].jobs.first else {
                freeSlots.append(place)
                return
            }
            let service = stations[station].mean * service(of: job, at: station)
            slots[place].station = station
            slots[place].service = service
            stations[station].busy += 1
            if station < stages[0].upperBound { busySum += service }
            work.push(serverNow + service, place)
        }
    }

    /// A customer's first visit to the first stage takes what came with the customer; other visits draw anew.
    private mutating func service(of job: Job, at station: Int) -> Double {
        let customer = customers[job.customer]
        if customer.token == job.token, customer.attempt == 0, station < stages[0].upperBound {
            return customer.service
        }
        return source.nextService(isFirst: customer.isFirst, isOwn: false)
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
            if keepsSojourns { sojourns.append(sojourn) } else { counts.histogram.count(sojourn) }
            open -= 1
        }
        release(place)
    }
}
