/// When identical nodes run, so that there are enough in each step, none for less than its minimum time, and
/// the time they run in sum is the least.
///
/// This is a flow of least cost: every node is a unit that passes from the first step to the last, either
/// off, on after a start that keeps it on for the minimum time, or on for one step more. What runs off in a
/// step may be no more than all nodes less those that are needed. Flows are whole numbers, so the schedule is
/// exact (compare Rajan and Takriti 2005, whose polytope of minimum up times has the same property). Nodes
/// may be on before the first step, and their minimum time may end after the last.
struct NodeSchedule {
    /// Nodes on in each step.
    let nodes: [Int]

    /// The least schedule; `needed` are nodes by step, `minimumUp` is in steps.
    init(needed: [Int], minimumUp: Int) {
        guard minimumUp > 1, let most = needed.max(), let least = needed.min(), most > least else {
            nodes = needed
            return
        }
        // Nodes that are always needed take part: one may stop when a later one has to stay on.
        let supply = 2 * most
        var flow = LeastCostFlow(nodeCount: 2 * needed.count + 2)
        let steps = needed.count
        let off = { (step: Int) in 2 * step }
        let on = { (step: Int) in 2 * step + 1 }
        flow.add(from: off(0), to: on(0), capacity: supply, cost: 0)
        var idle: [Int] = []
        for step in 0..<steps {
            idle.append(
                flow.add(from: off(step), to: off(step + 1), capacity: supply - needed[step], cost: 0))
            let end = min(steps, step + minimumUp)
            flow.add(from: off(step), to: on(end), capacity: supply, cost: end - step)
            flow.add(from: on(step), to: on(step + 1), capacity: supply, cost: 1)
            flow.add(from: on(step + 1), to: off(step + 1), capacity: supply, cost: 0)
        }
        flow.send(supply, from: off(0), to: off(steps))
        nodes = idle.map { supply - flow.flow(on: $0) }
    }

    /// Nodes that have to run in each step so that those needed in the steps after are warm by then.
    static func warmed(needed: [Int], lead: Int) -> [Int] {
        guard lead > 0 else { return needed }
        return needed.indices.map { needed[$0...min(needed.count - 1, $0 + lead)].max() ?? 0 }
    }

    /// Nodes that serve: those that have been on since the steps before, within the lead.
    static func serving(running: [Int], lead: Int) -> [Int] {
        guard lead > 0 else { return running }
        return running.indices.map { running[max(0, $0 - lead)...$0].min() ?? 0 }
    }
}
