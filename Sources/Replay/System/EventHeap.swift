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
