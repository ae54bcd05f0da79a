import Planning
import Tables

extension SupervisoryRule {
    /// What it asks for, in a sentence.
    public var requirement: String {
        switch self {
        case .securitiesBoardOfIndiaPeak: "installed capacity at least 1.5 times the projected peak load"
        case .securitiesBoardOfIndiaUtilisation:
            "capacity is extended once utilisation reaches 75 % of the installed capacity (at most)"
        case .tradingVenueStandard:
            "capacity for at least twice the highest number of messages per second in the last five years"
        case .systemsIntegrity:
            "reasonable estimates of current and future capacity, and periodic capacity stress tests"
        case .cryptoAssets: "systems are resilient and have capacity for peak order and message volumes"
        case .operationalResilience:
            "systems have capacity for peak order, message and transaction volumes"
        }
    }
}

extension ComplianceRow {
    /// What stands behind the figures, and the advice to verify with counsel.
    public var note: String {
        let text =
            switch rule {
            case .securitiesBoardOfIndiaPeak:
                "projected over the planning horizon, whereas the circular asks for 60 days ahead from 180 "
                    + "days of per-second peaks; \(firstLimit)"
            case .securitiesBoardOfIndiaUtilisation:
                "the highest median utilisation over tiers and steps: load over what the serving nodes carry "
                    + "within the objective"
            case .tradingVenueStandard: basis.history.map(note) ?? noHistory
            case .systemsIntegrity:
                "the text has no multiple; evidence: the projected peak of "
                    + "\(NumberText.figure(basis.projectedPeak)) per second, the saturation points and this "
                    + "plan; add stress tests"
            case .cryptoAssets, .operationalResilience:
                "the text has no multiple; the plan carries \(multiple) the projected peak"
            }
        return text + "; verify with counsel"
    }

    private func note(_ history: PlanOptions.HistoricalPeak) -> String {
        var parts = ["peak from \(history.origin), \(NumberText.figure(history.yearsCovered)) years"]
        if history.yearsCovered < 5 { parts.append("less than the five years that the rule requires") }
        if history.overSeconds > 1 {
            parts.append("a mean over \(NumberText.figure(history.overSeconds)) s, not the busiest second")
        }
        return (parts + [firstLimit]).joined(separator: "; ")
    }

    private var noHistory: String { "no past peak is known: give the five-year peak in the plan file" }

    private var firstLimit: String { "first bottleneck: \(basis.firstLimit ?? "none")" }

    private var multiple: String {
        guard let capacity = basis.capacity, basis.projectedPeak > 0 else { return "an unknown multiple of" }
        return "\(NumberText.figure(capacity / basis.projectedPeak)) times"
    }
}
