import Foundation
import Units

/// The logarithms of a series, found once for all of its windows.
struct SeriesLogarithms: Sendable {
    private let values: [Double]
    private let logarithms: [Double]

    init(_ series: RegularSeries) {
        values = series.values
        logarithms = series.values.map(ValueScale.logarithm(offset: 0).apply)
    }

    /// The logarithms of a window that begins at a place in the series; values that were changed there are taken as
    /// they are, and NaN stays NaN.
    func window(_ window: [Double], from first: Int) -> [Double] {
        precondition(first >= 0 && first + window.count <= values.count, "a part of the series")
        var result = window
        for index in 0..<window.count {
            let value = window[index]
            if value == values[first + index] {
                result[index] = logarithms[first + index]
            } else if !value.isNaN {
                result[index] = ValueScale.logarithm(offset: 0).apply(value)
            }
        }
        return result
    }
}
