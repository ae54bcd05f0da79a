import Planning
import Tables

extension SupervisoryRule {
    /// What it asks for, in a sentence.
    public var requirement: String {
        switch self {
        case .securitiesBoardOfIndiaPeak: "installed capacity at least 1.5 times the projected peak load"
        case .securitiesBoardOfIndiaUtilisation:
            "capacity is extended once 75 % of what is installed is used (at most)"
        case .tradingVenueStandard:
            "capacity for at least twice the highest messages a second of the last five years"
        case .systemsIntegrity:
            "reasonable estimates of current and future capacity, and periodic capacity stress tests"
        case .cryptoAssets: "systems are resilient and have capacity for peak order and message volumes"
        case .operationalResilience:
            "systems have capacity for peak orders, message and transaction volumes"
        }
    }
}

extension ComplianceRow {
    /// What stands behind the figures, and the advice to verify with counsel.
    public var note: String {
        let text =
            switch rule {
            case .securitiesBoardOfIndiaPeak:
                "projected over the planned span, where the circular asks for 60 days ahead from 180 days of "
                    + "per-second peaks; \(firstLimit)"
            case .securitiesBoardOfIndiaUtilisation:
                "the largest share, over tiers and steps, that the median of the load has of what the serving "
                    + "nodes hold within the objective"
            case .tradingVenueStandard: basis.history.map(note) ?? noHistory
            case .systemsIntegrity:
                "no multiple in the text; evidence: the projected peak of "
                    + "\(NumberText.figure(basis.projectedPeak)) a second, the saturation points and this plan; "
                    + "stress tests are to be added"
            case .cryptoAssets, .operationalResilience:
                "no multiple in the text; the plan holds \(multiple) the projected peak"
            }
        return text + "; verify with counsel"
    }

    private func note(_ history: PlanOptions.HistoricalPeak) -> String {
        var parts = ["peak from \(history.origin), \(NumberText.figure(history.yearsCovered)) years"]
        if history.yearsCovered < 5 { parts.append("less than the five years that the rule asks for") }
        if history.overSeconds > 1 {
            parts.append("a mean over \(NumberText.figure(history.overSeconds)) s, not the busiest second")
        }
        return (parts + [firstLimit]).joined(separator: "; ")
    }

    private var noHistory: String { "no peak of the past is known: give the five-year peak in the plan file" }

    private var firstLimit: String { "first limit: \(basis.firstLimit ?? "none")" }

    private var multiple: String {
        guard let capacity = basis.capacity, basis.projectedPeak > 0 else { return "an unknown multiple of" }
        return "\(NumberText.figure(capacity / basis.projectedPeak)) times"
    }
}
