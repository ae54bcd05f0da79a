import Planning
import Tables
import Units

extension ExcuseRow.Rejection {
    /// The option, as `c7i.4xlarge` or `c7i.large, all on demand by the schedule`.
    public var option: String {
        switch self {
        case .shapeTooSmall(let shape, _), .dearerPool(let shape, _, _, _, _), .dearerNodes(let shape, _, _),
            .dearerWriter(let shape, _, _):
            shape
        case .fewerShards(let shards, _): "\(shards) shards"
        case .reservedThroughout(let shape, let nodes, _, _): "\(shape), \(nodes) reserved throughout"
        case .onDemandThroughout(let shape, _, _): "\(shape), all on demand on schedule"
        case .nothingWaits(let shape, let nodes, _, _): "\(shape), \(nodes) for all work during failures"
        case .todays(let nodes, let shape, _, _, _): "today's \(nodes) × \(shape)"
        }
    }

    /// Why not, with figures.
    public var reason: String {
        switch self {
        case .shapeTooSmall(_, let shortfall): shortfall.sentencePart
        case .dearerPool(_, let extra, let chosen, let nodes, let reserved):
            "costs \(dollars(extra)) more than \(chosen): up to \(nodes) nodes, \(reserved) of them reserved"
        case .dearerNodes(_, let extra, let chosen):
            "costs \(dollars(extra)) more than \(chosen), which also carries the load"
        case .dearerWriter(_, let extra, let chosen):
            "costs \(dollars(extra)) more than \(chosen) and carries no more: one writer uses one core"
        case .fewerShards(_, let requiredShare):
            "the best placement found leaves a shard at \(NumberText.figure(requiredShare)) times its "
                + "capacity"
        case .reservedThroughout(_, _, let extra, let reserved):
            "costs \(dollars(extra)) more than \(reserved) reserved and the rest on demand on schedule"
        case .onDemandThroughout(_, let extra, let reserved):
            "costs \(dollars(extra)) more: \(reserved) nodes run long enough to pay for a commitment"
        case .nothingWaits(_, _, let extra, let waiting):
            "costs \(dollars(extra)) more, as \(NumberText.percent(waiting)) of the work may wait"
        case .todays(_, _, let extra, let broken, let paths):
            (broken > 0
                ? "breaks the objective on \(NumberText.percent(broken)) of paths during the failures to "
                    + "survive"
                : "breaks the objective on none of \(paths) paths")
                + (extra >= .zero
                    ? "; costs \(dollars(extra)) more on demand"
                    : "; costs \(dollars(.zero - extra)) less on demand")
        }
    }
}
