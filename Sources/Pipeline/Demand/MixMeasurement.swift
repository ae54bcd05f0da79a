import Exchange
import Tape
import Units

/// How many orders, cancels and queries come with a trade, from requests and trades of the same steps.
struct MixMeasurement {
    private let trades: Double
    private let requests: [DemandClass: Double]
    private let steps: Int

    /// Adds up both over the steps that both cover.
    init(
        trades tape: Tape, traffic: [(tape: Tape, sampleShare: Double)], step: Int64, until end: Timestamp
    ) throws {
        let traded = try MixMeasurement.total(of: tape, step: step, until: end) { id in
            id.kind == "trades" ? .trade : nil
        }
        var common: Set<Int64>?
        var sums: [DemandClass: [Int64: Double]] = [:]
        for (tape, share) in traffic {
            let found = try MixMeasurement.total(of: tape, step: step, until: end) {
                $0.kind == "requests" ? MixMeasurement.demandClass(ofRoute: $0.name) : nil
            }
            let covered = Set(found.values.flatMap(\.keys))
            common = common.map { $0.union(covered) } ?? covered
            for (demandClass, values) in found {
                for (time, value) in values {
                    sums[demandClass, default: [:]][time, default: 0] += value / share
                }
            }
        }
        let counts = traded[.trade] ?? [:]
        let shared = (common ?? []).filter { counts[$0] != nil }.sorted()
        steps = shared.count
        trades = shared.reduce(0) { $0 + (counts[$1] ?? 0) }
        requests = sums.mapValues { values in shared.reduce(0) { $0 + (values[$1] ?? 0) } }
    }

    /// The mix, and where it is from.
    func mix(notes: inout [String]) -> (MessageMix, String) {
        let standard = MessageMix.standard
        let total = requests.values.reduce(0, +)
        guard trades > 0, total > 0 else {
            return (standard, "the standard mix, as no traffic log could be used")
        }
        let orders = (requests[.order] ?? 0) / trades
        let cancels = (requests[.cancel] ?? 0) / trades
        let queries = (requests[.query] ?? 0) / trades
        guard orders > 0 else {
            notes.append("the traffic logs have no orders; orders and cancels follow the standard mix")
            let mix = MessageMix(
                ordersPerTrade: standard.perTrade[.order], cancelsPerTrade: standard.perTrade[.cancel],
                queriesPerTrade: queries)
            return (mix, "queries from traffic logs, orders and cancels from the standard mix")
        }
        let mix = MessageMix(ordersPerTrade: orders, cancelsPerTrade: cancels, queriesPerTrade: queries)
        return (mix, "measured from traffic logs, over the \(steps) steps that also have trades")
    }

    /// What a route asks of the exchange; files of a web site reach none of its tiers.
    static func demandClass(ofRoute name: String) -> DemandClass? {
        switch name {
        case "orders": .order
        case "cancels": .cancel
        case "static": nil
        default: .query
        }
    }

    /// Sums by class and step, of the steps that are covered.
    private static func total(
        of tape: Tape, step: Int64, until end: Timestamp, classify: (SeriesID) -> DemandClass?
    ) throws -> [DemandClass: [Int64: Double]] {
        var sums: [DemandClass: [Int64: Double]] = [:]
        for summary in tape.series {
            guard let demandClass = classify(summary.id), summary.finestStepSeconds <= step else { continue }
            let series = try tape.regular(
                summary.id, stepSeconds: step, to: end, partial: .missing, strays: .leaveOut)
            for (index, value) in series.values.enumerated() where value.isFinite {
                sums[demandClass, default: [:]][series.time(at: index).seconds, default: 0] += value
            }
        }
        return sums
    }
}
