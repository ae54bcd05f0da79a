import Exchange
import Foundation
import Pipeline
import Planning
import Replay
import Reporting
import Tables
import TestSupport
import Testing
import Units
import WhatIf

/// What a run says in two places has to be the same: capacity and saturation, costs and their sum, promises and what-ifs,
/// multiples and their base, estimates and their intervals, exports and the plan.
@Suite("A run does not contradict itself")
struct ContradictionTests {
    @Test("over random exchanges, demands and bursts", arguments: 0..<8)
    func agrees(seed: Int) throws {
        let folder = try TemporaryFolder()
        let drawn = try RandomPlan(seed: UInt64(seed), in: folder)
        let report = try WeeklyRun(plan: drawn.plan, dataRoot: drawn.root, threads: 2).run()
        costs(report.plan)
        try levels(report.plan)
        try risks(report.plan)
        ladders(report.plan)
        try bases(report, ordersPerTrade: Double(drawn.ordersPerTrade))
        try peak(report, drawn.plan)
        try journey(report, drawn.way)
        try tables(report)
        try exports(report)
        promises(report)
        try saturation(report, seed: drawn.plan.seed)
    }

    /// The rows of `plan.csv` and of `cost.csv` are the same money.
    private func costs(_ plan: Plan) {
        for tier in plan.tiers {
            let rows = plan.allocation.filter { $0.tier == tier.tier }.reduce(Money.zero) { $0 + $1.cost }
            let parts = plan.cost.filter { $0.tier == tier.tier && $0.purchase != .today }
                .reduce(Money.zero) { $0 + $1.cost }
            #expect(rows == parts && rows == tier.cost, "\(tier.tier): \(rows), \(parts), \(tier.cost)")
            let today = plan.cost.filter { $0.tier == tier.tier && $0.purchase == .today }
                .reduce(Money.zero) { $0 + $1.cost }
            #expect(today == tier.todaysCost, "\(tier.tier)")
        }
        #expect(plan.totalCost == plan.tiers.reduce(.zero) { $0 + $1.cost })
    }

    /// What a queue holds in `capacity.csv` is the median of its levels, and never more after a loss than before.
    private func levels(_ plan: Plan) throws {
        struct Key: Hashable {
            var tier: String
            var shard: String?
            var levels: Int
        }
        let levels = Dictionary(grouping: plan.breakLevels) {
            Key(tier: $0.tier, shard: $0.shard, levels: $0.levels)
        }
        for row in plan.capacity {
            let hours = levels[Key(tier: row.tier, shard: row.shard, levels: row.levels)] ?? []
            let work = hours.map(\.work)
            #expect(work == work.sorted())
            // The median of an even number in logarithms.
            let middle = work.isEmpty ? 0 : (work[(work.count - 1) / 2] * work[work.count / 2]).squareRoot()
            #expect(abs(middle - row.heldAfterLoss) <= 1e-9 * middle, "\(row.tier) \(row.shard ?? "")")
            #expect(row.heldAfterLoss <= row.heldAllUp * (1 + 1e-9) && row.workQ50 <= row.workQ99)
        }
    }

    /// The chance of a break is what was allowed, or what so many paths can tell, and that of all tiers is no less than any
    /// tier's and no more than their sum.
    private func risks(_ plan: Plan) throws {
        let all = try #require(plan.risk.last)
        let tiers = plan.risk.dropLast()
        let chances = tiers.map(\.probabilityAnyStep.value)
        #expect(all.tier == "all" && tiers.map(\.tier) == plan.tiers.map(\.tier))
        #expect(chances.allSatisfy { $0 <= all.probabilityAnyStep.value + 1e-12 })
        #expect(all.probabilityAnyStep.value <= chances.reduce(0, +) + 1e-12)
        for row in plan.risk {
            #expect(row.probabilityAnyStepAllUp.value <= row.probabilityAnyStep.value + 1e-12, "\(row.tier)")
            #expect(row.worstProbability <= row.probabilityAnyStep.value + 1e-12, "\(row.tier)")
        }
        for row in tiers where row.worstProbability > 0 {
            let steps = plan.allocation.filter { $0.tier == row.tier }.map(\.probabilityBroken)
            #expect(abs((steps.max() ?? 0) - row.worstProbability) < 1e-12, "\(row.tier)")
        }
        guard plan.isFeasible else { return }
        let resolved = Double(plan.tiers.count) / Double(RandomPlan.pathCount)
        let promised = max(plan.promise.probabilityAllowed, resolved)
        // A pool's nodes are found in three passes, which come near enough.
        #expect(all.probabilityAnyStep.value <= 1.1 * promised, "\(all.probabilityAnyStep)")
    }

    /// More that is asked for takes no fewer nodes, and the last rung is what runs.
    private func ladders(_ plan: Plan) {
        for tier in plan.tiers {
            let rungs = plan.ladder.filter { $0.tier == tier.tier }
            #expect(rungs.map(\.rung) == LadderRow.Rung.allCases.filter { $0 != .hold }, "\(tier.tier)")
            let promised = rungs.suffix(3).compactMap(\.nodes)
            #expect(promised == promised.sorted(), "\(tier.tier): \(promised)")
            if let last = rungs.last?.nodes { #expect(last == tier.peakNodes, "\(tier.tier)") }
            let rows = Dictionary(grouping: plan.allocation.filter { $0.tier == tier.tier }, by: \.start)
            let most = rows.values.map { $0.reduce(0) { $0 + $1.nodes } }.max()
            #expect(most == tier.peakNodes, "\(tier.tier)")
        }
    }

    /// All multiples of a queue are of the busiest step of the path whose busiest step is the lower median.
    private func bases(_ report: RunReport, ordersPerTrade: Double) throws {
        let demand = report.demand
        let placements = todaysPlacements(demand: demand, topology: report.topology)
        for point in report.replay.saturation {
            guard case .tier(let tier) = point.scope, let multiple = point.loadMultiplier?.value,
                let rate = point.ratePerSecond?.value, multiple > 0
            else { continue }
            let symbols = demand.symbols.indices.filter { symbol in
                guard let shard = point.shard else { return true }
                return placements[tier].map { "\(tier)-\($0.shardOfSymbol[symbol])" == shard } ?? false
            }
            let peaks = (0..<demand.pathCount).map { path in
                (0..<demand.stepCount).map { step in
                    symbols.reduce(0) { $0 + demand.trades(path: path, symbol: $1, step: step) }
                }.max() ?? 0
            }.sorted()
            let base = ordersPerTrade * peaks[(peaks.count - 1) / 2]
            #expect(abs(rate / multiple / base - 1) < 1e-9, "\(point.queueName) \(point.kind)")
        }
    }

    /// The peak hour that is told is where what-ifs start, what supervisors are shown and, of the tier that all enter, what
    /// multiples are of.
    private func peak(_ report: RunReport, _ plan: PlanFile) throws {
        let peak = report.demand.medianPeak(of: report.topology.sent)
        let start = report.demand.time(ofStep: peak.step).description
        #expect(
            report.summaryMarkdown().contains("- Peak hour: \(start), \(NumberText.short(peak.perSecond)) "))
        let basis = try #require(report.plan.compliance.first).basis
        #expect(basis.projectedPeak == peak.perSecond)
        let entrance = report.replay.saturation.filter { $0.scope == .tier("entrance") }
        for point in entrance {
            guard let multiple = point.loadMultiplier?.value, let rate = point.ratePerSecond?.value,
                multiple > 0
            else { continue }
            #expect(abs(rate / multiple / peak.perSecond - 1) < 1e-9, "\(point.kind)")
        }
        let input = WhatIfInput.planned(report.plan, demand: report.demand, plan: plan)
        let rate = zip(input.tradesPerSecond, input.symbols).reduce(0) {
            $0 + $1.0 * $1.1.mix.perTrade[.order]
        }
        #expect(abs(rate / peak.perSecond - 1) < 1e-9)
    }

    /// The way of an order saturates with the first of its queues.
    private func journey(_ report: RunReport, _ way: [String]) throws {
        let points = report.replay.saturation
        #expect(points.contains { $0.scope == .journey } == !way.isEmpty)
        let shard = points.first { $0.scope == .journey }?.shard
        for kind in [SaturationPoint.Kind.stability, .slo] where !way.isEmpty {
            let told = points.first { $0.scope == .journey && $0.kind == kind }?.loadMultiplier?.value
            let queues = way.map { name in
                points.first {
                    $0.scope == .tier(name) && $0.kind == kind && ($0.shard == nil || $0.shard == shard)
                }?.loadMultiplier?.value ?? .infinity
            }
            let first = try #require(queues.min())
            let value = told ?? .infinity
            // In some hours another queue may be the first, which lowers the median a little.
            #expect(value <= first * (1 + 1e-9) && value >= 0.9 * first, "\(kind): \(value) of \(queues)")
        }
    }

    private static let quantiles = ["q025", "q10", "q50", "q80", "q90", "q95", "q975", "q99", "q999"]

    /// Estimates lie in their intervals, and quantiles rise.
    private func tables(_ report: RunReport) throws {
        for (name, table) in report.tables() {
            var reader = CSVReader(table.bytes)
            guard let header = try reader.next(file: name)?.map(\.text) else { continue }
            let triples = header.indices.compactMap { place -> (lo: Int, value: Int, hi: Int)? in
                guard header[place].hasSuffix("_lo"),
                    let value = header.firstIndex(of: String(header[place].dropLast(3))),
                    let hi = header.firstIndex(of: header[value] + "_hi")
                else { return nil }
                return (place, value, hi)
            }
            let ladder = Self.quantiles.compactMap { header.firstIndex(of: $0) }
            while let row = try reader.next(file: name)?.map({ Double($0.text) }) {
                for (lo, value, hi) in triples {
                    guard let low = row[lo], let middle = row[value], let high = row[hi] else { continue }
                    #expect(
                        low <= middle + 1e-9 && middle <= high + 1e-9,
                        "\(name) \(header[value]): \(low), \(middle), \(high)")
                }
                let values = ladder.compactMap { row[$0] }
                #expect(values == values.sorted(), "\(name)")
            }
        }
    }

    /// What autoscalers are given is the plan's nodes, a trigger at least, and room above.
    private func exports(_ report: RunReport) throws {
        let files = Exports(
            plan: report.plan, catalogue: report.catalogue, name: report.name, start: report.asOf,
            stepSeconds: report.demand.stepSeconds
        ).files()
        for tier in report.plan.tiers where tier.kind.followsDay {
            let file = try #require(files.first { $0.path == "keda/\(tier.tier).yaml" })
            let lines = String(decoding: file.bytes, as: UTF8.self).split(separator: "\n").map {
                $0.split(separator: ":").map { $0.trimmingCharacters(in: .whitespaces) }
            }
            func numbers(_ key: String) -> [Int] {
                lines.filter { $0.first == key }.compactMap {
                    $0.last.flatMap { Int($0.trimmingCharacters(in: ["\""])) }
                }
            }
            let asked = numbers("desiredReplicas")
            #expect(asked.max() == tier.nodes.max(), "\(tier.tier): \(asked)")
            #expect(numbers("minReplicaCount") == [tier.nodes.min() ?? 0])
            #expect((numbers("maxReplicaCount").first ?? 0) > tier.peakNodes)
        }
    }

    /// A page that promises the loss of a zone without exception has no what-if of one that breaks.
    private func promises(_ report: RunReport) {
        let text = report.summaryMarkdown()
        #expect(text.contains("The plan meets every objective") == report.plan.isFeasible)
        guard report.plan.isFeasible, report.plan.options.survivesZoneLoss,
            !text.contains("The exception is the moment of the loss")
        else { return }
        for result in report.scenarios where result.verdict.scenario == "zone-loss" {
            #expect(result.verdict.held, "\(result.verdict)")
        }
    }

    /// What the plan's nodes hold is where a replay of them, by a model of its own, says that they saturate.
    private func saturation(_ report: RunReport, seed: UInt64) throws {
        var topology = report.topology
        for (place, tier) in report.plan.tiers.enumerated() {
            topology.tiers[place].nodes = max(1, tier.servingNodes.max() ?? 1)
            topology.tiers[place].shape = tier.shape
        }
        let replayed = try replay(
            demand: report.demand, topology: topology, catalogue: report.catalogue,
            placement: report.plan.placements,
            options: ReplayOptions(
                seed: seed, threads: 2, multipliers: [], replications: 2, messageBudget: 1000,
                largestMultiplier: 1e9))
        for (tier, planned) in zip(topology.tiers, report.plan.tiers) {
            let shape = try #require(report.catalogue.shape(named: planned.shape))
            for shard in planned.shards.isEmpty ? [nil] : planned.shards.map({ Optional($0.name) }) {
                func multiple(_ kind: SaturationPoint.Kind) -> Double? {
                    replayed.saturation.first {
                        $0.scope == .tier(tier.name) && $0.shard == shard && $0.kind == kind
                    }?.loadMultiplier?.value
                }
                let held =
                    report.plan.capacity.filter { $0.tier == tier.name && $0.shard == shard }
                    .map(\.heldAllUp).max() ?? 0
                let taken = held * (1 + tier.balancerImbalance) / Double(tier.servers(today: shape))
                guard let slo = multiple(.slo), let stability = multiple(.stability) else { continue }
                #expect(
                    abs(slo / stability - taken) <= 1e-6 * taken,
                    "\(tier.name) \(shard ?? ""): \(slo / stability) and \(taken)")
            }
        }
    }
}
