import Exchange
import Foundation
import Planning
import Replay
import Reporting
import TestSupport
import Testing
import Units

/// The integer programme of `--export-model`, read back and solved by others.
@Suite("Purchase model")
struct PurchaseModelTests {
    /// Servers that are good for the same work each.
    private struct Linear: CapacityModel {
        func breakLevels(
            of tier: Tier, servers: Int, mix: ClassRates, bursts: BurstProfile
        ) -> BreakLevels {
            BreakLevels(exactly: Double(servers) / (tier.mixedService(of: mix)?.meanSeconds ?? 1))
        }
    }

    private static let start = Timestamp(seconds: 1_772_409_600)

    /// What a case adds to reserved and on-demand nodes.
    enum Addition: String, CaseIterable {
        case nothing, spot, limits, times, up, freeze, shapes, zones, everything

        func adds(_ other: Addition) -> Bool {
            self == other || self == .everything
        }
    }

    /// A day and a half of a pool, drawn from a seed.
    private static func plan(_ addition: Addition, seed: UInt64) throws -> Plan {
        var random = SplitMix64(seed: seed &+ 1000)
        func draw(_ count: Int) -> Int { Int(random.next() % UInt64(count)) }
        let zones = addition == .zones ? ["a", "b", "c"] : ["a"]
        var options = PlanOptions(
            zones: zones, spareNodes: 2, survivesZoneLoss: addition == .zones, minimumUpSeconds: 0)
        if addition.adds(.times) {
            options.minimumUpSeconds = Double(1 + draw(6)) * 3600
            options.changes.minimumDownSeconds = Double(2 + draw(6)) * 3600
        }
        if addition == .up { options.minimumUpSeconds = Double(2 + draw(6)) * 3600 }
        if addition.adds(.limits) {
            options.changes.addedPerStepMax = 1 + draw(2)
            options.changes.removedPerStepMax = 1 + draw(2)
        }
        if addition.adds(.freeze) {
            let from = start.advanced(bySeconds: Int64(5 + draw(20)) * 3600)
            options.changes.freezes = [FreezeWindow(from: from, until: from.advanced(bySeconds: 4 * 3600))]
        }
        if addition.adds(.spot) { options.spot = SpotRules(share: 0.4) }
        options.mixesShapes = addition.adds(.shapes)
        var shapes = [
            shape("c.one", onDemand: 100 + draw(20), reserved: 55 + draw(30)),
            shape("m.one", onDemand: 90 + draw(20), reserved: 60 + draw(30)),
        ]
        if addition.adds(.spot) {
            shapes[0].spot = Shape.Spot(perHour: Money(dollars: 0.04), interruptionsPerMonth: 0)
        }
        let needed = (0..<36).map { hour in
            4 + Int((3 * sin(Double(hour) * .pi / 12)).rounded()) + draw(3)
        }
        let demand = DemandPaths(
            symbols: [
                SymbolDemand(
                    id: SeriesID(kind: "trades", venue: "test", name: "A"),
                    mix: MessageMix(ordersPerTrade: 1, cancelsPerTrade: 0, queriesPerTrade: 0),
                    bursts: .standard)
            ], start: start, stepSeconds: 3600, stepCount: needed.count, pathCount: 1,
            tradesPerSecond: needed.map { Double($0) * 999 })
        let tier = Tier(
            name: "pool", kind: .pool,
            service: [.order: ServiceTime(meanSeconds: 1e-3, coefficientOfVariation: 1)],
            objective: Objective(quantile: 0.99, latencySeconds: 1e-2), nodes: 4, shape: "c.one",
            imbalance: 0)
        return try Planner(options: options).plan(
            demand: demand, topology: Topology(tiers: [tier], sources: [.order: "pool"], edges: []),
            catalogue: Catalogue(source: "test", shapes: shapes), capacity: Linear())
    }

    private static func shape(_ name: String, onDemand: Int, reserved: Int) -> Shape {
        Shape(
            name: name, cores: 1, memoryGiB: 4, networkGbps: 1,
            onDemandPerHour: Money(dollars: Double(onDemand) / 1000),
            reservedPerHour: Money(dollars: Double(reserved) / 1000), warmUpSeconds: 0)
    }

    /// The values of the model's columns that a plan of one zone stands for.
    private static func values(of plan: Plan) throws -> [String: Double] {
        let tier = plan.tiers[0]
        let programme = try #require(plan.programmes.first)
        func name(_ purchase: Purchase) -> String {
            programme.shape(of: purchase).map { "." + $0.replacing(".", with: "_") } ?? ""
        }
        var values = ["reserved.pool.a\(name(.reserved))": Double(tier.reservedNodes)]
        let prices = programme.prices
        var before: Double?
        for (step, row) in plan.allocation.enumerated() {
            // What a row costs tells how many of its nodes are on spot.
            let others = row.nodes - tier.reservedNodes
            let allOnDemand = prices.reserved * tier.reservedNodes + prices.onDemand * others
            let saving = prices.onDemand - (prices.spot ?? .zero)
            let spot = ((allOnDemand - row.cost).dollars / saving.dollars).rounded()
            let onDemand = Double(others) - spot
            values["on_demand.pool.a.\(step)\(name(.onDemand))"] = onDemand
            if spot > 0 { values["spot.pool.a.\(step)\(name(.spot))"] = spot }
            if let before {
                values["start.pool.\(step)"] = max(0, onDemand - before)
                values["stop.pool.\(step)"] = max(0, before - onDemand)
            }
            before = onDemand
        }
        return values
    }

    @Test("holds the plan and costs as much", arguments: Addition.allCases.filter { $0 != .zones })
    func holdsPlan(addition: Addition) throws {
        for seed in 0..<UInt64(6) {
            let plan = try Self.plan(addition, seed: seed)
            let model = try MPSModel(PurchaseModel(plan: plan, name: "a plan").text)
            let values = try Self.values(of: plan)
            #expect(model.whole == Set(model.columns.keys) && model.unbounded == model.whole)
            #expect(values.keys.allSatisfy { model.columns[$0] != nil })
            #expect(model.broken(by: values) == [])
            #expect(abs(model.cost(of: values) - plan.totalCost.dollars) < 1e-6)
            // Without its reserved nodes and one more, the need of the busiest hour is not met.
            var short = values
            short["reserved.pool.a\(values.keys.first { $0.hasPrefix("reserved") }?.dropFirst(15) ?? "")"] =
                -1
            #expect(!model.broken(by: short).isEmpty)
        }
    }

    @Test("mixed shapes are bought each where they are cheapest, and listed by row")
    func mixesShapes() throws {
        for seed in 0..<UInt64(12) {
            let mixed = try Self.plan(.shapes, seed: seed)
            let single = try Self.plan(.nothing, seed: seed)
            #expect(mixed.totalCost <= single.totalCost)
            // Where the cheapest shape is the best for every way of buying, nothing is mixed.
            let isMixed = !mixed.programmes[0].offers.isEmpty
            for row in mixed.allocation {
                let listed = row.nodesByShape.reduce(0) { $0 + $1.nodes }
                #expect(isMixed ? listed == row.nodes : row.nodesByShape.isEmpty)
            }
            #expect(single.allocation.allSatisfy { $0.nodesByShape.isEmpty })
            let offers = mixed.programmes[0].offers
            for row in mixed.cost where row.purchase == .reserved || row.purchase == .onDemand {
                let prices = offers.map {
                    row.purchase == .reserved ? $0.prices.reserved : $0.prices.onDemand
                }
                let paid = offers.first { $0.shape == row.shape }.map {
                    row.purchase == .reserved ? $0.prices.reserved : $0.prices.onDemand
                }
                #expect(paid == prices.min())
            }
        }
    }

    @Test(
        "HiGHS comes to the same cost", .enabled(if: Peers.hasHiGHS, Comment(rawValue: Peers.absence)))
    func agreesWithHiGHS() throws {
        let folder = try TemporaryFolder()
        var costs: [String: Double] = [:]
        for addition in Addition.allCases {
            for seed in 0..<UInt64(3) {
                let plan = try Self.plan(addition, seed: seed)
                let name = "\(addition.rawValue)-\(seed).mps"
                try folder.write(PurchaseModel(plan: plan, name: name).text, to: name)
                costs[name] = plan.totalCost.dollars
            }
        }
        let outcome = try Tool.run(
            #require(Peers.python), ["-c", Self.solver] + costs.keys.sorted(), in: folder.url)
        #expect(outcome.code == 0, "\(outcome.errors)")
        var solved: [String: Double] = [:]
        for line in outcome.output.split(separator: "\n") {
            let fields = line.split(separator: ",")
            if fields.count == 2, let cost = Double(fields[1]) { solved[String(fields[0])] = cost }
        }
        #expect(solved.count == costs.count)
        for (name, cost) in costs {
            let other = try #require(solved[name])
            #expect(abs(other - cost) < 1e-6, "\(name): HiGHS \(other), the plan \(cost)")
        }
    }

    /// Solves the files that are named, without any gap, and refuses what HiGHS warns of.
    private static let solver = """
        import sys, highspy
        for name in sys.argv[1:]:
            solver = highspy.Highs()
            solver.setOptionValue("output_flag", False)
            solver.setOptionValue("mip_rel_gap", 0.0)
            solver.setOptionValue("mip_abs_gap", 1e-9)
            if solver.readModel(name) != highspy.HighsStatus.kOk:
                sys.exit("cannot read " + name)
            solver.run()
            if solver.getModelStatus() != highspy.HighsModelStatus.kOptimal:
                sys.exit("no optimum of " + name)
            print(name + "," + repr(solver.getInfo().objective_function_value))
        """
}
