import Units

/// A stretch in which a series left its seasonal baseline.
public struct SurgeEvent: Sendable, Equatable {
    /// What happened.
    public enum Kind: String, Sendable {
        /// More than usual.
        case surge
        /// Almost nothing: under 5 % of what is ordinary in the steps between the first and the last, which may be out in
        /// part; under 20 % where there are no others.
        case outage
        /// Much less than usual.
        case brownout
        /// Another level from here on, higher or lower.
        case levelShift = "level-shift"
    }

    public let id: SeriesID
    /// What happened.
    public let kind: Kind
    /// The start of the first step of the event.
    public let onset: Timestamp
    /// The start of the highest step of a surge, else of the step that lies furthest from the baseline.
    public let peakAt: Timestamp
    /// The start of the first step after the event.
    public let end: Timestamp
    /// The baseline at the peak; a mean over an hour around it where steps are finer.
    public let baseline: Double
    /// The value at the peak.
    public let peak: Double
    /// Peak over baseline.
    public let ratio: Double
    /// From the onset to the first step with 80 % of the excess; 0 where that is the first step.
    public let rampSeconds: Int64
    /// From then until after the last step with half of the excess.
    public let holdSeconds: Int64
    /// From then to the end.
    public let decaySeconds: Int64
}
