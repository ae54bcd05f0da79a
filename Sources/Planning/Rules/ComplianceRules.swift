import Exchange
import Numerics
import Units

/// Sets the plan beside what supervisors ask of an exchange's capacity.
///
/// Capacity is the rate, in messages entering the exchange, at which the first tier reaches what its largest
/// allocation of the span holds within its objective, everything else growing along; the projected peak is
/// the median over paths of the busiest step. Both are means over a step, where the rules speak of seconds:
/// the objective is held in every five minutes of the step with its bursts.
struct ComplianceRules {
    let outcomes: [TierOutcome]
    let demand: DemandPaths
    let topology: Topology
    let options: PlanOptions

    /// The rows of `compliance.csv`.
    func rows() -> [ComplianceRow] {
        let peak = projectedPeak()
        let tightest = tightestTier()
        let capacity = tightest.map { $0.multiple * peak }
        return [
            securitiesBoardOfIndia(peak: peak, capacity: capacity, tier: tightest?.tier),
            utilisationTrigger(), tradingVenueStandard(capacity: capacity, tier: tightest?.tier),
            systemsIntegrity(peak: peak, capacity: capacity), cryptoAssets(peak: peak, capacity: capacity),
            operationalResilience(peak: peak, capacity: capacity),
        ]
    }

    private static let counsel = "verify with counsel"
    private static let unit = "messages_per_second"

    private func securitiesBoardOfIndia(peak: Double, capacity: Double?, tier: String?) -> ComplianceRow {
        ComplianceRow(
            rule: "SEBI 1.5x projected peak", jurisdiction: "India", source: "SEBI CIR/MRD/DP/17/2015",
            requirement: "installed capacity at least 1.5 times the projected peak load", planned: capacity,
            required: capacity == nil ? nil : 1.5 * peak, unit: Self.unit,
            isMet: verdict(capacity.map { $0 >= 1.5 * peak }),
            note:
                "projected over the planned span, where the circular asks for 60 days ahead from 180 days of "
                + "per-second peaks; first limit: \(tier ?? "none"); \(Self.counsel)")
    }

    private func utilisationTrigger() -> ComplianceRow {
        let utilisation = largestMedianShare()
        return ComplianceRow(
            rule: "SEBI 75 % utilisation", jurisdiction: "India", source: "SEBI CIR/MRD/DP/17/2015",
            requirement: "capacity is extended once 75 % of what is installed is used (at most)",
            planned: utilisation, required: 0.75, unit: "share_of_capacity",
            isMet: verdict(utilisation.map { $0 <= 0.75 }),
            note:
                "the largest share, over tiers and steps, that the median of the load has of what the "
                + "serving nodes hold within the objective; \(Self.counsel)")
    }

    private func tradingVenueStandard(capacity: Double?, tier: String?) -> ComplianceRow {
        let history = options.historicalPeak
        let required = history.map { 2 * $0.messagesPerSecond }
        let note: String
        if let history {
            var parts = ["peak from \(history.origin), \(figure(history.yearsCovered)) years"]
            if history.yearsCovered < 5 { parts.append("less than the five years that the rule asks for") }
            if history.overSeconds > 1 {
                parts.append("a mean over \(figure(history.overSeconds)) s, not the busiest second")
            }
            note = parts.joined(separator: "; ") + "; first limit: \(tier ?? "none"); \(Self.counsel)"
        } else {
            note = "no peak of the past is known: give the five-year peak in the plan file; \(Self.counsel)"
        }
        var met: Bool?
        if let capacity, let required { met = capacity >= required }
        return ComplianceRow(
            rule: "MiFID II RTS 7 2x five-year peak", jurisdiction: "European Union",
            source: "Delegated Regulation (EU) 2017/584, Article 11",
            requirement: "capacity for at least twice the highest messages a second of the last five years",
            planned: capacity, required: required, unit: Self.unit, isMet: verdict(met), note: note)
    }

    private func systemsIntegrity(peak: Double, capacity: Double?) -> ComplianceRow {
        ComplianceRow(
            rule: "Reg SCI capacity planning", jurisdiction: "United States",
            source: "17 CFR 242.1001(a)(2)",
            requirement:
                "reasonable estimates of current and future capacity, and periodic capacity stress tests",
            planned: capacity, required: nil, unit: Self.unit, isMet: .notEvaluable,
            note:
                "no multiple in the text; evidence: the projected peak of \(figure(peak)) a second, the "
                + "saturation points and this plan; stress tests are to be added; \(Self.counsel)")
    }

    private func cryptoAssets(peak: Double, capacity: Double?) -> ComplianceRow {
        ComplianceRow(
            rule: "MiCA trading platform capacity", jurisdiction: "European Union",
            source: "Regulation (EU) 2023/1114, Article 76(7)",
            requirement: "systems are resilient and have capacity for peak order and message volumes",
            planned: capacity, required: nil, unit: Self.unit, isMet: .notEvaluable,
            note:
                "no multiple in the text; the plan holds \(multipleText(peak, capacity)) the projected peak; "
                + Self.counsel)
    }

    private func operationalResilience(peak: Double, capacity: Double?) -> ComplianceRow {
        ComplianceRow(
            rule: "DORA ICT capacity", jurisdiction: "European Union",
            source: "Regulation (EU) 2022/2554, Article 7(c)",
            requirement: "systems have capacity for peak orders, message and transaction volumes",
            planned: capacity, required: nil, unit: Self.unit, isMet: .notEvaluable,
            note:
                "no multiple in the text; the plan holds \(multipleText(peak, capacity)) the projected peak; "
                + Self.counsel)
    }

    private func multipleText(_ peak: Double, _ capacity: Double?) -> String {
        guard let capacity, peak > 0 else { return "an unknown multiple of" }
        return "\(figure(capacity / peak)) times"
    }

    private func verdict(_ isMet: Bool?) -> Compliance {
        isMet.map { $0 ? .yes : .no } ?? .notEvaluable
    }
}

extension ComplianceRules {
    /// Messages a second that enter in the busiest step, fills aside, in the median over paths.
    private func projectedPeak() -> Double {
        var entering = ClassRates.zero
        for demandClass in topology.sources.keys where demandClass != .trade { entering[demandClass] = 1 }
        let perTrade = demand.symbols.map {
            ClassRates(perSecond: $0.mix.perTrade.perSecond * entering.perSecond).total
        }
        let peaks = (0..<demand.pathCount).map { path in
            (0..<demand.stepCount).reduce(0.0) { peak, step in
                let rate = demand.symbols.indices.reduce(0.0) {
                    $0 + demand.trades(path: path, symbol: $1, step: step) * perTrade[$1]
                }
                return max(peak, rate)
            }
        }
        return Summary.median(peaks)
    }

    /// The tier that holds the smallest multiple of its own projected peak, with all nodes of its largest
    /// allocation up; nil where no tier has a load.
    private func tightestTier() -> (tier: String, multiple: Double)? {
        var tightest: (tier: String, multiple: Double)?
        for outcome in outcomes {
            for queue in outcome.queues {
                let peak = Summary.median(queue.load.peaks)
                guard peak > 0 else { continue }
                let multiple = (queue.allUp.held.max() ?? 0) / peak
                if tightest.map({ multiple < $0.multiple }) ?? true {
                    tightest = (outcome.plan.tier, multiple)
                }
            }
        }
        return tightest
    }

    private func largestMedianShare() -> Double? {
        var largest: Double?
        for outcome in outcomes {
            for queue in outcome.queues {
                let held = queue.allUp.held
                for (step, load) in queue.load.quantiles(0.5).enumerated() where load > 0 {
                    largest = max(largest ?? 0, share(load, of: held[step]))
                }
            }
        }
        return largest
    }
}
