/// Packs by patterns: a lower bound from the linear programme of `ColumnGeneration`, and a packing by diving.
///
/// Diving takes the whole bins of the programme's solution, or the pattern of which there is most where there is no
/// whole one, solves the programme of what is left anew, and goes on; at every stage the rest is also packed by best
/// fit, and the best of all is kept. Of more than `classesMax` different sizes, neighbours are grouped (Fernandez de la
/// Vega and Lueker 1981): with the least size of each group the programme is a bound, with the largest a packing.
/// The work is limited by a count of operations, never by time.
struct PatternPacking {
    /// Sizes in falling order, none larger than the capacity.
    let sizes: [Double]
    let capacity: Double

    /// The most classes of sizes. Chosen, not measured.
    static let classesMax = 128
    /// Operations of the bound and of the packing, about half a second each. Chosen, not measured.
    static let operationsMax = 200_000_000
    /// What a bound may pass a whole number by without asking for one bin more.
    private static let rounding = 1e-6

    /// Classes of items.
    private struct Classes {
        /// Items of each class, by falling size.
        var members: [[Int]] = []
        /// Whether all of a class have the same size.
        var areExact = true
    }

    /// The better of a packing and the one found, and the better of a bound and the one proved.
    func improved(
        _ packing: BinPacking.Packing, bound: Int
    ) -> (packing: BinPacking.Packing, bound: Int) {
        let classes = classes()
        var operations = PatternPacking.operationsMax
        var lower = master(classes.members, of: classes.members.map { sizes[$0.last ?? 0] })
        let proved = (lower.solve(operations: &operations) - PatternPacking.rounding).rounded(.up)
        let bound = max(bound, Int(saturating: proved))
        guard packing.count > bound else { return (packing, bound) }
        operations = PatternPacking.operationsMax
        let largest = classes.members.map { sizes[$0.first ?? 0] }
        if !classes.areExact {
            lower = master(classes.members, of: largest)
            _ = lower.solve(operations: &operations)
        }
        var dive = Dive(packing: self, classes: classes.members, sizes: largest, master: lower)
        return (dive.best(from: packing, bound: bound, operations: &operations), bound)
    }

    private func classes() -> Classes {
        var classes = Classes()
        for item in sizes.indices {
            if let first = classes.members.last?.first, sizes[first] == sizes[item] {
                classes.members[classes.members.count - 1].append(item)
            } else {
                classes.members.append([item])
            }
        }
        guard classes.members.count > PatternPacking.classesMax else { return classes }
        let length = (sizes.count + PatternPacking.classesMax - 1) / PatternPacking.classesMax
        classes.members = stride(from: 0, to: sizes.count, by: length).map {
            Array($0..<min(sizes.count, $0 + length))
        }
        classes.areExact = false
        return classes
    }

    private func master(_ members: [[Int]], of sizes: [Double]) -> ColumnGeneration {
        ColumnGeneration(sizes: sizes, demand: members.map(\.count), capacity: capacity)
    }

    /// Bins so far with the rest put in by best fit, in falling order.
    private func completed(_ bins: [[Int]], rest: [Int]) -> BinPacking.Packing {
        var room = bins.map { bin in bin.reduce(capacity) { $0 - sizes[$1] } }
        var binOfItem = [Int](repeating: 0, count: sizes.count)
        for (bin, items) in bins.enumerated() {
            for item in items { binOfItem[item] = bin }
        }
        for item in rest {
            var chosen: Int?
            for bin in room.indices where room[bin] >= sizes[item] {
                if let old = chosen, room[old] <= room[bin] { continue }
                chosen = bin
            }
            if let chosen {
                room[chosen] -= sizes[item]
                binOfItem[item] = chosen
            } else {
                room.append(capacity - sizes[item])
                binOfItem[item] = room.count - 1
            }
        }
        return BinPacking.Packing(count: room.count, binOfItem: binOfItem, isOptimal: false)
    }

    /// A dive from the solution of the linear programme to whole bins.
    private struct Dive {
        let packing: PatternPacking
        /// Items not yet packed, by class.
        private var members: [[Int]]
        private let sizes: [Double]
        private var master: ColumnGeneration
        /// The class of each row of the programme.
        private var classOfRow: [Int]
        private var bins: [[Int]] = []

        init(packing: PatternPacking, classes: [[Int]], sizes: [Double], master: ColumnGeneration) {
            self.packing = packing
            members = classes
            self.sizes = sizes
            self.master = master
            classOfRow = Array(classes.indices)
        }

        mutating func best(
            from start: BinPacking.Packing, bound: Int, operations: inout Int
        ) -> BinPacking.Packing {
            var best = start
            while true {
                let rest = members.flatMap { $0 }.sorted()
                let found = packing.completed(bins, rest: rest)
                operations -= (rest.count + 1) * max(1, found.count)
                if found.count < best.count { best = found }
                guard best.count > bound, !rest.isEmpty, operations > 0 else { return best }
                takeBins()
                solveRest(operations: &operations)
            }
        }

        /// Takes whole bins of the solution; where it has none, one of the pattern with the largest share.
        private mutating func takeBins() {
            let order = master.amounts.indices.sorted {
                (master.amounts[$1], $0) < (master.amounts[$0], $1)
            }
            var hasTaken = false
            for row in order {
                let count = Int(saturating: (master.amounts[row] + 1e-6).rounded(.down))
                guard count > 0 || !hasTaken else { return }
                for _ in 0..<max(1, count) where take(master.patterns[row]) { hasTaken = true }
            }
        }

        /// Packs one bin by a pattern, with what is left of its pieces; false where nothing is.
        private mutating func take(_ pattern: ColumnGeneration.Pattern) -> Bool {
            var bin: [Int] = []
            for entry in pattern {
                let index = classOfRow[entry.item]
                let count = min(entry.count, members[index].count)
                bin += members[index].prefix(count)
                members[index].removeFirst(count)
            }
            if !bin.isEmpty { bins.append(bin) }
            return !bin.isEmpty
        }

        /// The programme of what is left, from the patterns known so far.
        private mutating func solveRest(operations: inout Int) {
            let classes = members.indices.filter { !members[$0].isEmpty }
            var rowOfClass = [Int?](repeating: nil, count: members.count)
            for (row, index) in classes.enumerated() { rowOfClass[index] = row }
            var next = ColumnGeneration(
                sizes: classes.map { sizes[$0] }, demand: classes.map { members[$0].count },
                capacity: packing.capacity)
            for pattern in master.patterns {
                let left = pattern.compactMap { entry -> PatternPricing.Entry? in
                    let index = classOfRow[entry.item]
                    return rowOfClass[index].map {
                        PatternPricing.Entry(item: $0, count: min(entry.count, members[index].count))
                    }
                }
                if !left.isEmpty { next.improve(by: left) }
            }
            operations -= 2 * classes.count * classes.count * master.patterns.count
            _ = next.solve(operations: &operations)
            (master, classOfRow) = (next, classes)
        }
    }
}
