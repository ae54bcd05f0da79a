import Foundation
import Numerics

/// What a series would ordinarily have been at each step, and how far it was off.
public struct SeasonalBaseline: Sendable {
    /// The baseline of each step.
    public let values: [Double]
    /// log((y + c) / (baseline + c)); NaN where y is missing.
    public let logRatios: [Double]
    /// The robust standard deviation of the log ratios.
    public let deviation: Double

    /// The baseline from the median of the nearest values of the same phase (four seasons on each side),
    /// times the median ratio to it over the five nearest short seasons.
    ///
    /// Nil where the history is too short or negative.
    public init?(_ series: [Double], seasons: [Int]) {
        let present = series.filter { $0.isFinite }
        guard let lowest = present.min(), lowest >= 0, present.count >= 32 else { return nil }
        let season = seasons.last { 4 * $0 <= series.count } ?? 1
        if season == 1, let short = seasons.first, 4 * short > series.count { return nil }
        let mean = Summary.mean(present)
        guard mean > 0 else { return nil }
        let offset = ValueScale.ratioOffsetShare * mean
        let profile = SeasonalBaseline.profile(series, season: season)
        let raw = zip(series, profile).map { $0.isFinite ? log(($0 + offset) / ($1 + offset)) : .nan }
        let level = SeasonalBaseline.level(raw, season: seasons.first ?? 32)
        logRatios = zip(raw, level).map { $0 - $1 }
        values = zip(profile, level).map { max(0, ($0 + offset) * exp($1) - offset) }
        let known = logRatios.filter(\.isFinite)
        let centre = Summary.median(known)
        deviation = max(
            RobustScale.madToSigma * Summary.median(known.map { abs($0 - centre) }),
            LevelScatter.leastDeviation)
    }

    private static func profile(_ series: [Double], season: Int) -> [Double] {
        guard season > 1 else {
            let middle = Summary.median(series.filter(\.isFinite))
            return [Double](repeating: middle, count: series.count)
        }
        var near: [Double] = []
        return series.indices.map { index in
            near.removeAll(keepingCapacity: true)
            for direction in [-1, 1] {
                var place = index + direction * season
                var found = 0
                while series.indices.contains(place), found < 4 {
                    if series[place].isFinite {
                        near.append(series[place])
                        found += 1
                    }
                    place += direction * season
                }
            }
            // A value is no part of its own baseline, unless there is nothing else.
            if near.isEmpty, series[index].isFinite { near.append(series[index]) }
            near.sort()
            guard !near.isEmpty else { return 0 }
            let half = near.count / 2
            return near.count % 2 == 1 ? near[half] : (near[half - 1] + near[half]) / 2
        }
    }

    /// Blocks of the longest gap that counts as time without a level; beyond it, as after a loss of data, the level goes
    /// on from what was before. Three short seasons, longer than a weekend.
    private static let longestGap = 12

    /// Blocks that are no part of a long gap.
    private static func withoutLongGaps(_ blocks: [Double]) -> [Int] {
        var kept: [Int] = []
        var index = 0
        while index < blocks.count {
            let end = blocks[index...].firstIndex(where: \.isFinite) ?? blocks.count
            if end - index <= longestGap { kept += index..<end }
            if end < blocks.count { kept.append(end) }
            index = end + 1
        }
        return kept
    }

    /// A running median over five short seasons, in blocks of a quarter of one.
    private static func level(_ ratios: [Double], season: Int) -> [Double] {
        let block = max(1, season / 4)
        let blocks = stride(from: 0, to: ratios.count, by: block).map { start in
            Summary.median(ratios[start..<min(start + block, ratios.count)].filter(\.isFinite))
        }
        var smooth = [Double](repeating: 0, count: blocks.count)
        let kept = withoutLongGaps(blocks)
        for place in kept.indices {
            let near = kept[max(0, place - 10)...min(kept.count - 1, place + 10)].map { blocks[$0] }.filter(
                \.isFinite)
            if !near.isEmpty { smooth[kept[place]] = Summary.median(near) }
        }
        return ratios.indices.map { smooth[$0 / block] }
    }
}
