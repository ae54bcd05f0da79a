/// How long work that is ahead keeps those waiting who arrive within one second.
///
/// In a fluid that comes and is served at constant rates the wait is a straight line of the arrival's moment: seconds in
/// which a backlog drains are late in part alone. A queue that stands still for a time G and then serves at utilisation ρ
/// makes those late who come in the (G − limit) / (1 − ρ) seconds from its beginning.
public struct WaitRamp {
    /// The wait of who comes at the second's start, beside the pause; seconds.
    private let first: Double
    /// The wait of who comes at its end; negative: nobody waits from the moment on at which the line is at 0.
    private let last: Double
    /// What is added to every wait; seconds.
    private let pause: Double

    /// Parts of a second, which add up to 1.
    public struct Parts {
        /// Whose work ahead alone takes the limit or longer.
        public var over = 0.0
        /// Who waits for less.
        public var waiting = 0.0
        /// Who does not wait for work ahead.
        public var free = 0.0
        /// The mean wait of `waiting`, in seconds.
        public var meanWait = 0.0
        /// The wait of `free`, which is the pause; seconds.
        public var leastWait = 0.0
    }

    /// - Parameter pause: How long everybody waits; seconds.
    public init(pause: Double) { (first, last, self.pause) = (0, 0, pause) }

    /// - Parameters:
    ///   - ahead: Work that waits at the second's start, over what is done in one.
    ///   - adding: Work that comes in it, over the same.
    ///   - left: Work that waits at its end, over the same.
    ///   - standstill: Seconds from the second's start on in which nothing is served: 1 at least, or 0.
    ///   - pause: What is added to every wait beside; seconds.
    public init(
        ahead: Double, adding: Double, left: Double, standstill: Double = 0, pause: Double = 0
    ) {
        self.pause = pause
        first = standstill + ahead
        last =
            standstill > 0
            ? max(0, standstill - 1) + left : left > 0 ? left : min(0, ahead + adding - 1)
    }

    /// What the second is made of.
    ///
    /// - Parameter limit: The wait from which a message is over it, in seconds.
    /// - Returns: Its parts.
    public func parts(limit: Double) -> Parts {
        let limit = limit - pause
        guard limit > 0 else { return Parts(over: 1) }
        let over = share(over: limit)
        // Who waits at all: all of the second where its line stays above 0.
        let some = max(over, min(first, last) > 0 ? 1 : share(over: 0))
        let (low, high) = (max(0, min(first, last)), min(limit, max(first, last)))
        return Parts(
            over: over, waiting: some - over, free: 1 - some, meanWait: pause + (low + high) / 2,
            leastWait: pause)
    }

    /// The part of the second in which the line is above a wait, or at one that is not 0.
    private func share(over wait: Double) -> Double {
        guard first != last else { return first >= wait && first > 0 ? 1 : 0 }
        let moment = min(1, max(0, (wait - first) / (last - first)))
        return last > first ? 1 - moment : moment
    }
}
