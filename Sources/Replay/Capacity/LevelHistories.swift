import Exchange

/// How bursts move the level of arrivals from second to second, in histories that are drawn.
///
/// Where a profile knows a log's arrivals, a history is the course that the level took in some hour of it (or that of the
/// standard, where no log tells): the same courses from which a queue's capacity is found, so that what is tried second
/// by second and what is held do not contradict each other. Otherwise it is a cascade fitted to the profile's points.
public enum LevelHistories: Sendable, Equatable {
    /// Courses of a sample, times random factors that are faster than a tick of them.
    case courses(ArrivalSample, withinTick: BurstModel)
    /// A product of random factors.
    case cascade(BurstModel)

    /// - Parameters:
    ///   - profile: How arrivals bunch.
    ///   - fitted: The cascade fitted to the profile's points.
    public init(_ profile: BurstProfile, fitted: BurstModel) {
        if let sample = profile.sample {
            let fast = fitted.slow.components.filter {
                $0.timeScaleSeconds < DrawnHours.tickSeconds
            }
            self = .courses(sample, withinTick: BurstModel(components: fast))
        } else {
            self = .cascade(fitted.slow)
        }
    }

    /// The factors that are drawn at random.
    public var random: BurstModel {
        switch self {
        case .courses(_, let withinTick): withinTick
        case .cascade(let model): model
        }
    }

    /// Whether the level never moves.
    public var isConstant: Bool {
        switch self {
        case .courses: false
        case .cascade(let model): model.components.isEmpty
        }
    }

    /// The factor on the level in each second, of mean 1 over a long time.
    ///
    /// - Parameters:
    ///   - count: Seconds.
    ///   - seed: The same seed and the same log, or logs of the same span, give the same hours: streams of one market move
    ///     together as they did.
    /// - Returns: A factor for each second.
    public func perSecond(_ count: Int, seed: UInt64) -> [Double] {
        switch self {
        case .cascade(let model): return model.perSecondRates(seconds: count, ratePerSecond: 1, seed: seed)
        case .courses(let sample, let withinTick):
            let length = Int(saturating: DrawnHours.tickSeconds)
            let hour = DrawnHours.windowTicks * 12
            var ticks: [Double] = []
            // Hour by hour, each with the mean that is forecast for it.
            while ticks.count * length < count {
                ticks += DrawnHours.course(.sample(sample), ticks: hour, seed: seed &+ UInt64(ticks.count))
            }
            let faster =
                withinTick.components.isEmpty
                ? nil : withinTick.perSecondRates(seconds: count, ratePerSecond: 1, seed: seed)
            return (0..<max(0, count)).map { ticks[$0 / length] * (faster?[$0] ?? 1) }
        }
    }
}
