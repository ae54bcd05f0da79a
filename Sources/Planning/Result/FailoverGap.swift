/// What happens while a standby takes over from a lost single writer or primary, in the busiest hour of the forecast.
public struct FailoverGap: Sendable, Equatable {
    /// The tier that stands still.
    public var tier: String
    /// Seconds until a standby serves.
    public var seconds: Double
    /// Messages that come in that time, wait and are served afterwards.
    public var messagesWaiting: Double
    /// Messages that come in that time and are given up, by clients' patience or for want of room.
    public var messagesRefused: Double
    /// From the end of the gap until what waited is done; nil where it never is.
    public var drainSeconds: Double?
    /// The share of messages that is late in the worst rolling five minutes, in mean over bursts.
    public var shareLate: Double
    /// The share that the objective allows.
    public var shareAllowed: Double
    /// The chance that bursts let the gap break an objective.
    public var probabilityBroken: Double
    /// The tiers whose objective it breaks with more than `allowed`: the one that stands still, or those that what waited
    /// floods.
    public var broken: [String]

    /// The chance up to which an objective counts as kept: what-ifs hold where 95 % of their histories do.
    public static let allowed = 0.05

    /// A gap from its figures.
    public init(
        tier: String, seconds: Double, messagesWaiting: Double, messagesRefused: Double,
        drainSeconds: Double?, shareLate: Double, shareAllowed: Double, probabilityBroken: Double,
        broken: [String]
    ) {
        self.tier = tier
        self.seconds = seconds
        self.messagesWaiting = messagesWaiting
        self.messagesRefused = messagesRefused
        self.drainSeconds = drainSeconds
        self.shareLate = shareLate
        self.shareAllowed = shareAllowed
        self.probabilityBroken = probabilityBroken
        self.broken = broken
    }
}
