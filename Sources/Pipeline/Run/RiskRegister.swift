import Exchange
import Planning
import Reporting
import Units
import WhatIf

/// Tries the ten causes of outages on a plan, each as a scenario at the busiest hour, as long as it takes to mend.
struct RiskRegister {
    let plan: Plan
    let topology: Topology
    let input: WhatIfInput
    let options: WhatIfOptions

    /// The rows of `risk_register.csv`, the most minutes a year first.
    func rows() throws -> [RiskRegisterRow] {
        let risk = plan.options.risk
        let nodes = plan.tiers.reduce(0) { $0 + $1.peakNodes }
        let failures = RiskOptions.Occurrence(
            perYear: Double(nodes) * risk.nodeFailuresPerYear, repairSeconds: risk.nodeRepairSeconds)
        let rows = try RiskCause.allCases.map { cause in
            let standard = cause.standard(nodeFailures: failures)
            let own = risk.causes[cause]
            return try row(
                cause, own ?? standard.occurrence, source: own == nil ? standard.source : "the plan file")
        }
        return rows.withShares.enumerated().sorted {
            ($1.element.minutesPerYear ?? -1, $0.offset) < ($0.element.minutesPerYear ?? -1, $1.offset)
        }.map(\.element)
    }

    private func row(
        _ cause: RiskCause, _ occurrence: RiskOptions.Occurrence, source: String
    ) throws -> RiskRegisterRow {
        let events = events(of: cause, seconds: max(1, occurrence.repairSeconds.rounded()))
        var row = RiskRegisterRow(
            cause: cause, occurrence: occurrence, source: source, events: events.joined(separator: " "),
            minutesEach: nil, firstTier: nil, minuteOver: plan.options.risk.minuteOver, mitigation: nil,
            mitigationPerMonth: nil)
        guard !events.isEmpty else {
            row.mitigation = "not tried: the exchange has no tier that it strikes"
            return row
        }
        do {
            let scenario = Scenario(
                name: cause.rawValue, events: try events.map { try Disturbance(text: $0) })
            let verdict = try simulate(scenario, on: input, options: options).verdict
            row.minutesEach = max(
                0, verdict.expectedMinutesOverObjective - verdict.baseline.expectedMinutesOverObjective)
            row.shareBroken = max(
                0, verdict.shareBroken.value - verdict.baseline.shareBroken.value)
            row.firstTier = verdict.firstTier
            row.mitigation = verdict.cheapestChange
            row.mitigationPerMonth = verdict.cheapestChangeCost
        } catch let error as WhatIfError {
            row.mitigation = "not tried: \(error)"
        }
        return row
    }

    /// What happens, as texts of events, to the tiers that it strikes; none where there is no such tier.
    func events(of cause: RiskCause, seconds: Double) -> [String] {
        let time = "\(Int(saturating: seconds))s"
        let most = plan.tiers.filter { $0.kind.addsUp && $0.peakNodes > 1 }.max {
            $0.peakNodes < $1.peakNodes
        }
        let sharded = plan.tiers.first { $0.kind.isSharded }?.tier
        let store = plan.tiers.last { $0.kind.sharing == .one }?.tier
        let sending = topology.tiers.first { $0.sending != nil }?.name ?? entry
        func one(_ tier: String?, _ text: (String) -> String) -> [String] { tier.map { [text($0)] } ?? [] }
        switch cause {
        case .capacityOverload: return ["surge:x=5,ramp=4m,hold=\(time),decay=10m"]
        case .badDeploy: return one(entry) { "slowdown:tier=\($0),x=2,for=\(time)" }
        case .hardwareFailure: return one(most?.tier) { "node-loss:tier=\($0),count=1,for=\(time)" }
        case .networkTrouble: return one(sending) { "bandwidth:tier=\($0),share=0.3,for=\(time)" }
        case .dependencyStall: return one(store ?? entry) { "slowdown:tier=\($0),x=4,for=\(time)" }
        case .engineHalt: return one(sharded ?? entry) { "halt:tier=\($0),for=\(time)" }
        case .hostileTraffic: return ["flood:x=30,ramp=30s,hold=\(time),decay=1m"]
        case .humanError:
            return one(most?.tier) {
                "node-loss:tier=\($0),count=\(max(1, (most?.peakNodes ?? 2) / 2)),for=\(time)"
            }
        case .maintenance:
            return one(most?.tier) { "node-loss:tier=\($0),count=1,for=\(time)" }
                + (most == nil ? [] : ["surge:x=1.5,ramp=10m,hold=\(time)"])
        case .siteLoss:
            guard plan.options.zones.count > 1 else { return [] }
            return [
                "zone-loss:for=\(time)", "flood:x=10,ramp=10s,hold=5m,decay=10m",
                "surge:x=2,ramp=1m,hold=20m,decay=40m",
            ]
        }
    }

    /// Where orders come in.
    private var entry: String? { topology.sources[.order] ?? topology.tiers.first?.name }
}
