/// Moves work that may wait off the peak.
enum Deferral {
    private static let bisections = 60
    /// A hair of work is none, as a share of the most of a step.
    private static let rounding = 1e-12

    /// The work that is done in each step where the rest may be done some steps later: so that the most of a step is the least,
    /// and no work later than it has to be for that. What is left at the end of the span is done in it.
    ///
    /// - Parameters:
    ///   - load: Work that comes in each step.
    ///   - share: The share of it that may not wait.
    ///   - steps: By how many steps the rest may be done later.
    /// - Returns: Work that is done in each step; its sum is that of the load.
    static func done(_ load: [Double], critical share: Double, steps: Int) -> [Double] {
        guard share < 1, steps > 0, let most = load.max(), most > 0 else { return load }
        var (low, high) = (most * share, most)
        if let done = done(load, share, steps, capacity: low, most) { return done }
        for _ in 0..<bisections {
            let middle = 0.5 * (low + high)
            if done(load, share, steps, capacity: middle, most) == nil { low = middle } else { high = middle }
        }
        return done(load, share, steps, capacity: high, most) ?? load
    }

    /// The work done in each step, the oldest first, where no step does more than a capacity; nil where some is too late.
    private static func done(
        _ load: [Double], _ share: Double, _ steps: Int, capacity: Double, _ most: Double
    ) -> [Double]? {
        var waiting: [(until: Int, work: Double)] = []
        var done: [Double] = []
        for (step, work) in load.enumerated() {
            waiting.append((min(step + steps, load.count - 1), work * (1 - share)))
            var room = max(0, capacity - work * share)
            var sum = work * share
            while let first = waiting.first, room > 0 {
                let taken = min(room, first.work)
                room -= taken
                sum += taken
                waiting[0].work -= taken
                if waiting[0].work > rounding * most { break }
                waiting.removeFirst()
            }
            if let first = waiting.first, first.until <= step, first.work > rounding * most { return nil }
            done.append(sum)
        }
        return done
    }
}
