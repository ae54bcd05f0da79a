/// Packs sizes in falling order, none larger than the capacity, into few bins.
struct BinPacking {
    let sizes: [Double]
    let capacity: Double
    let searchLimit: Int

    /// A packing, and whether none with fewer bins exists.
    struct Packing {
        var count: Int
        var binOfItem: [Int]
        var isOptimal: Bool
        /// What column generation proved; 0 where it was not needed.
        var patternBound = 0
    }

    /// The most items for which best fit and column generation are tried.
    private static let improvedItemLimit = 5000

    /// The best packing that was found.
    func fewestBins() -> Packing {
        let bounds = PackingBounds(sizes: sizes, capacity: capacity)
        var bound = max(bounds.sum, bounds.martelloToth)
        var best = firstFit()
        // Best fit looks at every open bin; first fit has a tree for long lists.
        if best.count > bound, sizes.count <= BinPacking.improvedItemLimit {
            let other = bestFit()
            if other.count < best.count { best = other }
        }
        if best.count > bound, sizes.count <= BinPacking.improvedItemLimit {
            (best, bound) = PatternPacking(sizes: sizes, capacity: capacity).improved(best, bound: bound)
            best.patternBound = bound
        }
        best.isOptimal = best.count <= bound
        guard !best.isOptimal, sizes.count <= exactItemLimit else { return best }
        var search = Search(
            sizes: sizes, capacity: capacity, bound: bound, best: best, stepsLeft: searchLimit)
        search.run()
        best = search.best
        best.patternBound = bound
        return best
    }

    private func firstFit() -> Packing {
        var tree = RoomTree(leafCount: sizes.count, room: capacity)
        var packing = Packing(count: 0, binOfItem: [], isOptimal: false)
        for size in sizes {
            let bin = tree.take(size)
            packing.binOfItem.append(bin)
            packing.count = max(packing.count, bin + 1)
        }
        return packing
    }

    private func bestFit() -> Packing {
        var room: [Double] = []
        var binOfItem: [Int] = []
        for size in sizes {
            var chosen: Int?
            for bin in room.indices where room[bin] >= size {
                if let old = chosen, room[old] <= room[bin] { continue }
                chosen = bin
            }
            if let chosen {
                room[chosen] -= size
                binOfItem.append(chosen)
            } else {
                room.append(capacity - size)
                binOfItem.append(room.count - 1)
            }
        }
        return Packing(count: room.count, binOfItem: binOfItem, isOptimal: false)
    }

    /// Depth-first branch and bound: the next item goes into each open bin with another room, or into a new
    /// one.
    private struct Search {
        let sizes: [Double]
        let capacity: Double
        let bound: Int
        var best: Packing
        var stepsLeft: Int
        private var rest: [Double]
        private var room: [Double] = []
        private var binOfItem: [Int]

        init(sizes: [Double], capacity: Double, bound: Int, best: Packing, stepsLeft: Int) {
            self.sizes = sizes
            self.capacity = capacity
            self.bound = bound
            self.best = best
            self.stepsLeft = stepsLeft
            rest = [0]
            for size in sizes.reversed() { rest.append(rest[rest.count - 1] + size) }
            rest.reverse()
            binOfItem = [Int](repeating: 0, count: sizes.count)
        }

        mutating func run() {
            descend(to: 0)
            if stepsLeft > 0 { best.isOptimal = true }
        }

        private mutating func descend(to item: Int) {
            stepsLeft -= 1
            guard stepsLeft > 0, best.count > bound else { return }
            if item == sizes.count {
                if room.count < best.count {
                    best = Packing(count: room.count, binOfItem: binOfItem, isOptimal: false)
                }
                return
            }
            let free = room.reduce(0, +)
            let extra = ((rest[item] - free) / capacity - placementTolerance).rounded(.up)
            guard Double(room.count) + max(0, extra) < Double(best.count) else { return }
            let size = sizes[item]
            var tried: Set<Double> = []
            for bin in room.indices where room[bin] >= size && tried.insert(room[bin]).inserted {
                let before = room[bin]
                binOfItem[item] = bin
                room[bin] = before - size
                descend(to: item + 1)
                room[bin] = before
                // It fills the bin: whatever else would have gone here can take its place elsewhere.
                if before - size <= 2 * placementTolerance * capacity { return }
            }
            guard room.count + 1 < best.count else { return }
            binOfItem[item] = room.count
            room.append(capacity - size)
            descend(to: item + 1)
            room.removeLast()
        }
    }
}

/// The room left in bins, with the first that has enough found in O(log n): a tree of maxima.
private struct RoomTree {
    private var largest: [Double]
    private let leaves: Int

    init(leafCount: Int, room: Double) {
        var leaves = 1
        while leaves < leafCount { leaves *= 2 }
        self.leaves = leaves
        largest = [Double](repeating: room, count: 2 * leaves)
    }

    /// Takes room in the first bin that has enough, which exists; returns the bin.
    mutating func take(_ size: Double) -> Int {
        var node = 1
        while node < leaves { node = largest[2 * node] >= size ? 2 * node : 2 * node + 1 }
        let bin = node - leaves
        largest[node] -= size
        node /= 2
        while node >= 1 {
            largest[node] = max(largest[2 * node], largest[2 * node + 1])
            node /= 2
        }
        return bin
    }
}
