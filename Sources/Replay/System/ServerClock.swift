/// The clock of servers that stand still in pauses, with the departures that are due by it.
///
/// A pause so moves all departures at once.
struct ServerClock {
    /// The slots that are served, by the clock's time of their departure.
    var work = EventHeap<Int>()
    /// What the clock shows.
    private(set) var now = 0.0
    private var pauseLeft = 0.0

    /// When the next departure is, by the wall's clock, which shows a time.
    func departure(wall: Double) -> Double {
        work.first.map { wall + pauseLeft + max(0, $0 - now) } ?? .infinity
    }

    /// Lets time pass on the wall.
    mutating func advance(by passed: Double) {
        let paused = min(passed, pauseLeft)
        pauseLeft -= paused
        now += passed - paused
    }

    /// Stands still for so much longer.
    mutating func pause(for seconds: Double) { pauseLeft += seconds }

    /// The slot whose departure is due.
    mutating func depart() -> Int? {
        guard let (time, slot) = work.pop() else { return nil }
        now = max(now, time)
        return slot
    }
}
