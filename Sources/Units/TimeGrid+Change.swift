#if canImport(Glibc)
    import Glibc
#else
    import Musl
#endif

extension TimeGrid {
    /// The two steps of a series that changes from one to the other, or holds both; nil where it has but one.
    ///
    /// Holes come one by one, or as rows without events are left out. What they leave to chance cannot give long runs of one
    /// and the same distance: of rows each of which is there with probability p, a distance of k steps is as frequent as
    /// p (1 - p)^(k - 1), which no p makes larger than m = (1 - 1/k)^(k - 1) / k. A run of r such distances somewhere among
    /// n has a chance below n m^r. Where that is below 1e-6, the run is a step. A run at the start or the end of a series that is
    /// otherwise whole has one place and not n: there m^r below 1e-5 does.
    ///
    /// - Parameters:
    ///   - distances: Those between neighbours, in order of time.
    ///   - step: The commonest.
    /// - Returns: The finer and the coarser step.
    static func change(in distances: [Int64], of step: Int64) -> TimeGrid? {
        finer(distances, step) ?? coarser(distances, step)
    }

    /// Rows that come faster than the commonest step: a run of such distances that are alike and too long for chance, or hardly
    /// any but in pairs, as rows of another step leave them that lie between those of this one. A clock that was set leaves
    /// single ones.
    private static func finer(_ distances: [Int64], _ step: Int64) -> TimeGrid? {
        let runs = runs(distances) { 2 * $0 <= step }
        let short = runs.reduce(0) { $0 + $1.count }
        for run in runs where run.count >= 3 && areAlike(run) {
            // Of rows left out at random no distance is likelier than a shorter one: these are as frequent as they look, the
            // run itself set aside.
            let share = Double(short - run.count + 1) / Double(distances.count)
            if Double(distances.count) * pow(share, Double(run.count)) < 1e-6 {
                return .mixed(commonestDistance(run[...]), step)
            }
        }
        let pairs = runs.filter { $0.count == 2 }
        let byChance = Double(short * short) / Double(max(1, distances.count))
        guard pairs.count >= 2, 10 * pairs.count >= 4 * short, Double(pairs.count) > 3 * byChance else {
            return nil
        }
        return .mixed(pairs.joined().min() ?? step, step)
    }

    /// A run of one longer distance that holes do not explain.
    private static func coarser(_ distances: [Int64], _ step: Int64) -> TimeGrid? {
        func multiple(_ distance: Int64) -> Int64 { (2 * distance + step) / (2 * step) }
        let single = distances.count { multiple($0) < 2 }
        for run in distances.split(whereSeparator: { multiple($0) < 2 }) where run.count >= 3 {
            let others = distances.count - run.count
            let isWhole = others >= wholeMin && 10 * single >= 9 * others
            var first = run.startIndex
            var (least, most) = (Int64.max, Int64.min)
            for last in run.indices {
                let steps = multiple(run[last])
                (least, most) = (min(least, steps), max(most, steps))
                if most - least > most / 9 { (first, least, most) = (last, steps, steps) }
                // As many multiples as count as alike.
                let width = least == most ? 1 : 1 + (Double(steps) / 9).rounded(.down)
                let share = min(1, width * pow(1 - 1 / Double(steps), Double(steps - 1)) / Double(steps))
                let chance = pow(share, Double(last - first + 1))
                let isOuter = first == distances.startIndex || last == distances.endIndex - 1
                if Double(distances.count) * chance < 1e-6
                    || (isWhole && isOuter && last - first >= 2 && chance < 1e-5)
                {
                    let found = commonestDistance(run[first...last])
                    let rest = distances.filter {
                        single > 0 ? multiple($0) < 2 : !(least...most).contains(multiple($0))
                    }
                    let other = rest.isEmpty ? step : commonestDistance(rest[...])
                    return .mixed(min(other, found), max(other, found))
                }
            }
        }
        return nil
    }

    /// A series of fewer distances is too short to be called whole.
    private static let wholeMin = 20

    /// Two steps of rows that lie on the same times: of times that are there twice with different values, three or more, all
    /// as far from each other.
    static func change(ofRepeats repeats: [Int64], step: Int64) -> TimeGrid? {
        let sorted = Set(repeats).sorted()
        let distances = zip(sorted, sorted.dropFirst()).map { $1 - $0 }
        guard distances.count >= 2, areAlike(distances), let least = distances.min(), least >= 2 * step else {
            return nil
        }
        return .mixed(step, commonestDistance(distances[...]))
    }

    /// The place of the first of some times in order that keeps the other of two steps; nil where the grid has but one.
    ///
    /// Three distances in a row make a step: a hole before them is none.
    public func firstChange(in sorted: [Int64]) -> Int? {
        guard case .mixed(let fine, let coarse) = self else { return nil }
        let areCoarse = zip(sorted, sorted.dropFirst()).map { 2 * ($1 - $0) > fine + coarse }
        guard let first = areCoarse.first else { return nil }
        let run = areCoarse.indices.first { place in
            let next = areCoarse[place...].prefix(3)
            return next.count == 3 && next.allSatisfy { $0 != first }
        }
        return (run ?? areCoarse.firstIndex { $0 != first }).map { $0 + 1 }
    }

    /// Whether distances differ by no more than the days that a month or the hours that a day may have.
    private static func areAlike(_ distances: [Int64]) -> Bool {
        guard let least = distances.min(), let most = distances.max() else { return true }
        return most - least <= most / 9
    }

    private static func commonestDistance(_ distances: ArraySlice<Int64>) -> Int64 {
        let counts = Dictionary(distances.map { ($0, 1) }, uniquingKeysWith: +)
        return counts.min { ($1.value, $0.key) < ($0.value, $1.key) }?.key ?? 0
    }

    /// The longest pieces of neighbours that a condition holds for.
    private static func runs(_ distances: [Int64], where holds: (Int64) -> Bool) -> [[Int64]] {
        distances.split { !holds($0) }.map(Array.init)
    }
}
