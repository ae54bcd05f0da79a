/// Lowers the largest load of a spread by moving one size off the most loaded shard, or swapping it for a
/// smaller one.
struct LocalSearch {
    private let sizes: [Double]
    private var shardOfItem: [Int]
    private var members: [[Int]]
    private var loads: [Double]

    init(sizes: [Double], count: Int, shardOfItem: [Int]) {
        self.sizes = sizes
        self.shardOfItem = shardOfItem
        members = [[Int]](repeating: [], count: count)
        loads = [Double](repeating: 0, count: count)
        for (item, shard) in shardOfItem.enumerated() {
            members[shard].append(item)
            loads[shard] += sizes[item]
        }
    }

    /// The spread after as many steps as help, 50 million comparisons at most.
    func improved() -> (shardOfItem: [Int], largest: Double) {
        var search = self
        var budget = 50_000_000
        while budget > 0, let step = search.bestStep(&budget) { search.take(step) }
        // Loads are summed anew, in order, so that the figure does not depend on the steps.
        var loads = [Double](repeating: 0, count: search.loads.count)
        for (item, shard) in search.shardOfItem.enumerated() { loads[shard] += sizes[item] }
        return (search.shardOfItem, loads.max() ?? 0)
    }

    /// A size of the most loaded shard that goes to another, and the size that comes back, if any.
    private struct Step {
        var item: Int
        var target: Int
        var other: Int?
    }

    /// The step that leaves the smaller of the larger of the two loads; nil where none lowers the largest.
    private func bestStep(_ budget: inout Int) -> Step? {
        guard let source = loads.indices.max(by: { (loads[$0], $1) < (loads[$1], $0) }) else { return nil }
        var best: Step?
        var bestLoad = loads[source] * (1 - placementTolerance)
        for target in loads.indices where target != source {
            budget -= members[source].count * (members[target].count + 1)
            for item in members[source] {
                let moved = max(loads[source] - sizes[item], loads[target] + sizes[item])
                if moved < bestLoad {
                    bestLoad = moved
                    best = Step(item: item, target: target, other: nil)
                }
                for other in members[target] where sizes[other] < sizes[item] {
                    let change = sizes[item] - sizes[other]
                    let swapped = max(loads[source] - change, loads[target] + change)
                    if swapped < bestLoad {
                        bestLoad = swapped
                        best = Step(item: item, target: target, other: other)
                    }
                }
            }
        }
        return best
    }

    private mutating func take(_ step: Step) {
        let source = shardOfItem[step.item]
        transfer(step.item, to: step.target)
        if let other = step.other { transfer(other, to: source) }
    }

    private mutating func transfer(_ item: Int, to target: Int) {
        let source = shardOfItem[item]
        members[source].removeAll { $0 == item }
        members[target].append(item)
        loads[source] -= sizes[item]
        loads[target] += sizes[item]
        shardOfItem[item] = target
    }
}
