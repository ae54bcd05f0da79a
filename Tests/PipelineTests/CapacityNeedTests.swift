import Foundation
import Ingest
import Pipeline
import Tape
import TestSupport
import Testing
import Units

@Suite("What would have held") struct CapacityNeedTests {
    private static let start: Int64 = 1_767_571_200  // 2026-01-05T00:00:00Z

    private static func time(_ hour: Int) -> String {
        Timestamp(seconds: start + 3600 * Int64(hour)).description
    }

    private static func tier(_ name: String, _ kind: String, _ more: String = "") -> String {
        """
        { "name": "\(name)", "kind": "\(kind)", "nodes": 3, "shape": "c7i.large", \(more)
          "service": { "order": { "mean": "1ms" } }, "objective": { "latency": "50ms" } }
        """
    }

    private static let names = ["gateway", "ledger", "audit", "raft", "matching"]

    /// A pool, two stores, a quorum and a shard, all in a row, over three zones, of which one may be lost.
    private static var plan: String {
        let tiers = [
            tier("gateway", "pool"), tier("ledger", "store", "\"allowed_shapes\": [\"c7i.4xlarge\"],"),
            tier("audit", "store"), tier("raft", "quorum"), tier("matching", "shard"),
        ]
        let edges = zip(names, names.dropFirst()).map {
            "{ \"from\": \"\($0)\", \"to\": \"\($1)\", \"carries\": { \"order\": 1 } }"
        }
        return """
            { "sources": [{ "use": "demand", "paths": ["x.csv"] }],
              "topology": { "tiers": [\(tiers.joined(separator: ", "))],
                "sources": { "order": "gateway" }, "edges": [\(edges.joined(separator: ", "))] } }
            """
    }

    /// A run of two hours in which every queue holds 0.06 after a loss; one trade an hour is 1/3600 of a server.
    private static func review(_ folder: TemporaryFolder, plan: String?, trades: Int) throws -> Review {
        var manifest: [String: Any] = ["step_seconds": 3600, "feasible": true]
        if let plan { (manifest["plan_text"], manifest["plan_file"]) = (plan, "plan.json") }
        let json = try JSONSerialization.data(withJSONObject: manifest)
        _ = try folder.write(String(decoding: json, as: UTF8.self), to: "run/manifest.json")
        var forecast = "unique_id,ds,mean,q025,q10,q50,q80,q90,q95,q975,q99,q999\n"
        var capacity = "tier,shard,ds,work_q50,work_q99,held_after_loss,held_all_up,levels\n"
        var levels = "tier,shard,levels,hour,work\n"
        var work = "tier,shard,unique_id,work_us_per_trade\n"
        var nodes = "tier,zone,ds,nodes,shape,cost_usd\n"
        for hour in 0..<2 {
            forecast += "trades/x/A,\(time(hour)),100,50,60,100,110,120,130,150,160,200\n"
        }
        for name in names {
            let queue = name == "matching" ? "matching,matching-0" : "\(name),"
            for hour in 0..<2 {
                capacity += "\(queue),\(time(hour)),0.02,0.05,0.06,0.12,0\n"
                for zone in ["a", "b", "c"] { nodes += "\(name),\(zone),\(time(hour)),1,c7i.large,1\n" }
            }
            levels += "\(queue),0,1,0.06\n"
            work += "\(queue),trades/x/A,1000000\n"
        }
        _ = try folder.write("tier,p_any_step\nall,0.01\n", to: "run/risk.csv")
        let files = [
            ("forecast", forecast), ("capacity", capacity), ("break_levels", levels), ("work", work),
            ("plan", nodes),
        ]
        for (name, text) in files { _ = try folder.write(text, to: "run/\(name).csv") }
        let series = try folder.write(
            "unique_id,ds,y\ntrades/x/A,\(time(0)),100\ntrades/x/A,\(time(1)),\(trades)\n", to: "series.csv")
        _ = try Ingestor().ingest([series], into: folder.path("tape"))
        return try Review(run: folder.path("run"), tape: try Tape.open(folder.path("tape")))
    }

    @Test("a store needs a larger shape, a pool nodes that a lost zone leaves, a shard neither")
    func kinds() throws {
        // 288 trades an hour are 0.08 servers, four thirds of what is held.
        let folder = try TemporaryFolder()
        let review = try Self.review(folder, plan: Self.plan, trades: 288)
        #expect(review.queues.map(\.tier) == Self.names)
        for queue in review.queues {
            #expect(!queue.survived && queue.nodes == 3 && queue.shape == "c7i.large", "\(queue.tier)")
            #expect(abs(queue.factorNeeded - 4.0 / 3) < 1e-9)
        }
        // Of 3 nodes a lost zone leaves 2; 8/3 are needed, and of 4 nodes the fullest zone has 2.
        #expect(review.queues.map(\.nodesNeeded) == [5, nil, nil, nil, nil])
        // The only one allowed, and the cheapest with two cores where none is.
        #expect(review.queues.map(\.shapeNeeded) == [nil, "c7i.4xlarge", "c7i.xlarge", nil, nil])
        let lines = review.verdict.joined(separator: "\n")
        #expect(lines.contains("nodes of shape c7i.4xlarge instead of c7i.large"))
        #expect(lines.contains("1.33 times the speed, or: shorten the engine's service time"))
        #expect(lines.contains("1.33 times the speed, or: batch writes"))
        let table = String(decoding: review.table().bytes, as: UTF8.self)
        #expect(table.contains("c7i.large,c7i.4xlarge"))
    }

    @Test("no fewer nodes are needed than ran, and what ran is enough where it was")
    func enough() throws {
        let folder = try TemporaryFolder()
        let review = try Self.review(folder, plan: Self.plan, trades: 120)
        #expect(review.queues.allSatisfy { $0.survived && $0.factorNeeded < 1 })
        #expect(review.queues.map(\.nodesNeeded) == [3, nil, nil, nil, nil])
        #expect(review.queues.map(\.shapeNeeded) == [nil, "c7i.large", "c7i.large", "c7i.large", nil])
    }

    @Test("kinds that the run's plan does not tell are not guessed")
    func unknown() throws {
        let folder = try TemporaryFolder()
        let lost = Self.plan.replacingOccurrences(
            of: "\"topology\"", with: "\"catalogue\": \"gone.json\", \"topology\"")
        let review = try Self.review(folder, plan: lost, trades: 288)
        #expect(review.queues.allSatisfy { $0.nodesNeeded == nil && $0.shapeNeeded == nil })
        // Runs of versions that kept no plan are read as before.
        let old = try Self.review(try TemporaryFolder(), plan: nil, trades: 288)
        #expect(old.queues.map(\.nodesNeeded) == [4, 4, 4, 4, nil])
    }
}
