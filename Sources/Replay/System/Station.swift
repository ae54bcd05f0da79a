import Exchange
import Numerics

/// A customer's visit to a station; void when the customer has another token by then.
struct Job: BitwiseCopyable {
    var customer: Int
    var token: Int
    /// Whether the customer is of the judged stream.
    var isJudged: Bool
    /// Whether the customer goes first where there are classes.
    var isFirst: Bool
}

/// Jobs in lists, by places that are used again.
struct JobLists: ~Copyable {
    /// A list, first in, first out.
    struct List: BitwiseCopyable {
        fileprivate var head = -1
        fileprivate var tail = -1

        var isEmpty: Bool { head < 0 }
    }

    private var jobs = Pool<(job: Job, next: Int)>()
    private var free = -1

    @inline(__always)
    mutating func append(_ job: Job, to list: inout List) {
        var place = free
        if place < 0 {
            place = jobs.count
            jobs.append((job, -1))
        } else {
            free = jobs[place].next
            jobs[place] = (job, -1)
        }
        if list.tail < 0 { list.head = place } else { jobs[list.tail].next = place }
        list.tail = place
    }

    /// The first of a list, which stays in it; there has to be one.
    @inline(__always)
    func first(of list: List) -> Job { jobs[list.head].job }

    /// Takes the first out of a list; there has to be one.
    @inline(__always)
    mutating func removeFirst(of list: inout List) -> Job {
        let place = list.head
        let (job, next) = jobs[place]
        list.head = next
        if next < 0 { list.tail = -1 }
        jobs[place].next = free
        free = place
        return job
    }
}

/// Servers with a queue for each class.
struct Station: BitwiseCopyable {
    let stage: Int
    let servers: Int
    /// Those who go first where there are classes.
    var first = JobLists.List()
    var others = JobLists.List()
    var busy = 0
    /// Customers who wait or are served.
    var present = 0
}

/// What a server does at a time.
struct Slot: BitwiseCopyable {
    var station = 0
    var service = 0.0
    /// Who is served.
    var jobs = JobLists.List()
    var jobCount = 0
}

/// A queue of values.
struct FirstInFirstOut<Value: BitwiseCopyable>: ~Copyable {
    private var values = Pool<Value>()
    private var head = 0
    private var tail = 0
    private var mask = 0

    var isEmpty: Bool { head == tail }
    /// The first; there has to be one.
    @inline(__always)
    var first: Value { values[head & mask] }

    /// Values lie in a ring, which is unrolled when it is full.
    @inline(__always)
    mutating func append(_ value: Value) {
        if tail - head == values.count { grow(with: value) }
        values[tail & mask] = value
        tail += 1
    }

    @inline(__always)
    mutating func removeFirst() -> Value {
        defer { head += 1 }
        return values[head & mask]
    }

    private mutating func grow(with filling: Value) {
        let count = values.count
        var wider = Pool<Value>(capacity: max(16, 2 * count))
        for place in head..<tail { wider.append(values[place & mask]) }
        while wider.count < max(16, 2 * count) { wider.append(filling) }
        values = wider
        (head, tail, mask) = (0, count, values.count - 1)
    }
}

/// Sends customers to stations that lie side by side.
struct StationChoice {
    let balancer: QueueRules.Balancer?
    private var turn = 0

    init(_ balancer: QueueRules.Balancer?) { self.balancer = balancer }

    /// The place of a station among some.
    mutating func choose(
        among stations: borrowing Pool<Station>, in places: Range<Int>, random: inout Random
    ) -> Int {
        let (count, first) = (places.count, places.lowerBound)
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
