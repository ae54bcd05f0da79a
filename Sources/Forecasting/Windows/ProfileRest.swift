/// What the robust seasonal profile leaves of a window's last values, at most sixteen long seasons of them, on the scale
/// of the window.
struct ProfileRest: Sendable {
    /// Values less the profile; the last one lies before the origin.
    let values: [Double]
    /// Whether each value was observed, and not filled in.
    let isObserved: [Bool]
    /// Whether all were.
    let isComplete: Bool
    /// What was taken off.
    let profile: SeasonalProfile
    /// The shortest season in steps.
    let short: Int
}
