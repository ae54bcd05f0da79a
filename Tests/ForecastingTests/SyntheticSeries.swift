import Foundation
import Numerics
import TestSupport
import Units

/// Series with a known structure.
enum SyntheticSeries {
    /// A series by the hour from Monday, 2024-01-01 on.
    static func hourly(_ values: [Double]) -> RegularSeries { hourly("synthetic", values) }

    /// The same with a name.
    static func hourly(_ name: String, _ values: [Double]) -> RegularSeries {
        RegularSeries(
            id: SeriesID(name), start: Timestamp(seconds: 1_704_067_200), stepSeconds: 3600, values: values)
    }

    /// A day and a week on the log scale around `level`, with multiplicative noise.
    static func seasonal(
        _ count: Int, level: Double = 1000, noise: Double = 0, seed: UInt64 = 1, growthPerWeek: Double = 0
    ) -> [Double] {
        var random = Random(seed: seed)
        return (0..<count).map { hour in
            level * exp(pattern(hour) + noise * random.normal() + growthPerWeek * Double(hour) / 168)
        }
    }

    /// The log pattern of an hour.
    static func pattern(_ hour: Int) -> Double {
        let day = 0.6 * sin(2 * .pi * Double(hour) / 24) + 0.2 * cos(4 * .pi * Double(hour) / 24)
        return day + (hour / 24 % 7 >= 5 ? -0.5 : 0)
    }
}
