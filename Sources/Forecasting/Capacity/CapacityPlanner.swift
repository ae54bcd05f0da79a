import Foundation
import Numerics
import Units

/// Chooses the cheapest capacity that is expected to miss no more than a stated share.
///
/// The cost of capacity against its misses is minimised directly, instead of a quantile (`CapacityCost`), over
/// all series at once; one factor for each series then meets the share (`CapacityScale`). Coefficients learnt
/// from public trade counts (`CapacityPrior`) steady short histories and fade as the own history grows.
public struct CapacityPlanner: Sendable {
    /// What may be missed.
    public let target: CapacityTarget
    /// Steps that are planned at each origin.
    public let horizon: Int
    /// Coefficients are refitted every so many origins, and no more often than every four weeks.
    public let refitEvery: Int
    /// What is known beforehand of coefficients and factors; nil for what public data taught.
    public let prior: CapacityPrior?
    /// Threads to use; the results do not depend on them.
    public let threads: Int

    public init(
        _ target: CapacityTarget, horizon: Int, refitEvery: Int = 1, prior: CapacityPrior? = nil,
        threads: Int = 1
    ) {
        self.target = target
        self.prior = prior
        self.horizon = max(1, horizon)
        self.refitEvery = max(1, refitEvery)
        self.threads = max(1, threads)
    }

    /// The capacity of one series.
    public struct Answer: Sendable {
        /// By origin, as they were asked for: the capacity of each step; empty where there is no answer.
        public var capacities: [[Double]]
        /// What a reader should know.
        public var notes: [String]
    }

    /// Plans series at origins, which are given for each as steps before its end, the last one first; only
    /// values before an origin are used for it.
    ///
    /// - Parameters:
    ///   - series: The series; those with one step and phase are planned together.
    ///   - prices: Their prices, on the same steps; nil where there are none.
    ///   - places: By series, its origins.
    /// - Returns: An answer for each series.
    public func plan(
        _ series: [RegularSeries], prices: [SeriesTable.Prices?], places: [[Int]]
    ) -> [Answer] {
        var answers = series.map { _ in Answer(capacities: [], notes: []) }
        var groups: [[Int64]: [Int]] = [:]
        for (index, one) in series.enumerated() {
            let step = one.stepSeconds
            answers[index].capacities = places[index].map { _ in [] }
            if let reason = CapacityPlanner.refusal(one) {
                answers[index].notes = [reason]
            } else {
                groups[[step, (one.start.seconds % step + step) % step], default: []].append(index)
            }
        }
        for members in groups.values.sorted(by: { $0[0] < $1[0] }) {
            let grid = CapacityGrid(members.map { series[$0] }, prices: members.map { prices[$0] })
            let origins = members.map { index in
                let end = Int((series[index].end.seconds - grid.start.seconds) / grid.stepSeconds)
                return places[index].map { end - $0 }
            }
            let planned = planTogether(grid, origins)
            for (index, answer) in zip(members, planned) { answers[index] = answer }
        }
        return answers
    }

    /// Why a series cannot be planned so.
    private static func refusal(_ series: RegularSeries) -> String? {
        var positive = 0
        for value in series.values where value.isFinite {
            if value < 0 { return "negative values, so capacity is the forecast's quantile" }
            if value > 0 { positive += 1 }
        }
        let day = max(2, Int(86_400 / series.stepSeconds))
        if positive < day { return "less than a day of demand, so capacity is the forecast's quantile" }
        return nil
    }

    private func planTogether(_ grid: CapacityGrid, _ origins: [[Int]]) -> [Answer] {
        let design = CapacityDesign(grid, horizon: horizon, measure: target.measure)
        let rows = CapacityRows(design, threads: threads)
        let times = Set(origins.joined()).sorted()
        let interval = max(grid.steps(hours: 4 * 168), refitEvery * horizon)
        var starts: [Int] = []
        for time in times where starts.isEmpty || time >= starts[starts.count - 1] + interval {
            starts.append(time)
        }
        var fits: [CapacityFit] = []
        for (index, start) in starts.enumerated() {
            let end = index + 1 < starts.count ? starts[index + 1] : Int.max
            fits.append(
                CapacityFit(
                    design, rows, before: start, serving: times.filter { $0 >= start && $0 < end },
                    target: target, prior: prior ?? .standard(design.lead, target.measure),
                    start: fits.last?.beta, threads: threads))
        }
        let (known, begins) = (fits, starts)
        return Parallel.map(origins.count, threads: threads) { series in
            var place = known.count - 1
            let capacities = origins[series].map { origin -> [Double] in
                while place > 0, begins[place] > origin { place -= 1 }
                return known[place].capacity(design, series: series, origin: origin)
            }
            return Answer(capacities: capacities, notes: notes(grid, series))
        }
    }

    private func notes(_ grid: CapacityGrid, _ series: Int) -> [String] {
        var notes: [String] = []
        let weeks = Double(grid.count - grid.firsts[series]) * grid.stepHours / 168
        if weeks < 26 {
            notes.append(
                "only \(Int(saturating: weeks)) weeks of history, so capacity relies on what was learned from public "
                    + "trade counts")
        }
        if grid.moves.allSatisfy({ $0 == nil }) {
            notes.append("no prices given, so capacity does not use them")
        }
        return notes
    }
}
