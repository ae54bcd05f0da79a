import Exchange
import Numerics

/// Messages of a stretch of a path, drawn at the highest rate; lanes of lower rates leave some out.
struct WindowMessages {
    private(set) var times: [Double] = []
    private(set) var marks: [Double] = []
    private(set) var services: [Double] = []
    private(set) var areFirst: [Bool] = []

    init(
        path: WindowPath, cells: Range<Int>, topRate: Double, surroundings: QueueChain.Surroundings,
        random: inout Random
    ) {
        path.forEachArrival(in: cells, main: topRate, other: 0, random: &random) { time, _, random in
            times.append(time)
            marks.append(random.uniform())
            let isFirst = surroundings.first.map { random.uniform() < $0.share } ?? false
            areFirst.append(isFirst)
            services.append(surroundings.service(isFirst: isFirst, random: &random))
        }
    }
}

extension QueueChain.Surroundings {
    /// A service time of a class.
    func service(isFirst: Bool, random: inout Random) -> Double {
        if isFirst, let first { return first.service.draw(&random) }
        return others.draw(&random)
    }
}

/// One lane's customers for a simulation, in seconds: those who wait at the start, and those who come.
struct WindowCustomers: CustomerSource {
    private let surroundings: QueueChain.Surroundings
    private let messages: WindowMessages
    private let places: [Int]
    private let waiting: Int
    private var random: Random
    private var expected = 0
    private var come = 0
    private var last: Double

    /// Customers from a start on.
    ///
    /// - Parameters:
    ///   - messages: The messages of all lanes.
    ///   - share: The lane's rate over the highest.
    ///   - start: The start of the simulation, in the path's time.
    ///   - waiting: Customers who are there at the start.
    ///   - surroundings: What gives the services of later attempts.
    ///   - random: Draws these.
    init(
        _ messages: WindowMessages, share: Double, start: Double, waiting: Int,
        surroundings: QueueChain.Surroundings, random: Random
    ) {
        self.messages = messages
        self.waiting = waiting
        self.surroundings = surroundings
        self.random = random
        places = messages.times.indices.filter { messages.marks[$0] < share }
        last = start
    }

    /// Customers who come before a time, those who are there at the start included.
    func count(before time: Double) -> Int {
        waiting + (places.firstIndex { messages.times[$0] >= time } ?? places.count)
    }

    mutating func nextGap() -> Double {
        defer { expected += 1 }
        guard expected >= waiting else { return 0 }
        guard expected - waiting < places.count else { return .infinity }
        let time = messages.times[places[expected - waiting]]
        defer { last = time }
        return time - last
    }

    mutating func nextIsFirst() -> Bool {
        guard come >= waiting else { return false }
        return messages.areFirst[places[come - waiting]]
    }

    mutating func nextService(isFirst: Bool, isOwn: Bool) -> Double {
        guard isOwn else { return surroundings.service(isFirst: isFirst, random: &random) }
        defer { come += 1 }
        guard come >= waiting else { return surroundings.service(isFirst: isFirst, random: &random) }
        return messages.services[places[come - waiting]]
    }
}
