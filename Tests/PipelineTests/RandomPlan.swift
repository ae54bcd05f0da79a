import Foundation
import Generation
import Pipeline
import TestSupport
import Units

/// A small exchange with its logs and its plan file, drawn at random: what a run says of it is held against itself.
///
/// Every seed has other tiers, service laws, objectives, shapes, zones, spares, demand and bursts. Orders alone cost
/// work, and each tier passes every order on, so that what reaches a queue is plain.
struct RandomPlan {
    let plan: PlanFile
    /// The folder of the logs.
    let root: String
    /// The tiers that an order passes on its way to a shard, the shard's last; none where there is no shard.
    let way: [String]

    /// How arrivals bunch.
    enum Bursts: Int {
        case poisson
        /// No raw logs: the law of public ones.
        case unknown
        /// As in a day of raw trades.
        case measured
    }

    /// Orders with each trade, the same for all symbols.
    let ordersPerTrade: Int

    private struct DrawnTier {
        var name: String
        var kind: String
        /// Servers that the demand keeps busy, of a shard its heaviest symbol's.
        var servers: ClosedRange<Double>
        var isOnWay: Bool
    }

    init(seed: UInt64, in folder: TemporaryFolder) throws {
        var random = SplitMix64(seed: seed &+ 1000)
        let bursts = Bursts(rawValue: Int(seed % 3)) ?? .poisson
        let symbols = 1 + Int(random.next() % (bursts == .measured ? 3 : 4))
        ordersPerTrade = 1 + Int(random.next() % 8)
        root = folder.path("logs")
        let trades: [Double]
        if bursts == .measured {
            trades = [Double](repeating: 2 / Double(symbols), count: symbols)
            var settings = GenerationSettings(
                symbols: symbols, days: 17, tradesPerSecond: 2, requestsPerTrade: 0.01, seed: seed)
            settings.rawDays = 1
            settings.surges = []
            _ = try generate(settings, into: root)
        } else {
            trades = (0..<symbols).map { _ in random.logarithmic(0.5...30) }
            try folder.write(
                RandomPlan.history(trades, isSeasonal: seed % 2 == 0, &random), to: "logs/history.csv")
        }
        let tiers = RandomPlan.tiers(&random)
        way =
            tiers.contains { $0.kind == "shard" } ? tiers.filter(\.isOnWay).map(\.name) : []
        let text = RandomPlan.text(
            seed: seed, bursts: bursts, orders: ordersPerTrade, tiers: tiers, trades: trades, &random)
        plan = try PlanFile(text: Array(text.utf8), path: "plan.json")
    }

    /// Hourly counts over 400 hours, level or with a daily season, with noise as of counting.
    private static func history(
        _ tradesPerSecond: [Double], isSeasonal: Bool, _ random: inout SplitMix64
    ) -> String {
        var lines = ["unique_id,ds,y"]
        let start = Int64(1_767_571_200)  // 2026-01-05T00:00:00Z
        for (symbol, level) in tradesPerSecond.enumerated() {
            for hour in 0..<400 {
                let season = isSeasonal ? 1 + 0.5 * sin(2 * .pi * Double(hour) / 24) : 1
                let mean = 3600 * level * season
                let count = max(0, (mean + mean.squareRoot() * 3.4 * (random.uniform() - 0.5)).rounded())
                let time = Timestamp(seconds: start + 3600 * Int64(hour))
                lines.append("trades/random/S\(symbol),\(time.description),\(Int(count))")
            }
        }
        return lines.joined(separator: "\n") + "\n"
    }

    /// Two to five tiers: an entrance, then what lies on the way to the shards, then what they feed.
    private static func tiers(_ random: inout SplitMix64) -> [DrawnTier] {
        func chance(_ share: Double) -> Bool { random.uniform() < share }
        let entrance = chance(0.75) ? ("pool", 0.05...1.5) : ("link", 0.01...0.3)
        var tiers = [DrawnTier(name: "entrance", kind: entrance.0, servers: entrance.1, isOnWay: true)]
        if chance(0.4) {
            tiers.append(DrawnTier(name: "risk", kind: "pool", servers: 0.02...0.8, isOnWay: true))
        }
        if chance(0.8) {
            tiers.append(DrawnTier(name: "matching", kind: "shard", servers: 0.001...0.08, isOnWay: true))
        }
        if chance(0.5) {
            tiers.append(DrawnTier(name: "feed", kind: "link", servers: 0.01...0.5, isOnWay: false))
        }
        if chance(0.5) || tiers.count < 2 {
            tiers.append(DrawnTier(name: "ledger", kind: "store", servers: 0.01...0.4, isOnWay: false))
        }
        return tiers
    }

    private static func text(
        seed: UInt64, bursts: Bursts, orders: Int, tiers: [DrawnTier], trades: [Double],
        _ random: inout SplitMix64
    ) -> String {
        let total = Double(orders) * trades.reduce(0, +)
        let heaviest = Double(orders) * (trades.max() ?? 1)
        let written = tiers.map { tier in
            self.tier(tier, perSecond: tier.kind == "shard" ? heaviest : total, &random)
        }
        // What is behind the way hangs from its last tier.
        let last = tiers.last { $0.isOnWay }?.name ?? "entrance"
        let onWay = tiers.filter(\.isOnWay).map(\.name)
        let edges =
            zip(onWay, onWay.dropFirst()).map { ($0, $1) }
            + tiers.filter { !$0.isOnWay }.map { (last, $0.name) }
        let zones = ["\"a\"", "\"b\"", "\"c\""].prefix(1 + Int(random.next() % 3)).joined(separator: ", ")
        let paths = bursts == .measured ? "\"history.csv\", \"trades\"" : "\"history.csv\""
        let scenario = "{ \"name\": \"zone-loss\", \"events\": [\"zone-loss:for=5m\"] }"
        return """
            { "name": "random", "seed": \(1 + seed), "bursts": "\(bursts == .poisson ? "poisson" : "measured")",
              "sources": [{ "use": "demand", "paths": [\(paths)] }],
              "forecast": { "horizon": "6h", "paths": \(pathCount) },
              "mix": { "orders_per_trade": \(orders), "cancels_per_trade": 0, "queries_per_trade": 0 },
              "topology": { "tiers": [\(written.joined(separator: ",\n"))],
                "sources": { "order": "entrance" },
                "edges": [\(edges.map { edge($0, $1) }.joined(separator: ", "))] },
              "plan": { "zones": [\(zones)], "spare_nodes": \(random.next() % 3),
                "survives_zone_loss": \(random.uniform() < 0.6),
                "probability_broken": \([0.05, 0.1, 0.2][Int(random.next() % 3)]) },
              "scenarios": [\(seed % 4 == 0 ? scenario : "")] }
            """
    }

    /// Sample paths of each.
    static let pathCount = 60

    private static func edge(_ from: String, _ to: String) -> String {
        "{ \"from\": \"\(from)\", \"to\": \"\(to)\", \"carries\": { \"order\": 1 } }"
    }

    private static func tier(
        _ tier: DrawnTier, perSecond: Double, _ random: inout SplitMix64
    ) -> String {
        let mean = random.logarithmic(tier.servers) / perSecond
        // From where an idle queue just keeps it to where whole servers are kept busy.
        let latency = mean * random.logarithmic(15...150)
        let shapes = ["c7i.large", "c7i.xlarge", "c7i.2xlarge"]
        let allowed = shapes.shuffled(using: &random).prefix(1 + Int(random.next() % 3))
        let quantile = [0.9, 0.95, 0.99][Int(random.next() % 3)]
        let variation = [0, 0.5, 1, 1.5][Int(random.next() % 4)]
        return """
            { "name": "\(tier.name)", "kind": "\(tier.kind)",
              "service": { "order": { "mean": "\(Int((mean * 1e9).rounded()))ns", "cv": \(variation) } },
              "objective": { "quantile": \(quantile), "latency": "\(Int((latency * 1e9).rounded()))ns" },
              "nodes": \(1 + random.next() % 4), "shape": "\(shapes[Int(random.next() % 3)])",
              "allowed_shapes": [\(allowed.map { "\"\($0)\"" }.joined(separator: ", "))],
              "imbalance": \(tier.kind == "pool" ? [0, 0.1, 0.25][Int(random.next() % 3)] : 0) }
            """
    }
}

extension SplitMix64 {
    /// A number whose logarithm is uniform.
    fileprivate mutating func logarithmic(_ range: ClosedRange<Double>) -> Double {
        range.lowerBound * pow(range.upperBound / range.lowerBound, uniform())
    }
}
