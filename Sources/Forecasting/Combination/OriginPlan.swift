import Foundation

/// Which past origins score and calibrate a forecast, counted in steps before its own origin.
///
/// Origins lie a short season apart (closer where the horizon is shorter than that). The nearest ones, whose
/// horizon is not over yet, are scored on the part that has been observed, with the weight of that part.
struct OriginPlan: Sendable {
    struct Origin: Sendable {
        /// Steps before the origin of the forecast.
        let offset: Int
        /// Steps of its horizon that have been observed.
        let scored: Int
        /// How much it counts for the weights of the candidates.
        let weight: Double
    }

    let horizon: Int
    /// Steps between origins.
    let spacing: Int
    /// Nearest first, as many as the longest history allows.
    private let all: [Origin]
    /// Origins at any length of history.
    private let alwaysCount: Int

    /// The weight of an origin over that of one a short season later. Chosen, not measured.
    private static let seasonDecay = 0.9
    /// The most short seasons and origins that are looked back over. Chosen, not measured.
    private static let seasonsMax = 28
    private static let originsMax = 600
    /// Short seasons whose origins are near, and how many of these are taken at any length of history. Chosen, not measured.
    private static let nearSeasons = 10
    private static let nearOriginsMax = 400

    init(horizon: Int, seasons: [Int]) {
        self.horizon = horizon
        let season = seasons.first ?? max(1, min(horizon, 24))
        spacing = max(1, min(season, horizon))
        var origins: [Origin] = []
        let partialSpacing = max(spacing, (horizon / 4 + spacing - 1) / spacing * spacing)
        for offset in stride(from: partialSpacing, to: horizon, by: partialSpacing) {
            origins.append(
                Origin(offset: offset, scored: offset, weight: Double(offset) / Double(horizon)))
        }
        let perSeason = max(1, season / spacing)
        let wholeCount = min(OriginPlan.seasonsMax * perSeason, OriginPlan.originsMax)
        let partialCount = origins.count
        // Origins of a long horizon overlap so much that every third or fourth of them will do.
        let thinning = (near: max(1, 2 * horizon / (5 * season)), far: max(1, 4 * horizon / (7 * season)))
        for index in 0..<wholeCount
        where index % (index < OriginPlan.nearSeasons * perSeason ? thinning.near : thinning.far) == 0 {
            let seasonsBack = Double(index * spacing) / Double(season)
            origins.append(
                Origin(
                    offset: horizon + index * spacing, scored: horizon,
                    weight: pow(OriginPlan.seasonDecay, seasonsBack)))
        }
        let nearest = horizon + OriginPlan.nearSeasons * perSeason * spacing
        let near = origins.dropFirst(partialCount).count { $0.offset < nearest }
        alwaysCount = partialCount + min(near, OriginPlan.nearOriginsMax)
        all = origins
    }

    /// The origins for a history of so many values, nearest first.
    func origins(count: Int) -> [Origin] {
        all.enumerated().filter { $0 < alwaysCount || 4 * $1.offset <= count }.map(\.element)
    }

    /// Which fits serve the origins: in long histories one fit serves all origins behind a place, since a few
    /// days hardly change what two months have taught, nor a few weeks what four have.
    func schedule(_ seasons: [Int]) -> FitSchedule {
        let season = seasons.first ?? max(1, min(horizon, 24))
        func whole(_ steps: Int) -> Int { (steps + season - 1) / season * season }
        // Of what has no longer season, as many cycles as days make a week.
        let long = seasons.dropFirst().first ?? 7 * season
        let furthest = all.last?.offset ?? horizon
        return FitSchedule(
            shortSpacing: season,
            longer: [
                FitSchedule.Rule(count: 3 * long, spacing: whole(horizon + 9 * season)),
                FitSchedule.Rule(count: max(16 * long, 3 * furthest), spacing: whole(furthest)),
            ])
    }
}
