import Foundation
import Numerics
import TestSupport
import Testing

@Suite("Order without a full sort is that of the sorted numbers")
struct SelectionTests {
    /// Numbers of several shapes: spread evenly, with a few far out, with many equal, in order, with both signs.
    private func samples(_ count: Int) -> [[Double]] {
        var generator = SplitMix64(seed: UInt64(count))
        let even = (0..<count).map { _ in generator.uniform() }
        return [
            even, even.map { pow($0 + 1e-3, -4) }, even.map { ($0 * 5).rounded() }, even.sorted(),
            even.map { $0 - 0.5 }, even.map { $0 < 0.9 ? 0 : $0 }, even.map { _ in 7 },
            even.enumerated().map { $0 == 3 ? 1e300 : $1 },
        ]
    }

    private func median(_ values: [Double]) -> Double {
        let sorted = values.sorted()
        let middle = sorted.count / 2
        let lower = sorted.count % 2 == 0 ? sorted[middle - 1] : sorted[middle]
        return lower + 0.5 * (sorted[middle] - lower)
    }

    @Test("medians", arguments: [1, 2, 5, 63, 64, 65, 500, 2689])
    func medians(count: Int) {
        for values in samples(count) {
            #expect(Selection.median(values) == median(values))
            #expect(Selection.medianAbsolute(values.map { -$0 }) == median(values.map { abs($0) }))
            let range = Selection.range(values)
            #expect(range.lowest == values.min() && range.highest == values.max())
        }
        #expect(Selection.median([]).isNaN)
    }

    @Test("numbers in order by their bytes", arguments: [0, 1, 127, 128, 1000])
    func sorted(count: Int) {
        for values in samples(count) {
            #expect(RadixSort.sorted(values) == values.sorted())
            let wide = values + [-Double.infinity, .infinity, -.leastNonzeroMagnitude, -0.0]
            #expect(RadixSort.sorted(wide) == wide.sorted())
        }
    }
}
