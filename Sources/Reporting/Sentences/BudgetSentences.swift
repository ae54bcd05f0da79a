import Planning
import Tables
import Units

extension ErrorBudget {
    /// So much of what it counts, as `8.3 minutes over the objective`.
    func amount(_ counted: Double) -> String {
        switch self {
        case .minutesPerMonth: "\(NumberText.figure(counted)) minutes over the objective"
        case .shareOfRequests: "\(NumberText.percent(counted)) of requests late"
        case .dollarsPerMinute: "\(NumberText.figure(counted)) USD of minutes over the objective"
        }
    }
}

extension PlanBudget {
    /// What goes wrong, and what may.
    public var sentence: String {
        let found =
            "While the failures to survive last, \(budget.amount(said.counted(by: budget))) are expected"
        guard let allowed else {
            let nodes = rows.last?.cost ?? .zero
            return
                "\(found), and the nodes of the tiers with a price cost \(dollars(nodes)): the cheapest sum that was "
                + "found"
        }
        return "\(found); the error budget allows \(budget.amount(allowed)) in the planned span"
    }
}

extension Plan {
    /// The rule by which the nodes were chosen, in a few sentences.
    var promiseSentences: String {
        guard let budget else { return promise.sentences }
        var text = "\(budget.sentence)."
        if case .dollarsPerMinute = budget.budget, budget.rows.contains(where: { !$0.counts }) {
            text +=
                " Tiers without a price keep a chance of "
                + "\(NumberText.percent(promise.probabilityAllowed)) of breaking their objective in any step."
        }
        for part in [promise.gapSentence.map { $0 + "." } ?? "", promise.gapFigures] where !part.isEmpty {
            text += " " + part
        }
        return text
    }
}

extension HoldRow {
    /// What all tiers together cost for a surge, as `holding surge:x=5,ramp=4m costs 1120.00 USD a month more`; nil for
    /// the row of a tier.
    public var priceSentence: String? {
        guard tier == nil else { return nil }
        switch way {
        case .notHeld: return "\(event) is not held by any allowed nodes"
        case .planned where extraCost == .zero:
            return "\(event) is held by the nodes that the forecast asks for"
        case .planned, .floor, .trigger:
            return "holding \(event) costs \(extraCostOfMonth.description) USD a month more"
        }
    }

    /// How a tier holds it.
    var sentencePart: String {
        switch way {
        case .planned: "the planned nodes hold it"
        case .floor:
            lagSeconds.map {
                "nodes run ahead, since more would come \((Duration.nanoseconds(0) + .seconds($0)).shortText) after "
                    + "they are called for"
            } ?? "nodes run ahead"
        case .trigger:
            "order up to \(nodesAtHeight ?? 0) nodes from \(NumberText.figure(triggerWork ?? 0)) busy cores on"
        case .notHeld: "no allowed number of nodes holds it"
        }
    }
}
