import Exchange
import Planning
import Tables

extension PlanFinding {
    /// What was found, with figures.
    public var message: String {
        switch fact {
        case .noShapeHolds(let shape, _, let shortfall):
            "no allowed shape can carry the load: \(shape) \(shortfall.sentencePart)"
        case .symbolBreaksIdle(let symbol, let objective):
            "\(symbol) breaks the objective (\(objective.sentencePart)) even when its shard is idle"
        case .symbolOutgrowsShard(let symbol, let load, let held, let meanSeconds, let objective):
            "\(symbol) alone needs \(NumberText.figure(load)) busy cores "
                + "(\(NumberText.figure(load / meanSeconds)) messages per second), "
                + "\(NumberText.figure(load / held)) times the \(NumberText.figure(held)) "
                + "(\(NumberText.figure(held / meanSeconds)) per second) that one shard carries with "
                + objective.sentencePart
        case .moreSymbolsOutgrowShards(let count):
            "\(count) more symbols each exceed the capacity of one shard"
        case .shardOverloaded(let requiredShare, let probability):
            "even with one symbol per shard, some shard needs \(NumberText.figure(requiredShare)) times its "
                + "capacity, at a probability of \(NumberText.percent(probability))"
        case .shardsPassLimit(let shards, let copies, let limit):
            "\(shards) shards with \(copies) nodes each exceed the limit of \(limit) nodes"
        case .noMajority(let members, let left, _, _, let loss):
            "the loss of \(loss.sentencePart) leaves \(left) of \(members) members; a majority is "
                + "\(Quorum.majority(of: members))"
        case .movesPassLimit(let needed, let limit):
            "\(needed) symbols have to move from today's shards; at most \(limit) may"
        case .diskFull(let days, let disk, let share):
            "the disk of \(NumberText.figure(disk)) GiB is full in \(NumberText.figure(days)) days on "
                + "\(NumberText.percent(share)) of paths"
        case .restoreTooLong(let seconds, let most, let size):
            "a restore of \(NumberText.figure(size)) GiB takes \(NumberText.time(seconds: seconds)); "
                + "\(NumberText.time(seconds: most)) are allowed"
        case .bestEffort(let effort): effort.sentence
        case .wouldHold(let relaxations): Relaxation.sentence(relaxations)
        case .surgeNotHeld(let events):
            "no allowed number of nodes holds " + events.joined(separator: ", ") + " on top of the forecast"
        case .budgetExceeded(let budget, let expected, let allowed):
            "no nodes that were tried keep the error budget: at the least, \(budget.amount(expected)) are expected; "
                + "\(NumberText.figure(allowed)) are allowed in the planned span"
        case .zoneLossInOneZone: "the loss of a zone cannot be survived with only one zone"
        case .regionLossInOneRegion: "the loss of a region cannot be survived with only one region"
        case .tooFewPaths(let count, let probability):
            "\(count) paths are too few to resolve a probability of \(NumberText.percent(probability)); the "
                + "plan carries the largest path"
        }
    }

    /// What was found, with the tier that it is about.
    public var told: String { (tier.map { "\($0): " } ?? "") + message }

    /// Whether it is that a surge is not held.
    var isSurgeNotHeld: Bool { if case .surgeNotHeld = fact { true } else { false } }

    /// What would help; empty where nothing needs to be done.
    public var remedy: String {
        switch fact {
        case .noShapeHolds(_, _, .breaksIdle): "shorten the service time or relax the latency objective"
        case .noShapeHolds(_, _, .tooLittleMemory): "allow shapes with more memory"
        case .noShapeHolds(_, let kind, _): kind.words.remedy
        case .symbolBreaksIdle, .shardOverloaded:
            "shorten the engine's service time or relax the latency objective"
        case .symbolOutgrowsShard(let symbol, let load, let held, let meanSeconds, _):
            "more cores or shards do not help, as a symbol has a single writer: make the engine "
                + "\(NumberText.figure(load / held)) times as fast, admit at most "
                + "\(NumberText.figure(held / meanSeconds)) messages per second of \(symbol), or relax the "
                + "latency objective"
        case .moreSymbolsOutgrowShards: "placement.csv lists them with their share of a shard's capacity"
        case .shardsPassLimit: "raise the node limit or shorten the engine's service time"
        case .noMajority(let members, _, let zones, _, .zone):
            "place members in at least three zones; \(zones) \(zones == 1 ? "is" : "are") available to the "
                + "\(members) members"
        case .noMajority(_, _, _, _, .region):
            "place members in at least three regions: list the zones of different regions in turn"
        case .noMajority(_, _, _, let groups, .placementGroup):
            "use at least three placement groups, of which \(groups) \(groups == 1 ? "is" : "are") named"
        case .noMajority(_, _, _, _, .members):
            "five members survive the loss of two; ask for fewer spare nodes"
        case .movesPassLimit: "allow more moves, or move in several steps; placement.csv lists them"
        case .diskFull: "order a larger disk or shorten the retention"
        case .restoreTooLong: "restore faster or in parts, split the database, or shorten the retention"
        case .surgeNotHeld: "allow larger shapes, spread symbols, or ask for a smaller surge"
        case .budgetExceeded: "allow larger shapes, relax the objective, or ask for a larger budget"
        case .bestEffort, .wouldHold: ""
        case .zoneLossInOneZone: "configure at least two zones, or do not require surviving the loss of one"
        case .regionLossInOneRegion:
            "name the zones of at least two regions, or do not require surviving the loss of one"
        case .tooFewPaths: "draw at least 100 paths"
        }
    }
}

extension PlanPromise {
    /// The rule in a few sentences.
    public var sentences: String {
        var text =
            "The chance of breaking any objective in any step is at most "
            + "\(NumberText.percent(probabilityAllowed)), over tiers and steps jointly. That allows "
            + "\(NumberText.percent(eachTier)) for each of \(tierCount) tiers. \(pathCount) paths resolve "
            + "\(NumberText.percent(1 / Double(pathCount + 1)))"
        if usesTail {
            text +=
                "; beyond that, the largest path is extrapolated by a generalised Pareto tail fitted to the "
                + "paths' largest loads"
        }
        text += ". Breaks are counted over demand and bursts together"
        if headroomFactor > 1 {
            text += ", and loads are multiplied by \(NumberText.figure(headroomFactor))"
        }
        text += "."
        for part in [gapSentence.map { $0 + "." } ?? "", gapFigures] where !part.isEmpty {
            text += " " + part
        }
        return text
    }
}
