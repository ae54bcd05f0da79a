import Exchange
import Units

/// What comes of planned work that takes longer than its window, one node of every tier out.
///
/// Work that lasts past the planned span goes on at its beginning, so that an overrun of two days meets the same hours of the
/// week; it lasts no longer than the span.
struct MaintenanceOverruns {
    private let hazards: BreakHazards
    private let length: Int
    private let hoursPerStep: Double
    private let minuteOver: Money?
    /// The chance that a step breaks.
    private let chances: [Double]

    init(_ hazards: BreakHazards, length: Int, stepSeconds: Int64, minuteOver: Money?) {
        self.hazards = hazards
        self.length = length
        self.minuteOver = minuteOver
        hoursPerStep = Double(stepSeconds) / 3600
        chances = (0..<hazards.stepCount).map { hazards.chance(step: $0) }
    }

    /// One row for each multiple of the window's length, from a step on.
    func rows(from first: Int) -> [MaintenanceRow.Overrun] {
        MaintenanceRow.overruns.map { factor in
            let steps = steps(from: first, times: factor)
            let hours = hours(steps)
            return MaintenanceRow.Overrun(
                factor: factor, probabilityBroken: hazards.chance(of: steps), hoursBroken: hours,
                cost: minuteOver.map { Money(dollars: hours * 60 * $0.dollars) })
        }
    }

    /// Hours that break during the longest overrun from a step on.
    func hoursOfLongest(from first: Int) -> Double {
        hours(steps(from: first, times: MaintenanceRow.overruns.last ?? 1))
    }

    private func steps(from first: Int, times factor: Int) -> [Int] {
        let count = hazards.stepCount
        return (0..<min(count, length * factor)).map { (first + $0) % count }
    }

    private func hours(_ steps: [Int]) -> Double { steps.reduce(0) { $0 + chances[$1] } * hoursPerStep }
}
