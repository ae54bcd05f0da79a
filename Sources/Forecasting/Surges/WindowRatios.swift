import Foundation
import Numerics

/// Logarithms of sums over a window to those of the baseline, and how they scatter.
struct WindowRatios {
    let width: Int
    /// By step; NaN where less than half of the window is there.
    let ratios: [Double]
    /// By step: the sum of the baseline.
    let levels: [Double]
    private let scatter: LevelScatter

    init(_ values: [Double], _ baseline: [Double], width: Int) {
        self.width = width
        let offset = ValueScale.ratioOffsetShare * Summary.mean(values.filter(\.isFinite))
        var sums = [(value: 0.0, baseline: 0.0, count: 0)]
        for (value, ordinary) in zip(values, baseline) {
            let last = sums[sums.count - 1]
            sums.append(
                value.isFinite
                    ? (last.value + value, last.baseline + ordinary + offset, last.count + 1) : last)
        }
        var ratios: [Double] = []
        var levels: [Double] = []
        for step in values.indices {
            let start = max(0, step - (width - 1) / 2)
            let (from, to) = (sums[start], sums[min(start + width, values.count)])
            let count = to.count - from.count
            let ordinary = to.baseline - from.baseline
            levels.append(ordinary)
            let value = max(0, to.value - from.value) + offset * Double(count)
            ratios.append(2 * count >= width ? log(value / ordinary) : .nan)
        }
        scatter = LevelScatter(ratios: ratios, levels: levels, statistic: LevelScatter.deviation)
        self.ratios = ratios
        self.levels = levels
    }

    /// The robust deviations of other figures by step.
    func scatter(of figures: [Double]) -> LevelScatter {
        LevelScatter(ratios: figures, levels: levels, statistic: LevelScatter.deviation)
    }

    /// The robust deviation at a step's level; infinite where nothing is known.
    func deviation(at step: Int) -> Double {
        scatter[levels[step]] ?? .infinity
    }
}

/// What log ratios say about their scatter, by level: quiet hours scatter more than busy ones.
struct LevelScatter {
    /// The highest level of each group but the last, and the statistic of each group.
    private let bounds: [Double]
    private var statistics: [Double]

    /// Groups of as many values.
    static let groups = 8
    /// The least deviation of a log ratio: what scatters less is taken for as regular. Chosen, not measured.
    static let leastDeviation = 0.02

    /// From ratios, of which those that are not finite are passed over, the level of each, and what is taken of the
    /// ratios of a group.
    init(ratios: [Double], levels: [Double], statistic: ([Double]) -> Double) {
        let known = ratios.indices.filter { ratios[$0].isFinite }.sorted {
            (levels[$0], $0) < (levels[$1], $1)
        }
        let groups = LevelScatter.groups
        let parts = (0..<groups).map { known[known.count * $0 / groups..<known.count * ($0 + 1) / groups] }
            .filter { !$0.isEmpty }
        bounds = parts.dropLast().map { levels[$0[$0.endIndex - 1]] }
        statistics = parts.map { part in statistic(part.map { ratios[$0] }) }
    }

    /// The statistic at a level; nil where nothing is known.
    subscript(level: Double) -> Double? {
        bounds.firstIndex { level <= $0 }.map { statistics[$0] } ?? statistics.last
    }

    /// The same with each statistic times a factor.
    func scaled(by factor: Double) -> LevelScatter {
        var scaled = self
        scaled.statistics = statistics.map { factor * $0 }
        return scaled
    }

    /// The robust standard deviation.
    static func deviation(_ ratios: [Double]) -> Double {
        let centre = Summary.median(ratios)
        return max(leastDeviation, RobustScale.madToSigma * Summary.median(ratios.map { abs($0 - centre) }))
    }
}
