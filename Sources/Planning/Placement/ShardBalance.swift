/// Spreads sizes in falling order over a number of shards so that the largest load is small.
struct ShardBalance {
    let sizes: [Double]
    let count: Int
    let searchLimit: Int

    /// A spread, the least that its largest load could be, and whether it reaches that or was proved best.
    struct Spread {
        var shardOfItem: [Int]
        var bound: Double
        var isOptimal: Bool
    }

    /// The best spread that was found, from the rule's own or from another to improve on.
    func balanced(from start: [Int]? = nil) -> Spread {
        guard count > 0, !sizes.isEmpty else { return Spread(shardOfItem: [], bound: 0, isOptimal: true) }
        var best = LocalSearch(sizes: sizes, count: count, shardOfItem: longestFirst()).improved()
        if let start {
            let other = LocalSearch(sizes: sizes, count: count, shardOfItem: start).improved()
            if other.largest < best.largest { best = other }
        }
        let bound = lowerBound()
        var isOptimal = best.largest <= bound * (1 + placementTolerance)
        if !isOptimal, sizes.count <= exactItemLimit {
            var search = Search(
                sizes: sizes, count: count, bound: bound, best: best.shardOfItem, largest: best.largest,
                stepsLeft: searchLimit)
            search.run()
            best = (search.best, search.largest)
            isOptimal = search.isExhausted
        }
        return Spread(
            shardOfItem: best.shardOfItem, bound: isOptimal ? best.largest : bound, isOptimal: isOptimal)
    }

    /// The mean, the largest size, and for each k that of the first k m + 1 sizes some shard has k + 1.
    private func lowerBound() -> Double {
        var bound = max(sizes.reduce(0, +) / Double(count), sizes[0])
        var k = 1
        while k * count < sizes.count {
            bound = max(bound, sizes[(k * count - k)...(k * count)].reduce(0, +))
            k += 1
            if k > 64 { break }
        }
        return bound
    }

    /// Graham's rule: each size in turn to the shard with the least load, the first of equals.
    private func longestFirst() -> [Int] {
        var heap = ShardHeap(count: count)
        return sizes.map { heap.add($0) }
    }

    /// Depth-first branch and bound: the next size goes to each shard with another load.
    private struct Search {
        let sizes: [Double]
        let count: Int
        let bound: Double
        var best: [Int]
        var largest: Double
        var stepsLeft: Int
        private var loads: [Double]
        private var shardOfItem: [Int]

        init(
            sizes: [Double], count: Int, bound: Double, best: [Int], largest: Double, stepsLeft: Int
        ) {
            self.sizes = sizes
            self.count = count
            self.bound = bound
            self.best = best
            self.largest = largest
            self.stepsLeft = stepsLeft
            loads = [Double](repeating: 0, count: count)
            shardOfItem = [Int](repeating: 0, count: sizes.count)
        }

        var isExhausted: Bool { stepsLeft > 0 }

        mutating func run() { descend(to: 0) }

        private mutating func descend(to item: Int) {
            stepsLeft -= 1
            guard stepsLeft > 0, largest > bound * (1 + placementTolerance) else { return }
            if item == sizes.count {
                largest = loads.max() ?? 0
                best = shardOfItem
                return
            }
            let size = sizes[item]
            var tried: Set<Double> = []
            for shard in 0..<count where tried.insert(loads[shard]).inserted {
                let before = loads[shard]
                guard before + size < largest * (1 - placementTolerance) else { continue }
                shardOfItem[item] = shard
                loads[shard] = before + size
                descend(to: item + 1)
                loads[shard] = before
            }
        }
    }
}

/// Shards by load: the least loaded, the first of equals, on top.
private struct ShardHeap {
    private var loads: [Double]
    private var heap: [Int]

    init(count: Int) {
        loads = [Double](repeating: 0, count: count)
        heap = Array(0..<count)
    }

    /// Adds a size to the least loaded shard and returns it.
    mutating func add(_ size: Double) -> Int {
        let shard = heap[0]
        loads[shard] += size
        var place = 0
        while true {
            var least = place
            for child in [2 * place + 1, 2 * place + 2] where child < heap.count {
                if precedes(heap[child], heap[least]) { least = child }
            }
            guard least != place else { return shard }
            heap.swapAt(place, least)
            place = least
        }
    }

    private func precedes(_ one: Int, _ other: Int) -> Bool {
        (loads[one], one) < (loads[other], other)
    }
}
