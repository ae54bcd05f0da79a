import Tape
import Units

/// Finds the step of a series from its times.
enum StepInference {
    /// The commonest distance between neighbours, the smallest of them in a tie; an hour where there is none.
    static func stepSeconds(_ starts: [Int64]) -> Int64 {
        min(TimeGrid.commonestStep(starts), Tape.stepSecondsMax)
    }
}
