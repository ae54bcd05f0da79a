import Glibc
import Numerics

/// The work that reaches one queue, by path and step, in seconds of work a second.
struct PathLoad: Sendable {
    /// The quantile over paths that stands for a high load.
    static let highLevel = 0.99

    let pathCount: Int
    let stepCount: Int
    /// `[path][step]`, flat.
    let work: [Double]
    /// Its logarithm; minus infinity where there is none.
    let logWork: [Double]

    init(pathCount: Int, stepCount: Int, work: [Double]) {
        self.pathCount = pathCount
        self.stepCount = stepCount
        self.work = work
        logWork = work.map { $0 > 0 ? log($0) : -.infinity }
    }

    func work(path: Int, step: Int) -> Double { work[path * stepCount + step] }

    /// The load of one step on every path, in rising order.
    func sorted(step: Int) -> [Double] {
        (0..<pathCount).map { work(path: $0, step: step) }.sorted()
    }

    /// Quantiles over paths, one a step.
    func quantiles(_ level: Double) -> [Double] {
        (0..<stepCount).map { Summary.quantile(sorted: sorted(step: $0), level) }
    }

    /// For each path the largest load over what is held, over the steps.
    func largestShares(of held: [Double]) -> [Double] {
        (0..<pathCount).map { path in
            var largest = 0.0
            for step in 0..<stepCount {
                largest = max(largest, share(work(path: path, step: step), of: held[step]))
            }
            return largest
        }
    }

    /// The mean over paths, one a step.
    var means: [Double] {
        (0..<stepCount).map { step in
            (0..<pathCount).reduce(0) { $0 + work(path: $1, step: step) } / Double(max(1, pathCount))
        }
    }

    /// Each path's largest load.
    var peaks: [Double] {
        (0..<pathCount).map { work[($0 * stepCount)..<(($0 + 1) * stepCount)].max() ?? 0 }
    }

    /// The largest load of the path whose largest is the median, of two the lower one: the base of multiples.
    var medianPeak: Double {
        let sorted = peaks.sorted()
        return sorted.isEmpty ? 0 : sorted[(sorted.count - 1) / 2]
    }
}

/// A load over what holds it: 0 without load, however little is held; at most 1e300.
func share(_ load: Double, of held: Double) -> Double {
    guard load > 0 else { return 0 }
    return held > 0 ? min(1e300, load / held) : 1e300
}
