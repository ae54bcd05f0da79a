import Foundation
import Tables
import Units

/// How values become positions along one side of a plot.
struct Axis: Sendable {
    enum Scale: Sendable {
        case linear
        case logarithmic
        /// Seconds since the epoch.
        case time
    }

    /// A mark on the axis with its text.
    struct Tick: Sendable, Equatable {
        var value: Double
        var label: String
    }

    var scale: Scale
    var label: String
    var lo: Double
    var hi: Double
    /// How a value of a linear or logarithmic axis is written.
    var format: @Sendable (Double) -> String = { NumberText.short($0) }

    /// An axis that holds all finite values, from zero on where it is linear and they are positive.
    init(
        _ label: String, scale: Scale = .linear, holding values: some Sequence<Double>,
        format: @escaping @Sendable (Double) -> String = { NumberText.short($0) }
    ) {
        self.label = label
        self.scale = scale
        self.format = format
        let usable = values.filter { $0.isFinite && (scale != .logarithmic || $0 > 0) }
        var lo = usable.min() ?? 0
        var hi = usable.max() ?? 1
        switch scale {
        case .linear:
            lo = min(0, lo)
            hi += (hi - lo) * 0.04
            if hi <= lo { hi = lo + 1 }
        case .logarithmic:
            if lo <= 0 { (lo, hi) = (1, 10) }
            lo /= 1.15
            hi *= 1.15
        case .time:
            if hi <= lo { hi = lo + 1 }
        }
        self.lo = lo
        self.hi = hi
    }

    /// The position of a value: 0 at the low end, 1 at the high end, outside for values beyond.
    func position(of value: Double) -> Double {
        switch scale {
        case .linear, .time: (value - lo) / (hi - lo)
        case .logarithmic: log(max(value, lo * 1e-6) / lo) / log(hi / lo)
        }
    }

    /// Marks at round values, about `count` of them.
    func ticks(_ count: Int) -> [Tick] {
        switch scale {
        case .linear: linearTicks(count)
        case .logarithmic: logarithmicTicks()
        case .time: timeTicks(count)
        }
    }

    private func linearTicks(_ count: Int) -> [Tick] {
        let raw = (hi - lo) / Double(max(count, 1))
        let power = pow(10, log10(raw).rounded(.down))
        let step = [1, 2, 2.5, 5, 10].map { $0 * power }.first { $0 >= raw } ?? 10 * power
        return stride(from: (lo / step).rounded(.up), through: (hi / step).rounded(.down), by: 1).map {
            Tick(value: $0 * step, label: format($0 * step))
        }
    }

    private func logarithmicTicks() -> [Tick] {
        let decades = Int(saturating: log10(lo).rounded(.down))...Int(saturating: log10(hi).rounded(.up))
        let factors: [Double] = hi / lo > 1000 ? [1] : hi / lo > 30 ? [1, 3] : [1, 2, 5]
        let every = max(1, decades.count / 7)
        return decades.filter { $0 % every == 0 || factors.count > 1 }.flatMap { decade in
            factors.map { $0 * pow(10, Double(decade)) }
        }.filter { $0 >= lo && $0 <= hi }.map { Tick(value: $0, label: format($0)) }
    }

    private func timeTicks(_ count: Int) -> [Tick] {
        let steps: [Int64] = [
            1, 5, 10, 30, 60, 300, 600, 1800, 3600, 10_800, 21_600, 43_200, 86_400, 172_800, 604_800,
            1_209_600,
            2_592_000, 7_776_000, 31_536_000,
        ]
        let raw = (hi - lo) / Double(max(count, 1))
        let step = steps.first { Double($0) >= raw } ?? steps[steps.count - 1]
        var time = Timestamp(seconds: Int64(saturating: lo.rounded(.up))).floored(toSeconds: step)
        if Double(time.seconds) < lo { time = time.advanced(bySeconds: step) }
        var ticks: [Tick] = []
        while Double(time.seconds) <= hi, ticks.count < 40 {
            ticks.append(Tick(value: Double(time.seconds), label: Axis.timeLabel(time, step: step)))
            time = time.advanced(bySeconds: step)
        }
        return ticks
    }

    private static func timeLabel(_ time: Timestamp, step: Int64) -> String {
        let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
        let days = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"]
        let date = time.date
        if step >= 2_592_000 { return "\(months[date.month - 1]) \(date.year)" }
        if step >= 172_800 { return "\(date.day) \(months[date.month - 1])" }
        if step >= 86_400 { return "\(days[date.weekday]) \(date.day) \(months[date.month - 1])" }
        let clock = time.description.dropFirst(11)
        return String(step >= 60 ? clock.prefix(5) : clock.prefix(8))
    }
}
