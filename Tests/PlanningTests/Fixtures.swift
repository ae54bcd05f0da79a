import Exchange
import Foundation
import Planning
import Replay
import TestSupport
import Units

/// M/M/c in closed form (Erlang 1917): the rate at which the share of messages that take longer than the
/// objective's time is what it may be.
struct ErlangCapacity: CapacityModel {
    func breakLevels(
        of tier: Tier, servers: Int, mix: ClassRates, bursts: BurstProfile
    ) -> BreakLevels {
        guard let service = tier.mixedService(of: mix) else { return .none }
        let rate = Self.largestRate(
            servers: servers, meanSeconds: service.meanSeconds, latencySeconds: tier.objective.latencySeconds,
            shareAllowed: 1 - tier.objective.quantile)
        return BreakLevels(exactly: rate / (1 + (tier.kind == .pool ? tier.imbalance : 0)))
    }

    static func largestRate(
        servers: Int, meanSeconds: Double, latencySeconds: Double, shareAllowed: Double
    ) -> Double {
        var low = 0.0
        var high = Double(servers) / meanSeconds
        for _ in 0..<60 {
            let middle = 0.5 * (low + high)
            let late = shareLate(
                latencySeconds, rate: middle, servers: servers, meanSeconds: meanSeconds)
            if late <= shareAllowed { low = middle } else { high = middle }
        }
        return low
    }

    /// The share of messages whose waiting and service take longer.
    static func shareLate(
        _ seconds: Double, rate: Double, servers: Int, meanSeconds: Double
    ) -> Double {
        let offered = rate * meanSeconds
        let mu = 1 / meanSeconds
        let theta = Double(servers) * mu - rate
        guard theta > 0 else { return 1 }
        var blocked = 1.0
        for count in 1...servers { blocked = offered * blocked / (Double(count) + offered * blocked) }
        let waits = blocked / (1 - offered / Double(servers) * (1 - blocked))
        let both =
            abs(theta - mu) < 1e-9 * mu
            ? (1 + mu * seconds) * exp(-mu * seconds)
            : (theta * exp(-mu * seconds) - mu * exp(-theta * seconds)) / (theta - mu)
        return (1 - waits) * exp(-mu * seconds) + waits * both
    }
}

/// Servers that are good for the same work each, whatever the objective: sizes become whole-number
/// arithmetic.
struct LinearCapacity: CapacityModel {
    /// Seconds of work a second that one server holds.
    var workPerServer = 1.0

    func breakLevels(
        of tier: Tier, servers: Int, mix: ClassRates, bursts: BurstProfile
    ) -> BreakLevels {
        let mean = tier.mixedService(of: mix)?.meanSeconds ?? 1
        return BreakLevels(exactly: Double(servers) * workPerServer / mean)
    }
}

enum Fixtures {
    static let start = Timestamp(seconds: 1_772_409_600)

    static func shape(
        _ name: String, cores: Int, onDemand: Double, reserved: Double, warmUpSeconds: Double = 180
    ) -> Shape {
        Shape(
            name: name, cores: cores, memoryGiB: 4, networkGbps: 1, onDemandPerHour: Money(dollars: onDemand),
            reservedPerHour: Money(dollars: reserved), warmUpSeconds: warmUpSeconds)
    }

    static let catalogue = Catalogue(
        source: "test",
        shapes: [
            shape("small", cores: 1, onDemand: 0.1, reserved: 0.066),
            shape("medium", cores: 2, onDemand: 0.19, reserved: 0.13),
            shape("large", cores: 4, onDemand: 0.4, reserved: 0.264),
        ])

    /// One trade is one order, so that work is the trades times the service time.
    static let plain = MessageMix(ordersPerTrade: 1, cancelsPerTrade: 0, queriesPerTrade: 0)

    static func tier(
        _ name: String = "pool", kind: TierKind = .pool, meanSeconds: Double = 1e-3,
        latencySeconds: Double = 10e-3, quantile: Double = 0.99, nodes: Int = 4,
        allowedShapes: [String] = [], imbalance: Double = 0
    ) -> Tier {
        Tier(
            name: name, kind: kind,
            service: [.order: ServiceTime(meanSeconds: meanSeconds, coefficientOfVariation: 1)],
            objective: Objective(quantile: quantile, latencySeconds: latencySeconds), nodes: nodes,
            shape: "small", allowedShapes: allowedShapes, imbalance: imbalance)
    }

    static func topology(_ tier: Tier) -> Topology {
        Topology(tiers: [tier], sources: [.order: tier.name], edges: [])
    }

    static func symbol(_ name: String, mix: MessageMix = plain) -> SymbolDemand {
        SymbolDemand(
            id: SeriesID(kind: "trades", venue: "test", name: name), mix: mix, bursts: .standard)
    }

    /// One path of one symbol with the trades a second that are given.
    static func path(_ tradesPerSecond: [Double]) -> DemandPaths {
        DemandPaths(
            symbols: [symbol("A")], start: start, stepSeconds: 3600, stepCount: tradesPerSecond.count,
            pathCount: 1, tradesPerSecond: tradesPerSecond)
    }

    /// Daily season, a common lognormal factor for each path, some of its own for each symbol and step, and
    /// on one path in ten an hour of five times the load.
    static func demand(
        seed: UInt64, symbols: Int = 4, steps: Int = 48, paths: Int = 120, level: Double = 400,
        factor: Double = 1, mix: MessageMix = plain
    ) -> DemandPaths {
        var random = SplitMix64(seed: seed)
        func normal() -> Double {
            (-2 * log(1 - random.uniform())).squareRoot() * cos(2 * .pi * random.uniform())
        }
        var values: [Double] = []
        for _ in 0..<paths {
            let common = exp(0.25 * normal())
            let surge = random.uniform() < 0.1 ? Int(random.next() % UInt64(steps)) : -1
            for symbol in 0..<symbols {
                let share = level / Double(1 + symbol)
                for step in 0..<steps {
                    let season = 1 + 0.6 * sin(2 * .pi * Double(step) / 24)
                    let own = exp(0.15 * normal()) * (step == surge ? 5 : 1)
                    values.append(share * season * common * own * factor)
                }
            }
        }
        return DemandPaths(
            symbols: (0..<symbols).map { Fixtures.symbol("S\($0)", mix: mix) }, start: start,
            stepSeconds: 3600, stepCount: steps, pathCount: paths, tradesPerSecond: values)
    }

    /// The demand of the standard topology, scaled so that every tier needs several nodes.
    static func exchangeDemand(seed: UInt64, factor: Double = 1) -> DemandPaths {
        demand(seed: seed, symbols: 5, steps: 48, paths: 60, level: 70, factor: factor, mix: .standard)
    }

    /// The shapes that the standard topology names.
    static let exchangeCatalogue = Catalogue(
        source: "test",
        shapes: [("large", 1, 1.0), ("xlarge", 2, 2.0), ("2xlarge", 4, 4.0), ("4xlarge", 8, 8.0)].flatMap {
            [
                shape("c7i.\($0.0)", cores: $0.1, onDemand: 0.08925 * $0.2, reserved: 0.0589 * $0.2),
                shape(
                    "i4i.\($0.0)", cores: $0.1, onDemand: 0.172 * $0.2, reserved: 0.1135 * $0.2,
                    warmUpSeconds: 3600),
            ]
        })

    /// Nothing to survive, one zone: what is needed runs.
    static let bare = PlanOptions(
        zones: ["a"], spareNodes: 0, survivesZoneLoss: false, minimumUpSeconds: 0)
}
