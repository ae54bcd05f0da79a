#if canImport(Glibc)
    import Glibc
#else
    import Musl
#endif
import Units

/// Checks the step of bars that do not say where they end: all bars of a table are read as equally long, which they are only
/// where each series starts them at that step.
///
/// 16 bytes a bar.
final class BarSteps {
    private var series: [(name: String, starts: [(time: Int64, line: Int)])] = []
    private var places: [ObjectIdentifier: Int] = [:]

    /// Takes note of a bar of a series.
    func add(_ start: Int64, line: Int, of id: SeriesID, _ key: AnyObject) {
        let place: Int
        if let known = places[ObjectIdentifier(key)] {
            place = known
        } else {
            place = series.count
            places[ObjectIdentifier(key)] = place
            series.append((id.name, []))
        }
        series[place].starts.append((start, line))
    }

    /// The first series whose bars are of another length than `stepSeconds`, as the error of the file.
    func problem(stepSeconds: Int64, path: String) -> IngestError? {
        for (name, starts) in series {
            guard let (line, message) = BarSteps.problem(starts, stepSeconds) else { continue }
            return .malformed(path: path, line: line, column: 0, message: "the bars of '\(name)' " + message)
        }
        return nil
    }

    private static func problem(
        _ starts: [(time: Int64, line: Int)], _ stepSeconds: Int64
    ) -> (line: Int, message: String)? {
        var lines: [Int64: Int] = [:]
        for start in starts where lines[start.time] == nil { lines[start.time] = start.line }
        let sorted = lines.keys.sorted()
        guard let first = sorted.first, sorted.count >= 4 else { return nil }
        let grid = TimeGrid(sorted)
        switch grid {
        case .mixed(let fine, let coarse):
            let place = grid.firstChange(in: sorted) ?? 0
            return (
                lines[sorted[place]] ?? 0,
                "have two steps, \(fine) s and \(coarse) s, and change here; put each step in a file of its own"
            )
        case .exact(let own), .jittered(let own, _):
            if own == stepSeconds { return nil }
            // A thin market leaves bars out; not always all but every fourth.
            let isThin =
                own % stepSeconds == 0 && Double(sorted.count - 1) * log2(Double(own / stepSeconds)) < 20
            if isThin { return nil }
            return (
                lines[first] ?? 0,
                "have a step of \(own) s, and others of the file one of \(stepSeconds) s; put each step in a file of "
                    + "its own, or add a column of closing times"
            )
        case .none:
            return (
                lines[first] ?? 0,
                "start at irregular times, so that their length is unknown; add a column of closing times"
            )
        case .months: return nil
        }
    }
}
