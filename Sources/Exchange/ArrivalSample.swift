/// How the arrivals of a log bunch, as they came, with their level taken out: gaps in operational time for what is faster
/// than some seconds, and the course of the level for what is slower.
///
/// A sample is compared by identity: it is made once and shared.
public final class ArrivalSample: Sendable, Equatable {
    /// Where the arrivals are from, in words.
    public let origin: String
    /// Gaps between arrivals, of mean 1 in every few seconds.
    public let gaps: [Float]
    /// The level at which the gaps came, in arrivals a second; 0 where they are the same at any.
    public let ratePerSecond: Double
    /// Gaps much shorter than this keep their length at another level, in seconds; 0 where all scale alike.
    public let reactionSeconds: Double
    /// The level of each five minutes, over any unit, in their order; 0 where nothing came.
    public let levels: [Float]
    /// The level in those five minutes over their mean, by `tickSeconds`.
    public let courses: [[Float]]

    /// Seconds over which the course of the level is a mean.
    public static let tickSeconds = 5.0

    /// A sample from its parts.
    public init(
        origin: String, gaps: [Float], ratePerSecond: Double, reactionSeconds: Double, levels: [Float],
        courses: [[Float]]
    ) {
        self.origin = origin
        self.gaps = gaps
        self.ratePerSecond = ratePerSecond
        self.reactionSeconds = reactionSeconds
        self.levels = levels
        self.courses = courses
    }

    /// Whether both are one.
    public static func == (one: ArrivalSample, other: ArrivalSample) -> Bool { one === other }
}
