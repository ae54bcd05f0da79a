import TestSupport
import Testing
import Units

@Suite("The grid of times")
struct TimeGridTests {
    private static let start: Int64 = 1_767_225_600
    private static let hour: Int64 = 3600
    private static let day: Int64 = 86_400

    private func times(_ from: Int64, _ count: Int, _ step: Int64) -> [Int64] {
        (0..<Int64(count)).map { from + $0 * step }
    }

    /// As many of one step, then as many of another.
    private func changing(_ one: Int64, _ count: Int, _ other: Int64, _ rest: Int) -> [Int64] {
        let first = times(Self.start, count, one)
        return first + times((first.last ?? 0) + other, rest, other)
    }

    @Test(
        "a step that changes is two, whichever comes first",
        arguments: [
            (3600, 100, 86_400, 30), (3600, 24, 86_400, 7), (3600, 1000, 86_400, 10), (86_400, 30, 3600, 100),
            (86_400, 365, 3600, 24), (86_400, 100, 3600, 4), (60, 1440, 3600, 48), (3600, 48, 60, 1440),
            (1800, 100, 3600, 100), (3600, 200, 1800, 50), (86_400, 60, 604_800, 20), (1, 600, 60, 60),
        ] as [(Int64, Int, Int64, Int)])
    func changes(_ one: Int64, _ count: Int, _ other: Int64, _ rest: Int) {
        #expect(TimeGrid(changing(one, count, other, rest)) == .mixed(min(one, other), max(one, other)))
    }

    @Test("a step of months behind one of hours or days is two")
    func monthsBehind() {
        let months = (1...12).compactMap { CivilDate(year: 2027, month: $0, day: 1)?.daysSinceEpoch }.map {
            $0 * Self.day
        }
        for step in [Self.hour, Self.day] {
            guard case .mixed(step, let coarse) = TimeGrid(times(Self.start, 120, step) + months) else {
                Issue.record("read as one step")
                continue
            }
            #expect((28...31).contains(coarse / Self.day))
        }
    }

    @Test("one inside the other is two: on other times, on the same ones, back and forth")
    func interleaved() {
        let hours = times(Self.start, 24 * 20, Self.hour)
        let noons = times(Self.start + Self.day / 2 + 1800, 20, Self.day)
        #expect(TimeGrid(hours + noons) == .mixed(1800, Self.hour))
        let midnights = times(Self.start, 20, Self.day)
        #expect(TimeGrid(hours + midnights, repeats: midnights) == .mixed(Self.hour, Self.day))
        #expect(TimeGrid(hours + midnights) == .exact(stepSeconds: Self.hour))
        var mixed: [Int64] = []
        for week in 0..<6 {
            let from = Self.start + Int64(week) * 14 * Self.day
            mixed += times(from, 24 * 7, Self.hour) + times(from + 7 * Self.day, 7, Self.day)
        }
        #expect(TimeGrid(mixed) == .mixed(Self.hour, Self.day))
    }

    @Test("times that jitter about two steps are two")
    func jittered() {
        var random = SplitMix64(seed: 3)
        let shaken = changing(Self.hour, 200, Self.day, 30).map {
            $0 + Int64.random(in: -20...20, using: &random)
        }
        guard case .mixed = TimeGrid(shaken) else {
            Issue.record("read as \(TimeGrid(shaken))")
            return
        }
    }

    @Test("rows left out at random are no second step", arguments: [0.02, 0.1, 0.3, 0.5, 0.8, 0.97])
    func sparse(_ share: Double) {
        for seed in 0..<40 as Range<UInt64> {
            var random = SplitMix64(seed: seed)
            let kept = times(Self.start, 5000, Self.hour).filter { _ in random.uniform() < share }
            if case .mixed = TimeGrid(kept) { Issue.record("two steps, of share \(share) and seed \(seed)") }
        }
    }

    @Test("nights, weekends, outages and summer time are no second step")
    func habits() {
        let hours = times(Self.start, 24 * 90, Self.hour)
        let open = hours.filter { (9..<17).contains($0 / Self.hour % 24) }
        #expect(TimeGrid(open) == .exact(stepSeconds: Self.hour))
        let weekdays = times(Self.start, 400, Self.day).filter { ($0 / Self.day + 3) % 7 < 5 }
        #expect(TimeGrid(weekdays) == .exact(stepSeconds: Self.day))
        let outages = hours.filter { ![3, 4, 40, 41, 42, 60].contains(($0 - Self.start) / Self.day) }
        #expect(TimeGrid(outages) == .exact(stepSeconds: Self.hour))
        // Midnights of a clock that was set twice a year.
        let local = times(Self.start, 800, Self.day).map {
            $0 - ((90..<300).contains($0 / Self.day % 365) ? Self.hour : 0)
        }
        #expect(TimeGrid(local) == .exact(stepSeconds: Self.day))
    }

    @Test(
        "rows that are few and keep a step have that step, however far apart",
        arguments: [60, 300, 900, 3600, 86_400] as [Int64])
    func few(_ step: Int64) {
        for share in [0.1, 0.05, 0.02, 0.01] {
            for seed in 0..<40 as Range<UInt64> {
                var random = SplitMix64(seed: seed)
                let kept = times(Self.start, 3000, step).filter { _ in random.uniform() < share }
                #expect(TimeGrid(kept) == .exact(stepSeconds: step), "\(share) \(seed)")
            }
        }
    }

    @Test("few rows near a step are put on it, and those of a local midnight are days")
    func fewAndJittered() {
        for seed in 0..<40 as Range<UInt64> {
            var random = SplitMix64(seed: seed)
            let shaken = times(Self.start, 2000, Self.hour).filter { _ in random.uniform() < 0.03 }.map {
                $0 + Int64.random(in: -200...200, using: &random)
            }
            #expect(TimeGrid(shaken) == .jittered(stepSeconds: Self.hour, phase: 0), "\(seed)")
            let local = times(Self.start, 800, Self.day).filter { _ in random.uniform() < 0.1 }.map {
                $0 - ((90..<300).contains($0 / Self.day % 365) ? Self.hour : 0)
            }
            #expect(
                [.exact(stepSeconds: Self.day), .jittered(stepSeconds: Self.day, phase: 0)].contains(
                    TimeGrid(local)), "\(seed)")
        }
    }

    @Test("times at random seconds have no step", arguments: [8, 20, 100])
    func random(_ count: Int) {
        var found = 0
        for seed in 0..<100 as Range<UInt64> {
            var random = SplitMix64(seed: seed)
            let drawn = (0..<count).map { _ in Self.start + Int64.random(in: 0..<2_000_000, using: &random) }
            if TimeGrid(drawn) != .none { found += 1 }
        }
        #expect(found <= 3)
    }

    @Test(
        "a whole series that changes at its start or end needs few rows of the other step",
        arguments: [(120, 4, 86_400), (120, 48, 86_400), (200, 3, 604_800), (300, 12, 7200)]
            as [(Int, Int, Int64)])
    func shortChanges(_ count: Int, _ rest: Int, _ other: Int64) {
        let first = times(Self.start, count, Self.hour)
        let behind = times((first.last ?? 0) + other, rest, other)
        let before = times(Self.start - Int64(rest) * other, rest, other)
        #expect(TimeGrid(first + behind) == .mixed(Self.hour, other))
        #expect(TimeGrid(before + first) == .mixed(Self.hour, other))
        let grid = TimeGrid.mixed(Self.hour, other)
        #expect(grid.firstChange(in: first + behind) == count)
        #expect(grid.firstChange(in: before + first) == rest + 1)
        // A hole before the change is none.
        let holed = Array(first[..<50] + first[70...])
        #expect(grid.firstChange(in: holed + behind) == count - 20)
        #expect(TimeGrid.exact(stepSeconds: Self.hour).firstChange(in: first) == nil)
    }

    @Test("steps of which neither is a multiple of the other are two")
    func unlikeSteps() {
        #expect(
            TimeGrid(changing(5 * Self.hour, 48, 7 * Self.hour, 48)) == .mixed(5 * Self.hour, 7 * Self.hour))
    }

    @Test("a market that thins out has one step")
    func thinning() {
        for seed in 0..<200 as Range<UInt64> {
            var random = SplitMix64(seed: seed)
            let whole = times(Self.start, 200, Self.hour)
            let thin = times(Self.start + 200 * Self.hour, 60, Self.hour).filter { _ in random.uniform() < 0.4
            }
            #expect(TimeGrid(whole + thin) == .exact(stepSeconds: Self.hour), "\(seed)")
        }
    }
}
