import Exchange
import Numerics

/// One lane's customers for a simulation, in seconds: those who wait at the start, and those who come.
///
/// Keys are places among the messages; those who wait at the start have negative ones.
struct WindowCustomers: CustomerSource {
    private let messages: WindowMessages
    private let places: [Int]
    /// The stages at which somebody waits at the start, one entry for each.
    private let waiting: [Int]
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
    ///   - waiting: Customers who are at each stage at the start.
    ///   - random: Draws what later attempts need.
    init(_ messages: WindowMessages, share: Double, start: Double, waiting: [Int], random: Random) {
        self.messages = messages
        self.waiting = waiting.enumerated().flatMap { repeatElement($0, count: $1) }
        self.random = random
        places = messages.times.indices.filter { messages.marks[$0] < share }
        last = start
    }

    /// Customers who come before a time, those who are there at the start included.
    func count(before time: Double) -> Int {
        waiting.count + (places.firstIndex { messages.times[$0] >= time } ?? places.count)
    }

    mutating func nextGap() -> Double {
        defer { expected += 1 }
        guard expected >= waiting.count else { return 0 }
        guard expected - waiting.count < places.count else { return .infinity }
        let time = messages.times[places[expected - waiting.count]]
        defer { last = time }
        return time - last
    }

    mutating func next() -> Newcomer {
        defer { come += 1 }
        guard come < waiting.count else { return newcomer(places[come - waiting.count]) }
        let stage = waiting[come]
        let isJudged = isWaiterJudged(at: stage)
        let service = service(stage: stage, isJudged: isJudged, isFirst: false)
        return Newcomer(
            key: isJudged ? -1 : -2, stage: stage, isJudged: isJudged,
            visit: StageVisit(isFirst: false, service: service))
    }

    /// A message at the first of its stages.
    private func newcomer(_ key: Int) -> Newcomer {
        for stage in messages.chain.stages.indices {
            guard let visit = messages.visit(key, stage: stage) else { continue }
            return Newcomer(key: key, stage: stage, isJudged: messages.areJudged[key], visit: visit)
        }
        // One of the other stream that comes to none of the stages.
        return Newcomer(
            key: key, stage: messages.chain.stages.count, isJudged: false,
            visit: StageVisit(isFirst: false, service: 0))
    }

    /// Who waits is of either stream, in proportion to their messages.
    private mutating func isWaiterJudged(at stage: Int) -> Bool {
        guard let other = messages.chain.stages[stage].other else { return true }
        return random.uniform() * (1 + messages.chain.otherRatio * other.share) < 1
    }

    /// Who waited at the start goes on as the stream does: one that is judged through all stages, another to none.
    mutating func visit(_ key: Int, stage: Int, isFirst: Bool) -> StageVisit? {
        if key >= 0 { return messages.visit(key, stage: stage) }
        return key == -1 ? StageVisit(isFirst: false, service: nil) : nil
    }

    mutating func service(stage: Int, isJudged: Bool, isFirst: Bool) -> Double {
        messages.chain.stages[stage].classes(isJudged: isJudged).service(isFirst: isFirst, random: &random)
    }
}
