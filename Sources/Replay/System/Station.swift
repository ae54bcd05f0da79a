import Exchange
import Numerics

/// A customer's visit to a station; void when the customer has another token by then.
struct Job {
    var customer: Int
    var token: Int
    /// Whether the customer is of the judged stream.
    var isJudged: Bool
    /// Whether the customer goes first where there are classes.
    var isFirst: Bool
}

/// Servers with a queue for each class.
struct Station {
    let stage: Int
    let servers: Int
    /// Customers who go first, and the others.
    var queues = [FirstInFirstOut<Job>(), FirstInFirstOut<Job>()]
    var busy = 0
    /// Customers who wait or are served.
    var present = 0

    init(stage: Int, servers: Int) {
        self.stage = stage
        self.servers = servers
    }
}

/// A queue of values.
struct FirstInFirstOut<Value> {
    private var values: [Value] = []
    private var head = 0

    var isEmpty: Bool { head == values.count }
    var first: Value? { isEmpty ? nil : values[head] }

    mutating func append(_ value: Value) { values.append(value) }

    mutating func removeFirst() -> Value {
        let value = values[head]
        head += 1
        if head > 1024, 2 * head > values.count {
            values.removeFirst(head)
            head = 0
        }
        return value
    }
}

/// Sends customers to stations that lie side by side.
struct StationChoice {
    let balancer: QueueRules.Balancer?
    private var turn = 0

    init(_ balancer: QueueRules.Balancer?) { self.balancer = balancer }

    /// The place of a station among some.
    mutating func choose(among stations: ArraySlice<Station>, random: inout Random) -> Int {
        let (count, first) = (stations.count, stations.startIndex)
        guard let balancer else { return first }
        switch balancer {
        case .random: return first + random.index(below: count)
        case .roundRobin:
            turn = (turn + 1) % count
            return first + turn
        case .leastOfTwo:
            guard count > 1 else { return first }
            let one = random.index(below: count)
            let other = (one + 1 + random.index(below: count - 1)) % count
            return first + (stations[first + other].present < stations[first + one].present ? other : one)
        case .shortest:
            // Ties are broken at random: a fixed order would load the first server more than the others.
            let start = random.index(below: count)
            var best = start
            for step in 1..<max(count, 1) {
                let place = (start + step) % count
                if stations[first + place].present < stations[first + best].present { best = place }
            }
            return first + best
        }
    }
}
