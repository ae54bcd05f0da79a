import Foundation
import Units

/// What the calendar says of an interval, as columns of a regression.
struct CalendarColumns: Sendable {
    private enum Column {
        case weekend
        case monthEnd
        case funding
        case session(Market)
        case sessionOpen
        case year(harmonic: Int, isSine: Bool)
    }

    private let columns: [Column]
    private let stepSeconds: Int64

    /// Number of columns.
    var count: Int { columns.count }

    /// The columns that a step can resolve and a history can teach.
    ///
    /// Weekends need steps of at most a day and four weeks; funding (00, 08 and 16 UTC) steps of at most an
    /// hour that divide eight hours; the sessions of New York, London and Tokyo and New York's opening hour
    /// steps of at most an hour and four weeks; the last day of the month (UTC), three months; the year, one
    /// and a half years.
    init(stepSeconds: Int64, count: Int) {
        let span = stepSeconds * Int64(count)
        var columns: [Column] = []
        let isTaught = span >= CalendarColumns.taughtDays * 86_400
        if stepSeconds <= 86_400, isTaught { columns.append(.weekend) }
        if stepSeconds <= 3600, 28_800 % stepSeconds == 0, isTaught { columns.append(.funding) }
        if stepSeconds <= 3600, isTaught { columns += Market.allCases.map(Column.session) + [.sessionOpen] }
        if stepSeconds <= 86_400, span >= CalendarColumns.monthEndDays * 86_400 { columns.append(.monthEnd) }
        if Double(span) >= CalendarColumns.yearsMin * CalendarColumns.yearSeconds {
            for harmonic in 1...3 {
                columns += [
                    .year(harmonic: harmonic, isSine: true), .year(harmonic: harmonic, isSine: false),
                ]
            }
        }
        self.columns = columns
        self.stepSeconds = stepSeconds
    }

    /// The mean year of the Gregorian calendar.
    private static let yearSeconds = 365.2425 * 86_400
    /// Days of history from which hours and days of the week have columns, and from which ends of months have. Chosen, not
    /// measured.
    private static let taughtDays: Int64 = 28
    private static let monthEndDays: Int64 = 92
    /// Years of history from which the time of the year is a column. Chosen, not measured.
    private static let yearsMin = 1.5
    /// When the first hour of trade in New York is over, in seconds of the local day.
    private static let openingEndSeconds = 10.5 * 3600

    /// The values for the interval that starts at an instant.
    func values(at start: Timestamp) -> [Double] {
        guard !columns.isEmpty else { return [] }
        return columns.map { column in
            switch column {
            case .weekend: start.date.weekday >= 5 ? 1 : 0
            case .funding: start.seconds % 28_800 == 0 ? 1 : 0
            case .monthEnd: start.advanced(bySeconds: 86_400).date.month != start.date.month ? 1 : 0
            case .session(let market): share(of: market.localSeconds(start), market.session)
            case .sessionOpen:
                share(
                    of: Market.newYork.localSeconds(start),
                    Market.newYork.session.lowerBound..<CalendarColumns.openingEndSeconds)
            case .year(let harmonic, let isSine):
                trigonometric(
                    2 * .pi * Double(harmonic) * Double(start.seconds) / CalendarColumns.yearSeconds, isSine)
            }
        }
    }

    private func trigonometric(_ angle: Double, _ isSine: Bool) -> Double {
        isSine ? sin(angle) : cos(angle)
    }

    /// The share of an interval that lies between two times of a local weekday.
    private func share(of local: Int64, _ session: Range<Double>) -> Double {
        let day = local >= 0 ? local / 86_400 : (local - 86_399) / 86_400
        guard (day + 3) % 7 < 5 else { return 0 }
        let second = Double(local - day * 86_400)
        let overlap = min(second + Double(stepSeconds), session.upperBound) - max(second, session.lowerBound)
        return max(0, overlap) / Double(stepSeconds)
    }
}
