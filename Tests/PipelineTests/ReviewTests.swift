import Foundation
import Ingest
import Pipeline
import Tape
import TestSupport
import Testing
import Units

/// Reviews of a run that was written by hand, and of a real one.
@Suite("The review of a run") struct ReviewTests {
    private let start = 1_767_571_200  // 2026-01-05T00:00:00Z

    private func time(_ hour: Int) -> String { Timestamp(seconds: Int64(start + 3600 * hour)).description }

    /// A run of four hours, of two symbols and a queue, a shard and their tables.
    private func run(_ folder: TemporaryFolder) throws -> String {
        var forecast = "unique_id,ds,mean,q025,q10,q50,q80,q90,q95,q975,q99,q999\n"
        for name in ["trades/x/A", "\"trades/x/B,=cmd()\""] {
            for hour in 0..<4 {
                forecast += "\(name),\(time(hour)),100,50,60,100,110,120,130,150,160,200\n"
            }
        }
        var capacity = "tier,shard,ds,work_q50,work_q99,held_after_loss,held_all_up,levels\n"
        var levels = "tier,shard,levels,hour,work\n"
        for (queue, held) in [("gateway,", 0.06), ("matching,matching-0", 0.03)] {
            for hour in 0..<4 { capacity += "\(queue),\(time(hour)),0.02,0.05,\(held),\(2 * held),1\n" }
            // Levels that no step has, and those of all.
            levels += "\(queue),0,1,0.001\n\(queue),1,1,\(held)\n"
        }
        let work = """
            tier,shard,unique_id,work_us_per_trade
            gateway,,trades/x/A,900000
            gateway,,"trades/x/B,=cmd()",180000
            matching,matching-0,trades/x/A,360000

            """
        var plan = "tier,zone,ds,nodes,cost_usd\n"
        for hour in 0..<4 { plan += "gateway,a,\(time(hour)),2,0.5\ngateway,b,\(time(hour)),1,0.25\n" }
        _ = try folder.write("{ \"step_seconds\": 3600, \"feasible\": true }", to: "run/manifest.json")
        _ = try folder.write("tier,p_any_step\ngateway,0.5\nall,0.01\n", to: "run/risk.csv")
        _ = try folder.write(levels, to: "run/break_levels.csv")
        _ = try folder.write(forecast, to: "run/forecast.csv")
        _ = try folder.write(capacity, to: "run/capacity.csv")
        _ = try folder.write(work, to: "run/work.csv")
        _ = try folder.write(plan, to: "run/plan.csv")
        return folder.path("run")
    }

    /// A tape with two days before the run and so many hours of it.
    private func tape(_ folder: TemporaryFolder, _ values: [[Int?]]) throws -> Tape {
        var rows = "unique_id,ds,y\n"
        for (series, name) in ["trades/x/A", "\"trades/x/B,=cmd()\"", "trades/x/NEW"].enumerated() {
            guard series < values.count else { break }
            if series < 2 {
                for hour in -48..<0 { rows += "\(name),\(time(hour)),\(hour < -24 ? 100 : 110)\n" }
            }
            for (hour, value) in values[series].enumerated() {
                if let value { rows += "\(name),\(time(hour)),\(value)\n" }
            }
        }
        let file = try folder.write(rows, to: "series.csv")
        _ = try Ingestor().ingest([file], into: folder.path("tape"))
        return try Tape.open(folder.path("tape"))
    }

    @Test("scores are those of the definitions, and a queue is over where its work passes what it holds")
    func scores() throws {
        let folder = try TemporaryFolder()
        let run = try run(folder)
        let tape = try tape(folder, [[100, 120, 240, 300], [100, 40, 100, 100]])
        let review = try Review(run: run, tape: tape)
        let one = try #require(review.forecasts.first)
        #expect(one.id.description == "trades/x/A" && one.steps == 4 && one.stepsWithoutData == 0)
        // Errors 0, 20, 140, 200 over a mean difference of 10 from one day to the next.
        #expect(abs(one.mase - 9) < 1e-12)
        #expect(abs(one.bias - (400.0 / 760 - 1)) < 1e-12)
        #expect(abs(one.smape - (200.0 * 20 / 220 + 200.0 * 140 / 340 + 200.0 * 200 / 400) / 4) < 1e-9)
        #expect(abs(one.pinball50 - 0.5 * 360 / 4) < 1e-9)
        #expect(abs(one.pinball90 - (0.1 * 20 + 0 + 0.9 * 120 + 0.9 * 180) / 4) < 1e-9)
        #expect(
            one.missedQ90 == 0.5 && one.missedQ99 == 0.5 && one.missedQ999 == 0.5 && one.coverage95 == 0.5)
        #expect(one.peak == 300 && one.peakQ99 == 160 && one.peakAt?.description == time(3))
        #expect(review.forecasts[1].id.description == "trades/x/B,=cmd()")
        #expect(review.forecasts[1].coverage95 == 0.75)

        // The gateway: (0.9 A + 0.18 B) / 3600 = 0.03, 0.032, 0.065 and 0.08 of 0.06.
        let gateway = review.queues[0]
        #expect(gateway.stepsOver == 2 && gateway.stepsOverAllUp == 0 && !gateway.survived)
        #expect(abs(gateway.factorNeeded - 0.08 / 0.06) < 1e-9 && gateway.worstAt?.description == time(3))
        #expect(gateway.nodes == 3 && gateway.nodesNeeded == 4 && gateway.missedQ99 == 0.5)
        // The shard: A alone, 0.36 / 3600 a trade, exactly what it holds in the last hour.
        let shard = review.queues[1]
        #expect(shard.shard == "matching-0" && shard.survived && shard.nodesNeeded == nil)
        #expect(abs(shard.factorNeeded - 1) < 1e-9)
        #expect(review.verdict[0].hasPrefix("BROKEN") && review.verdict[0].contains("gateway"))
        #expect(review.verdict[2].contains("4 nodes instead of 3"))
        let text = String(decoding: review.table().bytes, as: UTF8.self)
        #expect(text.contains("\"trades/x/B,=cmd()\"") && text.split(separator: "\n").count == 6)

        // The plan as a week of a backtest: two hours are over a level that is the same in all hours.
        let week = review.week
        #expect(week.start == Timestamp(seconds: Int64(start)) && week.saidHolds && week.told == 0.01)
        #expect(abs(week.came - 1) < 1e-12 && week.broke && abs(week.hoursBroken - 2) < 1e-12)
        #expect(week.cost == Money(dollars: 3) && week.hindsightCost == nil)
        #expect(gateway.probabilityBroken == week.came && shard.probabilityBroken == 0)
    }

    @Test("hours that the tape does not cover are not judged, and new symbols are told")
    func gaps() throws {
        let folder = try TemporaryFolder()
        let run = try run(folder)
        let tape = try tape(folder, [[100, 100, nil, nil], [100, 100, nil, nil], [7, 8, nil, nil]])
        let review = try Review(run: run, tape: tape)
        #expect(review.forecasts.allSatisfy { $0.steps == 2 && $0.stepsWithoutData == 2 })
        #expect(review.queues.allSatisfy { $0.steps == 2 && $0.survived })
        #expect(review.week.came == 0 && review.week.hoursBroken == 0)
        #expect(review.verdict[0].hasPrefix("SURVIVED") && review.verdict[0].contains("the 2 steps"))
        #expect(
            review.unplanned.map(\.id.description) == ["trades/x/NEW"] && review.unplanned[0].trades == 15)
    }

    @Test("a broken manifest is told with its place")
    func brokenManifest() throws {
        let folder = try TemporaryFolder()
        let run = try run(folder)
        let tape = try tape(folder, [[100], [100]])
        for (text, line, column) in [
            ("{\n  \"step_seconds\": -1\n}", 2, 19), ("{\n \"files\": [\n", 3, 1), ("\n {}", 2, 2),
        ] {
            _ = try folder.write(text, to: "run/manifest.json")
            let error = #expect(throws: ResultManifestError.self) { try Review(run: run, tape: tape) }
            #expect(error?.file.hasSuffix("run/manifest.json") == true)
            #expect(error?.place == TextPlace(line: line, column: column), "\(error?.description ?? "")")
        }
    }

    @Test("a tape without the run's span, and a folder without a run, are told as such")
    func nothing() throws {
        let folder = try TemporaryFolder()
        let run = try run(folder)
        let tape = try tape(folder, [[], []])
        #expect(throws: ReviewError.self) { try Review(run: run, tape: tape) }
        _ = try folder.write("tier,shard,ds\n", to: "run/capacity.csv")
        let error = #expect(throws: (any Error).self) { try Review(run: run, tape: tape) }
        #expect("\(error.map { "\($0)" } ?? "")".contains("capacity.csv:1:1: there is no column 'work_q99'"))
        #expect(throws: (any Error).self) { try Review(run: folder.path("tape"), tape: tape) }
    }
}
