/// The clock of servers that stand still in pauses, with the departures that are due by it.
///
/// A pause so moves all departures at once.
struct ServerClock: ~Copyable {
    /// The slots that are served, by the clock's time of their departure.
    private var work = EventHeap<Int>()
    private var now = 0.0
    private var pauseLeft = 0.0

    /// When the next departure is, by the wall's clock, which shows a time.
    @inline(__always)
    func departure(wall: Double) -> Double { wall + pauseLeft + max(0, work.firstTime - now) }

    /// Lets time pass on the wall.
    @inline(__always)
    mutating func advance(by passed: Double) {
        let paused = min(passed, pauseLeft)
        pauseLeft -= paused
        now += passed - paused
    }

    /// Stands still for so much longer.
    mutating func pause(for seconds: Double) { pauseLeft += seconds }

    /// A slot is served for so long from now on.
    @inline(__always)
    mutating func serve(_ slot: Int, for seconds: Double) { work.push(now + seconds, slot) }

    /// The slot whose departure is due.
    @inline(__always)
    mutating func depart() -> Int {
        let (time, slot) = work.pop()
        now = max(now, time)
        return slot
    }
}
