import Numerics
import Units

/// Series by the seasons that they have, so that those of equal seasons are worked on together.
struct SeasonGroups {
    private let groups: [(settings: ForecastSettings, members: [Int])]

    /// The groups in the order of their first series; one of all where the seasons are given.
    init(_ series: [RegularSeries], _ settings: ForecastSettings) {
        guard settings.findsSeasons else {
            groups = [(settings, Array(series.indices))]
            return
        }
        let seasons = Parallel.map(series.count, threads: settings.threads) {
            SeasonSearch.seasons(of: series[$0], hasCalendar: settings.hasCalendar)
        }
        let common = SeasonGroups.widened(seasons, series)
        var places: [[Int]: Int] = [:]
        var groups: [(settings: ForecastSettings, members: [Int])] = []
        for (index, found) in common.enumerated() {
            if let place = places[found] {
                groups[place].members.append(index)
            } else {
                places[found] = groups.count
                groups.append(
                    (settings.with(seasons: found, stepSeconds: series[index].stepSeconds), [index]))
            }
        }
        self.groups = groups
    }

    /// The seasons with the long one that most of the series show whose short one is the same: in a few cycles of one
    /// series it is easily missed. Only where the series holds it twice.
    private static func widened(_ seasons: [[Int]], _ series: [RegularSeries]) -> [[Int]] {
        var counts: [Int: [[Int]: Int]] = [:]
        for found in seasons {
            if let short = found.first { counts[short, default: [:]][found, default: 0] += 1 }
        }
        return zip(seasons, series).map { found, series in
            guard found.count == 1, let all = counts[found[0]] else { return found }
            let total = all.values.reduce(0, +)
            let wider = all.first { $0.key.count > 1 && 2 * $0.value > total }
            guard let wider, let long = wider.key.last, 2 * long <= series.values.count else { return found }
            return wider.key
        }
    }

    /// What comes of each series, in their order, worked on group by group.
    func map<Result>(
        _ series: [RegularSeries], _ work: ([RegularSeries], ForecastSettings) -> [Result]
    ) -> [Result] {
        let found = groups.flatMap { group in
            zip(group.members, work(group.members.map { series[$0] }, group.settings))
        }
        return found.sorted { $0.0 < $1.0 }.map(\.1)
    }
}
