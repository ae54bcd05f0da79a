import Foundation
import Ingest
import Pipeline
import Tape
import TestSupport
import Testing
import Units

@Suite("The review of an incident") struct WindowReviewTests {
    private static func hour(_ hour: Int) -> Timestamp {
        Timestamp(seconds: 1_767_571_200 + 3600 * Int64(hour))  // from 2026-01-05T00:00:00Z
    }

    /// A run of five hours: one symbol with 50 to 160 trades an hour, of which each is a second of work, and a gateway that
    /// holds 0.06 busy cores after a loss and 0.12 with all nodes up. Then 120, 300, 600 and 20 trades come, and an hour without
    /// a log.
    private static func made(_ folder: TemporaryFolder) throws -> (run: String, tape: Tape) {
        var forecast = "unique_id,ds,mean,q025,q10,q50,q80,q90,q95,q975,q99,q999\n"
        var capacity = "tier,shard,ds,work_q50,work_q99,held_after_loss,held_all_up,levels\n"
        var plan = "tier,zone,ds,nodes,shape,cost_usd\n"
        for step in 0..<5 {
            forecast += "trades/x/A,\(hour(step)),100,50,60,100,110,120,130,150,160,200\n"
            capacity += "gateway,,\(hour(step)),0.02,0.05,0.06,0.12,0\n"
            plan += "gateway,a,\(hour(step)),2,c7i.large,1\n"
        }
        let files = [
            "manifest.json": "{ \"step_seconds\": 3600, \"feasible\": true }", "forecast.csv": forecast,
            "capacity.csv": capacity, "plan.csv": plan, "risk.csv": "tier,p_any_step\nall,0.01\n",
            "break_levels.csv": "tier,shard,levels,hour,work\ngateway,,0,1,0.06\n",
            "work.csv": "tier,shard,unique_id,work_us_per_trade\ngateway,,trades/x/A,1000000\n",
        ]
        for (name, text) in files { _ = try folder.write(text, to: "run/" + name) }
        var rows = "unique_id,ds,y\n"
        for (step, trades) in [120, 300, 600, 20].enumerated() {
            rows += "trades/x/A,\(hour(step)),\(trades)\n"
        }
        let series = try folder.write(rows, to: "series.csv")
        _ = try Ingestor().ingest([series], into: folder.path("tape"))
        return (folder.path("run"), try Tape.open(folder.path("tape")))
    }

    private static func fits(_ review: WindowReview) -> [WindowReview.Cause: WindowReview.Fit] {
        Dictionary(review.candidates.map { ($0.cause, $0.fit) }) { first, _ in first }
    }

    @Test("each cause fits where the loads that came show it, and what shows none is looked for elsewhere")
    func causes() throws {
        let folder = try TemporaryFolder()
        let (run, tape) = try Self.made(folder)
        func review(_ first: Int, _ end: Int) throws -> WindowReview {
            try WindowReview(run: run, tape: tape, from: Self.hour(first), to: Self.hour(end))
        }
        // 120 trades: 0.033 of 0.06, and 120 of 160.
        let calm = try review(0, 1)
        #expect(calm.candidates.first?.cause == .elsewhere && calm.candidates.first?.fit == .possible)
        let calmFits = Self.fits(calm)
        for cause in [WindowReview.Cause.overload, .loss, .bursts, .demand, .newSeries, .silence] {
            #expect(calmFits[cause] == .unlikely, "\(cause)")
        }
        #expect(calmFits[.traffic] == .unknown && calm.probabilityBroken == 0)
        #expect(calm.headline.contains("look for another cause"))
        // 300 trades: 0.083, which 0.12 holds and 0.06 does not.
        let high = Self.fits(try review(1, 2))
        #expect(high[.overload] == .unlikely && high[.loss] == .possible && high[.demand] == .fits)
        // 600 trades: 0.167, more than all hold.
        let over = try review(2, 3)
        #expect(over.candidates.first?.cause == .overload && over.candidates.first?.at == Self.hour(2))
        #expect(Self.fits(over)[.elsewhere] == .unknown && Self.fits(over)[.loss] == .unlikely)
        #expect(over.probabilityBroken == 1 && over.page.contains("gateway: 6 nodes instead of 2"))
        // 20 trades, where 50 is the forecast's 2.5 %.
        let low = try review(3, 4)
        #expect(low.candidates.first?.cause == .silence && low.candidates.first?.fit == .fits)
        // An hour without a log beside one with enough of them.
        let cut = try review(3, 5)
        #expect(cut.steps == 2 && cut.stepsWithData == 1)
        #expect(Self.fits(cut)[.silence] == .fits && cut.page.contains("and 1 steps have no logs"))
    }

    @Test("a window takes the steps that it touches, and one outside of the run is refused")
    func windows() throws {
        let folder = try TemporaryFolder()
        let (run, tape) = try Self.made(folder)
        let inside = try WindowReview(
            run: run, tape: tape, from: Self.hour(1).advanced(bySeconds: 1800),
            to: Self.hour(2).advanced(bySeconds: 1))
        #expect(inside.from == Self.hour(1) && inside.to == Self.hour(3) && inside.steps == 2)
        let open = try WindowReview(run: run, tape: tape, from: nil, to: Self.hour(9))
        #expect(open.from == Self.hour(0) && open.to == Self.hour(5))
        for (from, to) in [(5, 6), (-3, 0), (2, 2), (3, 1)] {
            #expect(throws: ReviewError.self) {
                try WindowReview(run: run, tape: tape, from: Self.hour(from), to: Self.hour(to))
            }
        }
        // No log is of the last hour.
        #expect(throws: ReviewError.self) {
            try WindowReview(run: run, tape: tape, from: Self.hour(4), to: nil)
        }
    }

    @Test("the window's queues are scored as those of the whole run")
    func agrees() throws {
        let folder = try TemporaryFolder()
        let (run, tape) = try Self.made(folder)
        let whole = try Review(run: run, tape: tape)
        let window = try WindowReview(run: run, tape: tape, from: nil, to: nil)
        #expect(window.queues == whole.queues && window.forecasts.map(\.id) == whole.forecasts.map(\.id))
        #expect(abs(window.probabilityBroken - whole.week.came) < 1e-12)
        let lines = String(decoding: window.table().bytes, as: UTF8.self).split(separator: "\n")
        #expect(lines.count == 1 + WindowReview.Cause.allCases.count + 2)
    }
}
