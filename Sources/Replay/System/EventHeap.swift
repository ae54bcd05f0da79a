/// A binary heap of events by time; equal times in the order in which they were put in.
struct EventHeap<Event: BitwiseCopyable>: ~Copyable {
    struct Entry: BitwiseCopyable {
        var time: Double
        var order: Int
        var event: Event

        func isBefore(_ other: Entry) -> Bool {
            time < other.time || (time == other.time && order < other.order)
        }
    }

    private var entries = Pool<Entry>()
    private var order = 0

    /// The time of the earliest; infinite where there is none.
    @inline(__always)
    var firstTime: Double { entries.isEmpty ? .infinity : entries[0].time }

    @inline(__always)
    mutating func push(_ time: Double, _ event: Event) {
        order += 1
        let entry = Entry(time: time, order: order, event: event)
        var hole = entries.count
        entries.append(entry)
        while hole > 0 {
            let parent = (hole - 1) >> 1
            guard entry.isBefore(entries[parent]) else { break }
            entries[hole] = entries[parent]
            hole = parent
        }
        entries[hole] = entry
    }

    /// Takes out the earliest; there has to be one.
    @inline(__always)
    mutating func pop() -> (time: Double, event: Event) {
        let top = entries[0]
        let last = entries.removeLast()
        let count = entries.count
        guard count > 0 else { return (top.time, top.event) }
        var hole = 0
        while true {
            var child = 2 * hole + 1
            guard child < count else { break }
            if child + 1 < count, entries[child + 1].isBefore(entries[child]) { child += 1 }
            guard entries[child].isBefore(last) else { break }
            entries[hole] = entries[child]
            hole = child
        }
        entries[hole] = last
        return (top.time, top.event)
    }
}
