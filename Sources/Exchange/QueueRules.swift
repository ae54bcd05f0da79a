/// What surrounds the queues of a tier: bounds, balancers, classes, batches, pauses, timeouts and retries.
///
/// None of it: messages wait without bound in one queue, first come, first served, and their servers never pause.
public struct QueueRules: Sendable, Equatable, Hashable {
    /// How messages are sent to servers that each have a queue of their own.
    public enum Balancer: String, Sendable, CaseIterable {
        /// To any, with the same probability.
        case random
        /// To one after the other.
        case roundRobin = "round-robin"
        /// To the one of two random servers that has fewer messages (Mitzenmacher 2001).
        case leastOfTwo = "least-of-two"
        /// To a server with the fewest messages.
        case shortest
    }

    /// Pauses of all servers (a journal's flush, a collector of garbage, the scheduler); they come at exponential gaps,
    /// last exponential times, and add up.
    public struct Pause: Sendable, Equatable, Hashable {
        /// The mean time from one to the next.
        public var everySeconds: Double
        /// The mean length.
        public var lengthSeconds: Double

        public init(everySeconds: Double, lengthSeconds: Double) {
            self.everySeconds = everySeconds
            self.lengthSeconds = lengthSeconds
        }

        /// The share of time that is paused.
        public var share: Double { min(0.999, lengthSeconds / everySeconds) }
    }

    /// What a client does that was refused or has waited too long.
    public struct Retry: Sendable, Equatable, Hashable {
        /// Further attempts after the first.
        public var attemptsMax: Int
        /// The mean time to the first further attempt; it doubles with each.
        public var backoffSeconds: Double
        /// The share of that time that is random: 1 is an exponential time, 0 always the mean.
        public var jitter: Double

        public init(attemptsMax: Int, backoffSeconds: Double, jitter: Double = 1) {
            self.attemptsMax = attemptsMax
            self.backoffSeconds = backoffSeconds
            self.jitter = jitter
        }
    }

    /// Messages that wait or are served, for each server, at most; one that finds no room is refused. nil: no bound.
    public var limitPerServer: Int?
    /// nil: one queue for all servers.
    public var balancer: Balancer?
    /// Whether cancels are served before all else, without interrupting a service.
    public var cancelsFirst = false
    /// Messages that a server takes at once, at most; their service is one draw.
    public var batch = 1
    /// nil: no pauses.
    public var pause: Pause?
    /// nil: a refused message is lost.
    public var retry: Retry?
    /// A client gives an attempt up after this time; the server does the work nevertheless. nil: never.
    public var timeoutSeconds: Double?
    /// What happens over seconds and minutes.
    public var reactions = QueueReactions()

    public init() {}

    /// Whether there are none, but for reactions.
    public var isPlain: Bool {
        var others = self
        others.reactions = QueueReactions()
        return others == QueueRules()
    }

    /// Whether there are pauses at most, but for reactions.
    public var isPlainButForPauses: Bool {
        var others = self
        others.pause = nil
        return others.isPlain
    }

    /// Messages of the mean service time that a server does in that time: above 1 for batches, below for pauses.
    public var speed: Double { Double(max(1, batch)) * (1 - (pause?.share ?? 0)) }
}
