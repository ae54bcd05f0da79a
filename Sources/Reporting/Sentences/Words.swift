import Exchange
import Planning
import Tables
import Units

extension Objective {
    /// The latency objective, as `99 % of messages within 5ms`.
    var sentencePart: String {
        let time = Duration.nanoseconds(0) + .seconds(latencySeconds)
        return "\(NumberText.percent(quantile)) of messages within \(time.shortText)"
    }
}

extension Survival {
    /// What is to be survived, as `the loss of a node or of a zone`.
    var sentencePart: String {
        var losses: [String] = []
        if spareNodes == 1 { losses.append("of a node") }
        if spareNodes > 1 { losses.append("of \(spareNodes) nodes") }
        if survivesZoneLoss { losses.append("of a zone") }
        if survivesRegionLoss { losses.append("of a region") }
        return isNone ? "no loss" : "the loss " + losses.joined(separator: " or ")
    }

    /// How many run, and why not fewer.
    func running(_ nodes: Int) -> String {
        isNone
            ? "\(nodes) run, without spares" : "\(nodes) run so that \(sentencePart) leaves that many"
    }
}

extension LoadToHold {
    /// The load, when it comes and how it was found, in a sentence.
    var sentence: String {
        let how =
            switch method {
            case .counted(0): "all of \(pathCount) paths stay below it"
            case .counted(let count): "all but \(count) of \(pathCount) paths stay below it"
            case .tail:
                "\(NumberText.percent(probabilityAllowed)) of paths exceed it in some step, by the fitted "
                    + "tail"
            case .largestPath: "the largest of only \(pathCount) paths"
            case .budget: "what the error budget leaves to be held"
            }
        if isConstant {
            return "The load to plan for is \(NumberText.figure(servers)) busy cores in every step (\(how))."
        }
        return "The load to plan for peaks at \(NumberText.figure(servers)) busy cores at \(start) (\(how))."
    }
}

extension Shortfall {
    /// What is lacking, after the name of a shape.
    var sentencePart: String {
        switch self {
        case .breaksIdle(let objective): "breaks the objective (\(objective.sentencePart)) even when idle"
        case .passesLimit(let nodes, let held, let load, let survival):
            "would need more than the limit of \(NumberText.figure(Double(nodes), digits: 15)) nodes, which "
                + "carry \(NumberText.figure(held)) busy cores; \(NumberText.figure(load)) are required "
                + "after "
                + survival.sentencePart
        case .primaryTooSmall(let held, let load):
            "as the primary carries \(NumberText.figure(held)) busy cores; \(NumberText.figure(load)) are "
                + "required, and replicas do not help"
        case .quotaTooSmall(let held, let load):
            "lets in \(NumberText.figure(held)) requests per second within the objective; "
                + "\(NumberText.figure(load)) are required"
        case .tooLittleMemory(let needed, let has):
            "has \(NumberText.figure(has)) GiB of memory; \(NumberText.figure(needed)) are required"
        }
    }
}

/// An amount for a sentence, as `$12.50`.
func dollars(_ amount: Money) -> String { "$\(amount)" }
