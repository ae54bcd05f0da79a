import Planning
import Reporting
import Testing
import Units

@Suite("The arithmetic of the risk register")
struct RiskRegisterTests {
    private static func row(
        _ cause: RiskCause, perYear: Double, each: Double?, broken: Double?, price: Double? = nil
    ) -> RiskRegisterRow {
        var row = RiskRegisterRow(
            cause: cause, occurrence: RiskOptions.Occurrence(perYear: perYear, repairSeconds: 600),
            source: "test", events: "", minutesEach: each, firstTier: nil, minuteOver: Money(dollars: 500),
            mitigation: nil, mitigationPerMonth: price.map { Money(dollars: $0) })
        row.shareBroken = broken
        return row
    }

    @Test("money at risk is rate x share of histories x minutes when broken x price of a minute")
    func money() {
        // Twice a year; half of the histories break, for 12 minutes in mean of those: 6 minutes each time.
        let row = Self.row(.badDeploy, perYear: 2, each: 6, broken: 0.5, price: 100)
        #expect(row.minutesWhenBroken == 12 && row.breaksPerYear == 1 && row.minutesPerYear == 12)
        #expect(row.moneyPerYear == Money(dollars: 2 * 0.5 * 12 * 500))
        // Less twelve months of the mitigation.
        #expect(row.savingPerYear == Money(dollars: 6000 - 1200))
    }

    @Test("shares are of all causes that were tried, and come to one")
    func shares() {
        let rows = [
            Self.row(.badDeploy, perYear: 2, each: 6, broken: 0.5),
            Self.row(.engineHalt, perYear: 3, each: 12, broken: 1),
            Self.row(.siteLoss, perYear: 1, each: nil, broken: nil),
            Self.row(.humanError, perYear: 1, each: 0, broken: 0),
        ].withShares
        #expect(rows.map(\.shareOfBreaks) == [0.25, 0.75, nil, 0])
        #expect(rows.map(\.shareOfMinutes) == [0.25, 0.75, nil, 0])
        #expect(rows[3].minutesWhenBroken == nil)
        let calm = [Self.row(.humanError, perYear: 1, each: 0, broken: 0)].withShares
        #expect(calm[0].shareOfBreaks == nil && calm[0].shareOfMinutes == nil)
    }

    @Test("an alert's lead is that of past breaks, and of the surge where there were none")
    func leads() {
        func row(past: Double?, surge: Double?) -> ThresholdRow {
            ThresholdRow(
                tier: "gateway", shard: nil, level: 0.8, work: 4, surgeLeadSeconds: surge,
                breaks: past == nil ? 0 : 1, pastLeadSeconds: past, falseAlarmsPerWeek: 0, weeks: 26)
        }
        #expect(row(past: 3600, surge: 20).leadSeconds == 3600)
        #expect(row(past: 3600, surge: 20).leadSource == .past)
        #expect(row(past: nil, surge: 20).leadSeconds == 20)
        #expect(row(past: nil, surge: 20).leadSource == .surge)
        #expect(row(past: nil, surge: nil).leadSource == nil)
    }
}
