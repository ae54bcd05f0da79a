import Foundation
import Numerics

/// One replication of a network of queues, event by event; times are in any unit.
///
/// Servers have clocks of their own, which stand still in pauses. Departures are kept by these, so that a pause moves
/// all of them at once.
struct SystemSimulation<Source: CustomerSource>: ~Copyable {
    struct Customer: BitwiseCopyable {
        var born = 0.0
        var key = 0
        /// The service that the customer brought to the stage; nil: drawn when it begins.
        var service: Double?
        var token = 0
        /// Attempts that have failed.
        var attempt = 0
        var stage = 0
        /// Stations of the stage that are still to serve the customer.
        var pending = 0
        var serviceSum = 0.0
        var isJudged = true
        var isFirst = false
        var counts = false
    }

    enum Happening: BitwiseCopyable {
        case storm
        case stray
        case attempt(Job)
        case pause(clock: Int)
    }

    private let network: StageNetwork
    private let unit: Double
    private let threshold: Double
    /// The stages, with their stations' places.
    private var stages = Pool<(rules: StageNetwork.Stage, stations: Range<Int>, choice: StationChoice)>()
    private var stations = Pool<Station>()
    private var clocks = Pool<ServerClock>()
    private var source: Source
    private var random: Random
    private var wall = EventHeap<Happening>()
    /// When the next customer comes.
    private var arrival = Double.infinity
    /// When attempts at a stage are given up: all wait alike, so that the first to begin is the first to end.
    private var timeouts = Pool<FirstInFirstOut<(time: Double, job: Job)>>()
    private var lists = JobLists()
    private var slots = Pool<Slot>()
    private var freeSlots = Pool<Int>()
    private var customers = Pool<Customer>()
    private var freeCustomers = Pool<Int>()
    private var now = 0.0
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
    /// For each key that is followed, how long its customer was there; infinite where it was not served.
    private(set) var sojournOfKey: [Float] = []

    /// A replication.
    ///
    /// - Parameters:
    ///   - network: The queues.
    ///   - unitSeconds: The unit of the source's times.
    ///   - thresholdSeconds: A longer sojourn is counted as over.
    ///   - source: The customers.
    ///   - random: Draws all else.
    init(
        _ network: StageNetwork, unitSeconds: Double, thresholdSeconds: Double, source: Source, random: Random
    ) {
        self.network = network
        self.source = source
        self.random = random
        unit = unitSeconds
        threshold = thresholdSeconds / unitSeconds
        for _ in network.pauses { clocks.append(ServerClock()) }
        for (index, stage) in network.stages.enumerated() {
            let start = stations.count
            for _ in 0..<stage.stations { stations.append(Station(stage: index, servers: stage.servers)) }
            stages.append((stage, start..<stations.count, StationChoice(stage.balancer)))
            timeouts.append(FirstInFirstOut())
        }
        expectNext()
        if let storm = network.storm {
            wall.push(storm.everySeconds / unit * self.random.exponential(), .storm)
        }
        for (clock, pause) in network.pauses.enumerated() {
            guard let pause else { continue }
            wall.push(pause.everySeconds / unit * self.random.exponential(), .pause(clock: clock))
        }
    }

    /// Keeps the times of customers by their keys, from 0 on.
    mutating func followsKeys(_ count: Int) { sojournOfKey = [Float](repeating: .infinity, count: count) }

    /// Runs until so many customers have come after the warm-up, and follows those to their end.
    mutating func run(warmUp: Int, customers count: Int) {
        counted = warmUp..<warmUp + count
        // New customers keep coming while the last ones are followed, but not for ever.
        while born < counted.upperBound || (open > 0 && born < 4 * counted.upperBound + 1000) { step() }
        counts.unfinished = open
    }

    private mutating func step() {
        var (departure, clock) = (Double.infinity, 0)
        for place in 0..<clocks.count {
            let time = clocks[place].departure(wall: now)
            if time < departure { (departure, clock) = (time, place) }
        }
        var (timeout, waiting) = (Double.infinity, 0)
        for stage in 0..<timeouts.count where !timeouts[stage].isEmpty {
            let time = timeouts[stage].first.time
            if time < timeout { (timeout, waiting) = (time, stage) }
        }
        let event = min(wall.firstTime, arrival, timeout)
        let next = min(departure, event)
        for place in 0..<clocks.count { clocks[place].advance(by: next - now) }
        now = next
        if departure <= event {
            finish(clocks[clock].depart())
        } else if event == arrival {
            expectNext()
            enter()
        } else if event == timeout {
            giveUp(timeouts[waiting].removeFirst().job)
        } else {
            handle(wall.pop().event)
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
            guard let storm = network.storm else { return }
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
        case .pause(let clock):
            guard let pause = network.pauses[clock] else { return }
            wall.push(now + pause.everySeconds / unit * random.exponential(), .pause(clock: clock))
            clocks[clock].pause(for: pause.lengthSeconds / unit * random.exponential())
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
        let newcomer = source.next()
        var customer = Customer()
        customer.born = now
        customer.key = newcomer.key
        customer.stage = newcomer.stage
        customer.isJudged = newcomer.isJudged
        customer.counts = isCounted && newcomer.isJudged
        customer.isFirst = newcomer.visit.isFirst
        customer.service = newcomer.visit.service
        let place = freeCustomers.isEmpty ? customers.count : freeCustomers.removeLast()
        if place == customers.count { customers.append(customer) } else { customers[place] = customer }
        if customer.counts {
            counts.customers += 1
            open += 1
        }
        if customer.stage < stages.count { attempt(place) } else { leave(place) }
    }

    private mutating func attempt(_ place: Int) {
        nextToken += 1
        customers[place].token = nextToken
        if network.attemptsPassAllStages {
            customers[place].stage = 0
            customers[place].serviceSum = 0
        }
        let index = customers[place].stage
        if customers[place].counts { counts.attempts += 1 }
        let station = stages[index].choice.choose(
            among: stations, in: stages[index].stations, random: &random)
        if let capacity = stages[index].rules.capacity, stations[station].present >= capacity {
            if customers[place].counts { counts.refused += 1 }
            comeBack(place)
            return
        }
        if let timeout = stages[index].rules.timeoutSeconds {
            timeouts[index].append((now + timeout / unit, job(place)))
        }
        if stages[index].rules.balancer != nil {
            customers[place].pending = 1
            join(job(place), station)
        } else {
            joinAll(place)
        }
    }

    private func job(_ place: Int) -> Job {
        let customer = customers[place]
        return Job(
            customer: place, token: customer.token, isJudged: customer.isJudged, isFirst: customer.isFirst)
    }

    /// The customer enters all stations of the stage.
    private mutating func joinAll(_ place: Int) {
        let stations = stages[customers[place].stage].stations
        customers[place].pending = stations.count
        for station in stations { join(job(place), station) }
    }

    private mutating func comeBack(_ place: Int) {
        customers[place].attempt += 1
        nextToken += 1
        customers[place].token = nextToken
        let stage = network.attemptsPassAllStages ? 0 : customers[place].stage
        guard let retry = stages[stage].rules.retry, customers[place].attempt <= retry.attemptsMax else {
            if customers[place].counts {
                counts.lost += 1
                open -= 1
            }
            release(place)
            return
        }
        let mean = retry.backoffSeconds / unit * pow(2, Double(customers[place].attempt - 1))
        let share = 1 - retry.jitter + retry.jitter * random.exponential()
        wall.push(now + mean * share, .attempt(job(place)))
    }

    private mutating func release(_ place: Int) {
        nextToken += 1
        customers[place].token = nextToken
        freeCustomers.append(place)
    }

    private mutating func join(_ job: Job, _ station: Int) {
        stations[station].present += 1
        if job.isFirst, stages[stations[station].stage].rules.hasClasses {
            lists.append(job, to: &stations[station].first)
        } else {
            lists.append(job, to: &stations[station].others)
        }
        serve(station)
    }

    private mutating func serve(_ station: Int) {
        let index = stations[station].stage
        while stations[station].busy < stations[station].servers {
            var slot = Slot(station: station)
            while slot.jobCount < stages[index].rules.batch {
                let job: Job
                if !stations[station].first.isEmpty {
                    job = lists.removeFirst(of: &stations[station].first)
                } else if !stations[station].others.isEmpty {
                    job = lists.removeFirst(of: &stations[station].others)
                } else {
                    break
                }
                lists.append(job, to: &slot.jobs)
                slot.jobCount += 1
            }
            guard slot.jobCount > 0 else { return }
            slot.service = stages[index].rules.mean * service(of: lists.first(of: slot.jobs), at: index)
            let place = freeSlots.isEmpty ? slots.count : freeSlots.removeLast()
            if place == slots.count { slots.append(slot) } else { slots[place] = slot }
            stations[station].busy += 1
            if index == 0 { busySum += slot.service }
            clocks[stages[index].rules.clock].serve(place, for: slot.service)
        }
    }

    /// A first visit takes what the customer brought; other visits draw anew.
    private mutating func service(of job: Job, at stage: Int) -> Double {
        let customer = customers[job.customer]
        if customer.token == job.token, customer.attempt == 0, let service = customer.service {
            return service
        }
        return source.service(stage: stage, isJudged: job.isJudged, isFirst: job.isFirst)
    }

    private mutating func finish(_ place: Int) {
        var slot = slots[place]
        freeSlots.append(place)
        stations[slot.station].busy -= 1
        stations[slot.station].present -= slot.jobCount
        serve(slot.station)
        while !slot.jobs.isEmpty {
            let job = lists.removeFirst(of: &slot.jobs)
            guard customers[job.customer].token == job.token else { continue }
            customers[job.customer].pending -= 1
            guard customers[job.customer].pending == 0 else { continue }
            customers[job.customer].serviceSum += slot.service
            goOn(job.customer)
        }
    }

    /// On to the next stage that the customer passes, or out.
    private mutating func goOn(_ place: Int) {
        var stage = customers[place].stage + 1
        while stage < stages.count {
            let customer = customers[place]
            guard let visit = source.visit(customer.key, stage: stage, isFirst: customer.isFirst) else {
                stage += 1
                continue
            }
            customers[place].stage = stage
            customers[place].service = visit.service
            customers[place].isFirst = visit.isFirst
            if network.attemptsPassAllStages {
                joinAll(place)
            } else {
                customers[place].attempt = 0
                attempt(place)
            }
            return
        }
        leave(place)
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
            if customer.key < sojournOfKey.count { sojournOfKey[customer.key] = Float(sojourn) }
            if keepsSojourns { sojourns.append(sojourn) } else { counts.histogram.count(sojourn) }
            open -= 1
        }
        release(place)
    }
}
