/// Finds a pattern, a set of sizes that fit into one bin, whose values sum to more than a threshold: the
/// pricing problem of Gilmore and Gomory (1961), a bounded knapsack.
///
/// Sizes are taken by falling value per size, depth first, and a branch ends where even the next ratio over all of
/// the room left does not pass the best (Horowitz and Sahni 1974). Sizes are real numbers, so that no table by
/// capacity is possible.
struct PatternPricing {
    /// Some pieces of one class.
    struct Entry: Equatable {
        /// The class of sizes.
        var item: Int
        /// How many pieces of it.
        var count: Int
    }

    /// What was found.
    struct Found {
        /// The best pattern above the threshold; empty where none was found.
        var pattern: [Entry]
        /// Whether no pattern has a higher value than this, or than the threshold where it is empty.
        var isExhausted: Bool
        /// Steps that were taken.
        var steps: Int
    }

    /// Sizes of the classes, none larger than the capacity.
    let sizes: [Double]
    /// Pieces of each class.
    let demand: [Int]
    /// The capacity of a bin.
    let capacity: Double

    /// The best pattern by the values of pieces, after at most so many steps.
    func best(values: [Double], above threshold: Double, limit: Int) -> Found {
        var search = Search(items: items(by: values), threshold: threshold, stepsLeft: limit)
        search.descend(from: 0, room: capacity, value: 0)
        let pattern = search.bestCounts.enumerated().compactMap { place, count in
            count > 0 ? Entry(item: search.items[place].index, count: count) : nil
        }
        return Found(
            pattern: pattern.sorted { $0.item < $1.item }, isExhausted: search.stepsLeft > 0,
            steps: limit - max(0, search.stepsLeft))
    }

    /// No pattern is worth more than this: pieces may be cut.
    func upperBound(values: [Double]) -> Double {
        var room = capacity
        var value = 0.0
        for item in items(by: values) where room > 0 {
            let count = min(Double(item.most), room / item.size)
            value += count * item.value
            room -= count * item.size
        }
        return value
    }

    private struct Item {
        var index: Int
        var size: Double
        var value: Double
        var ratio: Double
        var most: Int
    }

    /// The classes that are worth something, by falling value per size.
    private func items(by values: [Double]) -> [Item] {
        sizes.indices.filter { values[$0] > 0 && demand[$0] > 0 }.map { index in
            let size = max(sizes[index], capacity * 1e-12)
            return Item(
                index: index, size: size, value: values[index], ratio: values[index] / size,
                most: demand[index])
        }.sorted { ($1.ratio, $0.index) < ($0.ratio, $1.index) }
    }

    private struct Search {
        let items: [Item]
        var best: Double
        var bestCounts: [Int] = []
        var counts: [Int]
        var stepsLeft: Int

        init(items: [Item], threshold: Double, stepsLeft: Int) {
            self.items = items
            best = threshold
            counts = [Int](repeating: 0, count: items.count)
            self.stepsLeft = stepsLeft
        }

        mutating func descend(from first: Int, room: Double, value: Double) {
            if value > best {
                best = value
                bestCounts = counts
            }
            for place in first..<items.count {
                stepsLeft -= 1
                guard stepsLeft > 0 else { return }
                let item = items[place]
                guard value + item.ratio * room > best else { return }
                guard item.size <= room else { continue }
                var count = min(item.most, Int(saturating: (room / item.size).rounded(.down)))
                while count > 0, stepsLeft > 0 {
                    counts[place] = count
                    descend(
                        from: place + 1, room: room - Double(count) * item.size,
                        value: value + Double(count) * item.value)
                    counts[place] = 0
                    count -= 1
                }
            }
        }
    }
}
