import Foundation
import Numerics
import Units

/// The logarithms of a series, found once for all of its windows.
struct SeriesLogarithms: Sendable {
    private let values: [Double]
    private let logarithms: [Double]

    init(_ series: RegularSeries) {
        values = series.values
        logarithms = series.values.map(ValueScale.logarithm(offset: 0).apply)
    }

    /// The logarithms of a window that begins at a place in the series; values that were changed there are
    /// taken as they are, and NaN stays NaN.
    func window(_ window: [Double], from first: Int) -> [Double] {
        precondition(first >= 0 && first + window.count <= values.count, "a part of the series")
        let count = window.count
        var equal = 0
        var result = [Double](unsafeUninitializedCapacity: count) { result, filled in
            values.withUnsafeBufferPointer { values in
                logarithms.withUnsafeBufferPointer { logarithms in
                    guard let own = values.baseAddress, let known = logarithms.baseAddress,
                        let target = result.baseAddress
                    else { return }
                    equal = Kernels.best.chooseWhereEqual(
                        window, own + first, count: count, sources: known + first, to: target)
                }
            }
            filled = count
        }
        guard equal < count else { return result }
        for index in 0..<count where window[index] != values[first + index] && !window[index].isNaN {
            result[index] = ValueScale.logarithm(offset: 0).apply(window[index])
        }
        return result
    }
}
