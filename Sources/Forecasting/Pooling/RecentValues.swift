/// What models need that fit once and forecast from many origins of a series: the end of the window before an
/// origin.
public struct RecentValues: Sendable {
    /// Number of values in the window.
    let count: Int
    let logScale: ValueScale
    /// The last values, on the logarithmic scale and as they are: at most `longest`.
    let logs: [Double]
    let filled: [Double]
    /// The profile of the seasons on the logarithmic scale; nil where none is held twice.
    let profile: SeasonalProfile?

    /// The most values that are kept: the longest stretch that a pooled regression looks back, in steps.
    static let longest = 192

    init(_ window: HistoryWindow) {
        count = window.count
        logScale = window.logScale
        logs = Array(window.logs.suffix(RecentValues.longest))
        filled = Array(window.filled.suffix(RecentValues.longest))
        profile =
            window.shortSeason == nil
            ? nil : window.profile(on: window.logScale, shrinkage: SeasonalProfile.weeklyShrinkage)
    }
}
