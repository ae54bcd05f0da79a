/// Hours in which nothing happens, as a bank's telephone at night.
///
/// A phase of the season whose last four values all equal the smallest value of the history is forecast as
/// that value, by every candidate.
struct ClosedHours: Sendable {
    private let isClosed: [Bool]
    private let value: Double

    init(_ window: HistoryWindow) {
        value = window.minimum
        let season = window.longSeason ?? window.shortSeason ?? 0
        let count = window.count
        guard season > 0, count >= 4 * season, window.minimum < window.maximum else {
            isClosed = []
            return
        }
        isClosed = (0..<season).map { phase in
            (1...4).allSatisfy { window.observed[count - $0 * season + phase] == window.minimum }
        }
    }

    func apply(to forecast: inout [Double]) {
        guard !isClosed.isEmpty else { return }
        for step in forecast.indices where isClosed[step % isClosed.count] { forecast[step] = value }
    }
}
