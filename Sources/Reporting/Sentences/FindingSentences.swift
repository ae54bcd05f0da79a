import Exchange
import Planning
import Tables

extension PlanFinding {
    /// What was found, with figures.
    public var message: String {
        switch fact {
        case .noShapeHolds(let shape, _, let shortfall):
            "no allowed shape holds the load: \(shape) \(shortfall.sentencePart)"
        case .symbolBreaksIdle(let symbol, let objective):
            "\(symbol) breaks the objective (\(objective.sentencePart)) even when its shard is idle"
        case .symbolOutgrowsShard(let symbol, let load, let held, let meanSeconds, let objective):
            "\(symbol) alone has to be held at \(NumberText.figure(load)) busy servers "
                + "(\(NumberText.figure(load / meanSeconds)) messages a second), "
                + "\(NumberText.figure(load / held)) times the \(NumberText.figure(held)) "
                + "(\(NumberText.figure(held / meanSeconds)) a second) that one shard holds with "
                + objective.sentencePart
        case .moreSymbolsOutgrowShards(let count): "\(count) more symbols are each too much for one shard"
        case .shardOverloaded(let requiredShare, let probability):
            "even with one symbol a shard, some shard has to hold \(NumberText.figure(requiredShare)) times what it "
                + "can, at a probability of \(NumberText.percent(probability))"
        case .shardsPassLimit(let shards, let copies, let limit):
            "\(shards) shards with \(copies) nodes each pass the limit of \(limit) nodes"
        case .zoneLossInOneZone: "the loss of a zone cannot be survived in one zone"
        case .tooFewPaths(let count, let probability):
            "\(count) paths are too few to tell a probability of \(NumberText.percent(probability)); the largest "
                + "path is planned for"
        }
    }

    /// What would help; empty where nothing needs to be done.
    public var remedy: String {
        switch fact {
        case .noShapeHolds(_, _, .breaksIdle): "shorten the service time or promise a longer latency"
        case .noShapeHolds(_, let kind, _): kind.words.remedy
        case .symbolBreaksIdle, .shardOverloaded:
            "shorten the engine's service time or promise a longer latency"
        case .symbolOutgrowsShard(let symbol, let load, let held, let meanSeconds, _):
            "no cores and no shards help, as a symbol has one writer: make the engine "
                + "\(NumberText.figure(load / held)) times as fast, admit at most "
                + "\(NumberText.figure(held / meanSeconds)) messages a second of \(symbol), or promise a longer "
                + "latency"
        case .moreSymbolsOutgrowShards: "the placement lists them with their share of a shard's capacity"
        case .shardsPassLimit: "raise the limit of nodes or shorten the engine's service time"
        case .zoneLossInOneZone: "name at least two zones, or plan without the loss of a zone"
        case .tooFewPaths: "draw at least 100 paths"
        }
    }
}

extension PlanPromise {
    /// The rule in a few sentences.
    public var sentences: String {
        var text =
            "Any objective may break in any step with a probability of at most "
            + "\(NumberText.percent(probabilityAllowed)), over tiers and steps jointly; "
            + "\(NumberText.percent(eachTier)) for each of \(tierCount) tiers comes to that. \(pathCount) paths "
            + "resolve \(NumberText.percent(1 / Double(pathCount + 1)))"
        if usesTail {
            text +=
                "; past that, the largest path is carried on by a generalised Pareto tail fitted to the "
                + "paths' largest loads"
        }
        text += ". What breaks is counted over demand and bursts together"
        if headroomFactor > 1 {
            text += ", and loads are taken \(NumberText.figure(headroomFactor)) times"
        }
        return text + "."
    }
}
