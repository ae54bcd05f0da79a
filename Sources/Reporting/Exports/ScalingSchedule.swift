import Planning
import Units

/// The nodes of one tier over the planned span, as stretches of equal numbers: what the exports write down.
public struct ScalingSchedule: Sendable, Equatable {
    /// A stretch of time with the same number of nodes.
    public struct Stretch: Sendable, Equatable {
        public var start: Timestamp
        public var end: Timestamp
        /// Nodes that run, those that still warm up counted.
        public var nodes: Int

        public init(start: Timestamp, end: Timestamp, nodes: Int) {
            self.start = start
            self.end = end
            self.nodes = nodes
        }

        fileprivate var seconds: Int64 { end.seconds - start.seconds }
    }

    /// The stretches in order, without gaps; neighbours differ.
    public private(set) var stretches: [Stretch]

    /// A schedule from one number of nodes a step.
    public init(nodes: [Int], start: Timestamp, stepSeconds: Int64) {
        stretches = []
        for (step, count) in nodes.enumerated() {
            let from = start.advanced(bySeconds: Int64(step) * stepSeconds)
            let to = from.advanced(bySeconds: stepSeconds)
            if let last = stretches.last, last.nodes == count {
                stretches[stretches.count - 1].end = to
            } else {
                stretches.append(Stretch(start: from, end: to, nodes: count))
            }
        }
    }

    /// The fewest nodes at any time.
    public var least: Int { stretches.map(\.nodes).min() ?? 0 }
    /// The most nodes at any time.
    public var most: Int { stretches.map(\.nodes).max() ?? 0 }

    /// The largest step up from one stretch to the next.
    public var largestRise: Int {
        zip(stretches, stretches.dropFirst()).map { $1.nodes - $0.nodes }.max().map { max(0, $0) } ?? 0
    }

    /// The most that an autoscaler may run: the plan's most and half as many again, rounded up, so that load beyond the
    /// plan still finds nodes. Chosen, not measured. Always more than the most of the plan.
    public var ceiling: Int { max(1, most) + max(1, (most + 1) / 2) }

    /// A schedule of at most so many stretches that never has fewer nodes than this one, for services that take only so
    /// many: the two neighbours whose union costs the fewest node-hours more become one, until few enough are left.
    public func coarsened(to limit: Int) -> ScalingSchedule {
        var result = self
        while result.stretches.count > max(1, limit) {
            let pairs = result.stretches.indices.dropLast()
            let best = pairs.min { result.extraNodeSeconds($0) < result.extraNodeSeconds($1) }
            guard let best else { break }
            result.join(best)
        }
        return result
    }

    private func extraNodeSeconds(_ index: Int) -> Int64 {
        let (one, two) = (stretches[index], stretches[index + 1])
        let most = max(one.nodes, two.nodes)
        return Int64(most - one.nodes) * one.seconds + Int64(most - two.nodes) * two.seconds
    }

    private mutating func join(_ index: Int) {
        let next = stretches.remove(at: index + 1)
        stretches[index].end = next.end
        stretches[index].nodes = max(stretches[index].nodes, next.nodes)
        for neighbour in [index + 1, index] where neighbour > 0 && neighbour < stretches.count {
            guard stretches[neighbour].nodes == stretches[neighbour - 1].nodes else { continue }
            stretches[neighbour - 1].end = stretches[neighbour].end
            stretches.remove(at: neighbour)
        }
    }
}
