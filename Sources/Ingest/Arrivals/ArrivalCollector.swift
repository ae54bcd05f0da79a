import Tape
import Units

/// Keeps the times of the events of one file until it is known whether the file counts.
final class ArrivalCollector: FileObserver {
    private struct Collected {
        let id: SeriesID
        var nanoseconds: [Int64] = []
        var isResolved = true
        var merger = OrderMerger()
        /// What of it is from files that count.
        var kept = 0
        var wasResolved = true
    }

    private let count: ArrivalCount
    private let limit: Int
    private var collected: [Collected] = []
    private var places: [SeriesID: Int] = [:]
    private var last: (series: SeriesID, place: Int)?
    private var total = 0
    /// Whether every row is an arrival of one series of messages.
    private var joinsAll = false

    init(counting count: ArrivalCount, limit: Int) {
        self.count = count
        self.limit = limit
    }

    /// Whether there were more arrivals than are kept.
    var isFull: Bool { total > limit }

    func begin(_ format: InputFormat) {
        joinsAll = format.joinsArrivals
        last = nil
        for place in collected.indices { collected[place].merger = OrderMerger() }
    }

    func observe(_ trade: TradeEvent, of series: SeriesID) {
        let place = place(of: series)
        if !joinsAll, count == .orders, !collected[place].merger.begins(trade) { return }
        add(trade.time, trade.isResolved, to: place)
    }

    func observe(requestAt time: Timestamp, isResolved: Bool, of series: SeriesID) {
        add(time, isResolved, to: place(of: series))
    }

    private func place(of series: SeriesID) -> Int {
        if let last, last.series == series { return last.place }
        let id = joinsAll ? SeriesID(kind: "messages", venue: series.venue, name: series.name) : series
        let place = places[id] ?? collected.count
        if place == collected.count {
            collected.append(Collected(id: id))
            places[id] = place
        }
        last = (series, place)
        return place
    }

    private func add(_ time: Timestamp, _ isResolved: Bool, to place: Int) {
        total += 1
        guard total <= limit else { return }
        collected[place].nanoseconds.append(time.nanoseconds)
        if !isResolved { collected[place].isResolved = false }
    }

    /// What was read since the last call counts.
    func keep() {
        for place in collected.indices {
            collected[place].kept = collected[place].nanoseconds.count
            collected[place].wasResolved = collected[place].isResolved
        }
    }

    /// What was read since `keep` does not count.
    func drop() {
        for place in collected.indices {
            let surplus = collected[place].nanoseconds.count - collected[place].kept
            total -= surplus
            collected[place].nanoseconds.removeLast(surplus)
            collected[place].isResolved = collected[place].wasResolved
        }
    }

    /// All series by name, their times in order.
    func series() -> [ArrivalSeries] {
        collected.filter { !$0.nanoseconds.isEmpty }.sorted { $0.id < $1.id }.map {
            ArrivalSeries(id: $0.id, nanoseconds: $0.nanoseconds.sorted(), isResolved: $0.isResolved)
        }
    }
}
