import Tape
import TestSupport
import Testing

@Suite struct IntervalSetTests {
    private func random(_ seed: UInt64) -> (IntervalSet, Set<Int64>) {
        var random = SplitMix64(seed: seed)
        var plain: Set<Int64> = []
        var intervals: [ClosedRange<Int64>] = []
        for _ in 0..<30 {
            let low = Int64.random(in: -50...150, using: &random)
            let high = low + Int64.random(in: 0...8, using: &random)
            intervals.append(low...high)
            plain.formUnion(low...high)
        }
        return (IntervalSet(intervals), plain)
    }

    @Test func behavesAsAPlainSetDoes() {
        for seed in UInt64(0)..<100 {
            let (one, plainOne) = random(seed)
            let (two, plainTwo) = random(seed + 1000)
            #expect(one.size == Int64(plainOne.count))
            #expect((-60...170).allSatisfy { one.contains($0) == plainOne.contains($0) })
            let both = one.union(two)
            #expect(both.size == Int64(plainOne.union(plainTwo).count))
            #expect(both == two.union(one))
            #expect(one.overlapSize(10...60) == Int64(plainOne.filter { (10...60).contains($0) }.count))
            #expect((one.longestOverlap(with: two) > 0) == !plainOne.isDisjoint(with: plainTwo))
        }
    }

    @Test func endsOfTheNumberLineDoNotOverflow() {
        let whole = IntervalSet([.min ... .max, 5...6])
        #expect(whole.intervals == [.min ... .max])
        #expect(whole.size == .max)
        let ends = IntervalSet([.max ... .max, .min ... .min])
        #expect(ends.joined(across: 10).intervals.count == 2)
        #expect(ends.longestOverlap(with: whole) == 1)
    }

    @Test func holesUpToTheGapAreJoined() {
        let set = IntervalSet([0...9, 20...29, 41...50])
        #expect(set.joined(across: 10).intervals == [0...29, 41...50])
        #expect(set.joined(across: 11).intervals == [0...50])
    }
}
