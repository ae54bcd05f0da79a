import Exchange
import Numerics

/// A customer's visit to a station; void when the customer has another token by then.
struct Job {
    var customer: Int
    var token: Int
}

/// Servers with a queue for each class.
struct Station {
    var servers: Int
    /// The mean service time, in the unit of the source's services.
    var mean: Double
    var queues = [FirstInFirstOut<Job>(), FirstInFirstOut<Job>()]
    var busy = 0
    /// Customers who wait or are served.
    var present = 0

    init(servers: Int, mean: Double) {
        self.servers = servers
        self.mean = mean
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

    /// The place of a station among the first `count`.
    mutating func choose(among stations: [Station], count: Int, random: inout Random) -> Int {
        guard let balancer else { return 0 }
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
}
