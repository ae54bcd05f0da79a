import Planning
import TestSupport
import Testing

@Suite("Placement")
struct PlacementTests {
    /// Loads in whole numbers, so that sums are exact.
    private static func loads(seed: UInt64, count: Int, below limit: Int) -> [(symbol: String, load: Double)]
    {
        var random = SplitMix64(seed: seed)
        return (0..<count).map { ("S\($0)", Double(Int(random.next() % UInt64(limit)) + 1)) }
    }

    /// The fewest bins by trying every partition in restricted growth.
    private static func fewestBins(_ sizes: [Double], capacity: Double) -> Int {
        var best = sizes.count
        var bins: [Double] = []
        func descend(_ item: Int) {
            if bins.count >= best { return }
            if item == sizes.count {
                best = bins.count
                return
            }
            for bin in bins.indices where bins[bin] + sizes[item] <= capacity {
                bins[bin] += sizes[item]
                descend(item + 1)
                bins[bin] -= sizes[item]
            }
            bins.append(sizes[item])
            descend(item + 1)
            bins.removeLast()
        }
        descend(0)
        return best
    }

    /// The least largest load by trying every assignment.
    private static func leastLargest(_ sizes: [Double], shards: Int) -> Double {
        var loads = [Double](repeating: 0, count: shards)
        var best = Double.infinity
        func descend(_ item: Int) {
            if item == sizes.count {
                best = min(best, loads.max() ?? 0)
                return
            }
            for shard in loads.indices {
                loads[shard] += sizes[item]
                descend(item + 1)
                loads[shard] -= sizes[item]
            }
        }
        descend(0)
        return best
    }

    @Test("small cases need as few shards, and are as even, as trying everything finds", arguments: 0..<60)
    func agreesWithBruteForce(seed: UInt64) throws {
        let loads = Self.loads(seed: seed, count: 4 + Int(seed % 5), below: 60)
        let result = try placeOnShards(loads: loads, capacity: 60)
        let sizes = loads.map(\.load)
        #expect(result.shardCount == Self.fewestBins(sizes, capacity: 60))
        #expect(result.isCountOptimal && result.isBalanceOptimal)
        #expect(result.shardLoads.max() == Self.leastLargest(sizes, shards: result.shardCount))
        let three = try placeOnShards(loads: loads, capacity: 60, shards: 3)
        #expect(three.shardLoads.max() == Self.leastLargest(sizes, shards: 3))
    }

    @Test("first fit's known failure is mended by the search")
    func mendsFirstFit() throws {
        // By falling size, first fit and best fit make 6 + 5 and 5 + 3 + 3 and leave 2 over; 6 + 3 + 3 and 5
        // + 5 + 2 fit.
        let sizes: [Double] = [6, 5, 5, 3, 3, 2]
        let result = try placeOnShards(
            loads: sizes.enumerated().map { ("S\($0.offset)", $0.element) }, capacity: 12)
        #expect(result.shardCount == 2)
        #expect(result.lowerBound == 2 && result.gap == 0 && result.isCountOptimal)
    }

    @Test("every symbol has one shard, loads add up, and no shard passes the capacity", arguments: 0..<40)
    func conservesLoad(seed: UInt64) throws {
        let loads = Self.loads(seed: seed, count: 30 + Int(seed) * 10, below: 100)
        let result = try placeOnShards(loads: loads, capacity: 150, searchLimit: 5000)
        #expect(result.shardOfSymbol.count == loads.count)
        var sums = [Double](repeating: 0, count: result.shardCount)
        for (index, shard) in result.shardOfSymbol.enumerated() { sums[shard] += loads[index].load }
        #expect(sums == result.shardLoads)
        #expect(sums.allSatisfy { $0 <= 150 && $0 > 0 })
        #expect(result.overloadedShards.isEmpty && result.oversizedSymbols.isEmpty)
        #expect(result.sumBound == Int((sums.reduce(0, +) / 150).rounded(.up)))
        #expect(result.martelloTothBound >= result.sumBound)
        #expect(result.gap >= 0 && result.gap <= 1 + result.lowerBound * 2 / 9)
    }

    @Test("Martello and Toth's bound counts items that cannot share")
    func boundsItemsThatCannotShare() throws {
        // Five items of 0.6 need five bins, though their sum is 3.
        let result = try placeOnShards(loads: (0..<5).map { ("S\($0)", 0.6) }, capacity: 1)
        #expect(result.sumBound == 3 && result.martelloTothBound == 5 && result.shardCount == 5)
    }

    @Test(
        "items of a quarter to a half, of which three rarely fit, meet the bound of the programme over patterns",
        arguments: [(1, 45), (2, 46), (3, 46)] as [(UInt64, Int)])
    func patterns(seed: UInt64, fewest: Int) throws {
        var random = SplitMix64(seed: seed)
        let loads = (0..<120).map { ("S\($0)", Double(260 + random.next() % 231)) }
        // The fewest as another program finds them.
        let result = try placeOnShards(loads: loads, capacity: 1000)
        #expect(result.shardCount == fewest && result.lowerBound == fewest)
    }

    @Test("a symbol that is too large has its own shard and is named")
    func reportsOversizedSymbols() throws {
        let result = try placeOnShards(
            loads: [("A", 1), ("HUGE", 25), ("B", 2), ("C", 7)], capacity: 10)
        #expect(result.oversizedSymbols == [1])
        #expect(result.shardOfSymbol[1] == 0 && result.shardOfSymbol.count { $0 == 0 } == 1)
        #expect(result.overloadedShards == [0])
        #expect(result.shardCount == 2 && result.lowerBound == 2)
    }

    @Test("the order of the input does not matter, and ties go by name")
    func doesNotDependOnOrder() throws {
        var random = SplitMix64(seed: 5)
        let loads = Self.loads(seed: 9, count: 40, below: 8)
        let first = try placeOnShards(loads: loads, capacity: 20)
        let shuffled = loads.shuffled(using: &random)
        let second = try placeOnShards(loads: shuffled, capacity: 20)
        let byName = { (loads: [(symbol: String, load: Double)], result: PlacementResult) in
            Dictionary(uniqueKeysWithValues: zip(loads.map(\.symbol), result.shardOfSymbol))
        }
        #expect(byName(loads, first) == byName(shuffled, second))
        #expect(first.shardLoads == second.shardLoads)
    }

    @Test("more load or less capacity never needs fewer shards", arguments: 0..<20)
    func isMonotone(seed: UInt64) throws {
        let loads = Self.loads(seed: seed, count: 12, below: 50)
        let before = try placeOnShards(loads: loads, capacity: 80)
        let more = try placeOnShards(loads: loads.map { ($0.symbol, $0.load * 1.25) }, capacity: 80)
        let tighter = try placeOnShards(loads: loads, capacity: 60)
        #expect(before.isCountOptimal && more.isCountOptimal && tighter.isCountOptimal)
        #expect(more.shardCount >= before.shardCount)
        #expect(tighter.shardCount >= before.shardCount)
    }

    @Test("loads that sum to the capacity but for rounding share a shard")
    func forgivesRounding() throws {
        let result = try placeOnShards(loads: [("A", 0.1), ("B", 0.2)], capacity: 0.3)
        #expect(result.shardCount == 1 && result.sumBound == 1)
    }

    @Test("a number of shards that is too small is reported, one that is too large leaves shards empty")
    func placesOnGivenShards() throws {
        let loads: [(symbol: String, load: Double)] = [("A", 6), ("B", 5), ("C", 4)]
        let few = try placeOnShards(loads: loads, capacity: 8, shards: 1)
        #expect(few.overloadedShards == [0] && few.shardLoads == [15] && few.gap == -2)
        let many = try placeOnShards(loads: loads, capacity: 8, shards: 5)
        #expect(many.shardLoads == [6, 5, 4, 0, 0] && many.overloadedShards.isEmpty)
        #expect(abs(many.imbalance - 2) < 1e-12)
    }

    @Test("twenty thousand symbols are placed within a fiftieth of the bound")
    func placesManySymbols() throws {
        var random = SplitMix64(seed: 3)
        let loads = (0..<20_000).map { ("S\($0)", exp2(-8 * random.uniform())) }
        let result = try placeOnShards(loads: loads, capacity: 1.5)
        #expect(result.shardLoads.allSatisfy { $0 <= 1.5 * (1 + 1e-9) })
        #expect(result.gap * 50 <= result.lowerBound)
    }

    @Test("input that is no list of loads is refused with what is wrong")
    func refusesBadInput() {
        #expect(throws: PlacementError.noSymbols) { try placeOnShards(loads: [], capacity: 1) }
        #expect(throws: PlacementError.capacity(0)) { try placeOnShards(loads: [("A", 1)], capacity: 0) }
        #expect(throws: PlacementError.load(symbol: "A", load: -1)) {
            try placeOnShards(loads: [("A", -1)], capacity: 1)
        }
        #expect(throws: PlacementError.repeated(symbol: "A", first: 0, second: 2)) {
            try placeOnShards(loads: [("A", 1), ("B", 1), ("A", 2)], capacity: 1)
        }
        #expect(throws: PlacementError.shards(0, limit: 1_000_000)) {
            try placeOnShards(loads: [("A", 1)], capacity: 1, shards: 0)
        }
        #expect(throws: PlacementError.self) { try placeOnShards(loads: [("A", .nan)], capacity: 1) }
        #expect(throws: PlacementError.self) { try placeOnShards(loads: [("A", .infinity)], capacity: 1) }
    }
}

/// Two to a power, without the C library.
private func exp2(_ exponent: Double) -> Double {
    var result = 1.0
    var remaining = exponent
    while remaining <= -1 {
        result /= 2
        remaining += 1
    }
    return result * (1 + remaining / 2)
}
