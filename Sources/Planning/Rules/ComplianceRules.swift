import Exchange
import Units

/// Sets the plan beside what supervisors ask of an exchange's capacity.
///
/// Capacity is the rate, in messages entering the exchange, at which the first tier reaches what its largest
/// allocation of the span holds within its objective, everything else growing along; the projected peak is
/// the peak hour of the median path (`DemandPaths.medianPeak`). Both are means over a step, where the rules speak of seconds:
/// the objective is held in every five minutes of the step with its bursts.
struct ComplianceRules {
    let outcomes: [TierOutcome]
    let demand: DemandPaths
    let topology: Topology
    let options: PlanOptions

    /// The rows of `compliance.csv`.
    func rows() -> [ComplianceRow] {
        let peak = demand.medianPeak(of: topology.sent).perSecond
        let tightest = tightestTier()
        let capacity = tightest.map { $0.multiple * peak }
        let basis = ComplianceRow.Basis(
            projectedPeak: peak, capacity: capacity, firstLimit: tightest?.tier,
            history: options.historicalPeak)
        return SupervisoryRule.allCases.map { rule in
            let (planned, required) = figures(of: rule, basis)
            var isMet: Bool?
            if let planned, let required {
                isMet = rule == .securitiesBoardOfIndiaUtilisation ? planned <= required : planned >= required
            }
            return ComplianceRow(
                rule: rule, planned: planned, required: required, isMet: Compliance(isMet), basis: basis)
        }
    }

    /// Figures of the rules themselves, by which `SupervisoryRule` names them.
    private static let securitiesBoardPeakFactor = 1.5
    private static let securitiesBoardUtilisationMax = 0.75
    private static let tradingVenuePeakFactor = 2.0

    /// What the plan has and what a rule asks for.
    private func figures(
        of rule: SupervisoryRule, _ basis: ComplianceRow.Basis
    ) -> (planned: Double?, required: Double?) {
        switch rule {
        case .securitiesBoardOfIndiaPeak:
            (
                basis.capacity,
                basis.capacity == nil ? nil : ComplianceRules.securitiesBoardPeakFactor * basis.projectedPeak
            )
        case .securitiesBoardOfIndiaUtilisation:
            (largestMedianShare(), ComplianceRules.securitiesBoardUtilisationMax)
        case .tradingVenueStandard:
            (
                basis.capacity,
                options.historicalPeak.map { ComplianceRules.tradingVenuePeakFactor * $0.messagesPerSecond }
            )
        case .systemsIntegrity, .cryptoAssets, .operationalResilience: (basis.capacity, nil)
        }
    }
}

extension ComplianceRules {
    /// The tier that holds the smallest multiple of its own projected peak, with all nodes of its largest
    /// allocation up; nil where no tier has a load.
    private func tightestTier() -> (tier: String, multiple: Double)? {
        var tightest: (tier: String, multiple: Double)?
        for outcome in outcomes {
            for queue in outcome.queues {
                let peak = queue.load.medianPeak
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
