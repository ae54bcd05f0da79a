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
    /// What all tiers together cost for a surge, as `holding 5× in 4m costs 1120.00 USD a month more`; nil for the row of a tier.
    public var priceSentence: String? { priceSentence(of: []) }

    /// The same, with the tiers that do not hold it, of the rows of all tiers.
    func priceSentence(of rows: [HoldRow]) -> String? {
        guard tier == nil else { return nil }
        switch way {
        case .notHeld:
            let short = rows.filter { $0.event == event && $0.way == .notHeld }.compactMap(\.tier)
            return "\(eventWords) is not held by any allowed nodes"
                + (short.isEmpty ? "" : " of " + short.joined(separator: ", "))
        case .planned where extraCost == .zero:
            return "\(eventWords) is held by the nodes that the forecast asks for"
        case .planned, .floor, .trigger:
            return "holding \(eventWords) costs \(extraCostOfMonth.description) USD a month more"
        }
    }

    /// The event in words where that is all that it says, as `5× in 4m`; else as what-ifs write it.
    var eventWords: String {
        let parts = event.split(separator: ":", maxSplits: 1)
        guard parts.count == 2, parts[0] == "surge" else { return event }
        var values: [Substring: Substring] = [:]
        for pair in parts[1].split(separator: ",") {
            let sides = pair.split(separator: "=", maxSplits: 1)
            if sides.count == 2 { values[sides[0]] = sides[1] }
        }
        guard let factor = values["x"], let ramp = values["ramp"], values.count == 2 else { return event }
        return "\(factor)× in \(ramp)"
    }

    /// How a tier holds it.
    public var sentencePart: String {
        switch way {
        case .planned: "the planned nodes hold it"
        case .floor:
            (lagSeconds.map {
                "nodes run ahead, since more would come \((Duration.nanoseconds(0) + .seconds($0)).shortText) after "
                    + "they are called for"
            } ?? "nodes run ahead") + (shapeWithout.map { ", of another shape than \($0)" } ?? "")
        case .trigger:
            "order up to \(nodesAtHeight ?? 0) nodes from \(NumberText.figure(triggerWork ?? 0)) busy cores on"
        case .notHeld: "no allowed number of nodes holds it"
        }
    }

    /// How a tier holds it and at what price, as `5× in 4m: nodes run ahead (12 to 19 nodes, 1120.00 USD a month more)`.
    public var tierSentence: String {
        var figures: [String] = []
        if let nodesWithout, let nodesBefore, nodesWithout != nodesBefore {
            figures.append("\(nodesWithout) to \(nodesBefore) nodes")
        }
        if extraCost != .zero { figures.append("\(extraCostOfMonth.description) USD a month more") }
        return "\(eventWords): \(sentencePart)"
            + (figures.isEmpty ? "" : " (\(figures.joined(separator: ", ")))")
    }
}

extension [HoldRow] {
    /// The prices of the surges that are held; those that are not are among the plan's findings.
    var priceSentences: [String] {
        filter { $0.way != .notHeld }.compactMap(\.priceSentence)
    }
}

extension Plan {
    /// Why a tier is planned as it is, the surges that it has to hold included.
    func why(_ tier: TierPlan) -> String {
        ([tier.reasons?.sentences ?? ""]
            + holds.filter { $0.tier == tier.tier && $0.way != .planned }.map {
                "Surge to hold, \($0.tierSentence)."
            })
            .filter { !$0.isEmpty }.joined(separator: " ")
    }
}
