import Exchange
import Planning
import Tables
import Units

extension TierReasons {
    /// Why this and no other, in a few sentences.
    public var sentences: String {
        switch self {
        case .pool(let pool): pool.sentences
        case .poolShort(let load, let shape, let nodes):
            "No allowed shape can carry the load; \(nodes) × \(shape) come closest. \(load.sentence)"
        case .fixed(let fixed): fixed.sentences
        case .shards(let shards): shards.sentences
        case .quota(let quota): quota.sentences
        case .staff(let staff): staff.sentences
        }
    }
}

extension TierReasons.Pool {
    fileprivate var sentences: String {
        var text = load.sentence
        text +=
            " \(nodes.needed) × \(nodes.shape) carry up to \(NumberText.figure(nodes.held)) busy cores of "
            + "\(nodes.servers) with \(objective.sentencePart); \(survival.running(nodes.running))."
        if load.servers <= 0 { text = "No load reaches this tier, so the minimum number of nodes runs." }
        if let waiting { text += " " + waiting.sentence }
        if let connections { text += " " + connections.sentence }
        if lead > 0 {
            let warmUp = Duration.nanoseconds(0) + .seconds(warmUpSeconds)
            text += " Nodes start \(lead) \(lead == 1 ? "step" : "steps") ahead, because a "
            text += "\(nodes.shape) needs \(warmUp.shortText) to warm up."
        }
        text +=
            onDemandMax > 0
            ? " \(reserved) are reserved; up to \(onDemandMax) more run on demand: " : " All are reserved: "
        text += "\(dollars(cost))."
        if let next { text += " The next best shape, \(next.shape), would cost \(dollars(next.cost))." }
        return text
    }
}

extension TierReasons.Fixed {
    fileprivate var sentences: String {
        let held = NumberText.figure(nodes.held)
        var text = load.sentence
        if !isHeld {
            text += " No allowed shape can carry it; \(nodes.running) × \(nodes.shape) come closest."
        } else if let quorum {
            text +=
                " A \(nodes.shape) as the leader carries up to \(held) busy cores with "
                + "\(objective.sentencePart). \(quorum.sentence)"
        } else if addsUp {
            text +=
                " \(nodes.needed) × \(nodes.shape) carry up to \(held) with \(objective.sentencePart); "
                + "\(survival.running(nodes.running))."
        } else {
            text +=
                " A \(nodes.shape) as the primary carries up to \(held) busy cores of \(nodes.servers) with "
                + objective.sentencePart
            text +=
                nodes.running == 1
                ? "; it has no replica."
                : "; \(nodes.running) nodes run, so that \(survival.sentencePart) leaves one."
        }
        if let disk { text += " " + disk.sentences }
        return text + " All are bought for the whole horizon: \(dollars(cost))."
    }
}

extension TierReasons.Shards {
    fileprivate var sentences: String {
        var text = count == 1 ? "1 shard" : "\(count) shards"
        text +=
            isHeld
            ? ", the fewest found that carry the symbols' loads on each path."
            : ", some of which cannot carry the load of a single symbol."
        if let tightest {
            text +=
                " The fullest, with \(tightest.symbol)"
                + (tightest.others > 0 ? " and \(tightest.others) more" : "")
                + ", must carry \(NumberText.figure(tightest.load)) of the "
                + "\(NumberText.figure(tightest.held)) busy cores that keep \(objective.sentencePart)."
        }
        text +=
            copies > 1
            ? " Each shard has \(copies - 1) \(copies == 2 ? "standby" : "standbys") in other zones, so that "
                + "\(survival.sentencePart) leaves one." : " No shard has a standby."
        if let moves { text += " " + moves.sentence }
        return text
            + " One writer uses one core, so the cheapest shape is enough: \(shape), \(dollars(cost)) for "
            + "the whole horizon."
    }
}
