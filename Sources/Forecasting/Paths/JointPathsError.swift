import Units

/// Why paths cannot be drawn.
public enum JointPathsError: Error, Equatable, CustomStringConvertible {
    /// There is not one history for each forecast.
    case differentCounts
    /// No series has a forecast.
    case nothingForecast
    /// Two forecasts differ in start, step or horizon.
    case differentSteps(SeriesID, SeriesID)

    /// What is wrong.
    public var description: String {
        switch self {
        case .differentCounts: "each forecast needs its history"
        case .nothingForecast: "no series has a forecast"
        case .differentSteps(let one, let other):
            "the forecasts of \(one) and \(other) differ in start, step or horizon"
        }
    }
}
