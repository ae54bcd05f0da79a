/// Orders as they came to an exchange, with what the book was like: what a flow model is calibrated on.
public struct ObservedFlow: Sendable {
    /// One order or cancel.
    public struct Event: Sendable, Equatable {
        /// What it was.
        public enum Kind: UInt8, Sendable, CaseIterable {
            /// An order that came to rest.
            case add
            /// A resting order that left, in part or as a whole.
            case cancel
            /// An order that traded: the aggressor.
            case take
        }

        /// Seconds from some origin.
        public var time: Double
        /// What it was.
        public var kind: Kind
        /// Ticks behind the best price of its own side: 0 at the best, negative where it betters it; 0 for aggressors.
        public var distance: Int64
        /// The spread before it, in ticks; 0 where a side is empty.
        public var spread: Int64
        /// Lots.
        public var quantity: Int64
        /// Trades that an aggressor made; 0 for others.
        public var fills: Int
        /// Price levels that they took from.
        public var levels: Int

        public init(
            time: Double, kind: Kind, distance: Int64, spread: Int64, quantity: Int64, fills: Int = 0,
            levels: Int = 0
        ) {
            self.time = time
            self.kind = kind
            self.distance = distance
            self.spread = spread
            self.quantity = quantity
            self.fills = fills
            self.levels = levels
        }
    }

    /// The events, in order of time.
    public var events: [Event] = []
    /// The times of all messages, in order: what burstiness is measured on. One aggressor is one message.
    public var times: [Double] = []
    /// Orders that rest at each distance behind the best (`DistanceBuckets`), both sides together, in the mean over events.
    public var restingOrders = [Double](repeating: 0, count: DistanceBuckets.count)
    /// The same while the last second held so many times its usual number of events (`paceEdges`), at the touch: lots at
    /// the best price, both sides together.
    public var touchByPace: [(pace: Double, lots: Double, weight: Double)] = []
    /// The mean spread in ticks, over looks.
    public var spreadTicks = 0.0
    /// Seconds between two looks at the book; 0 where every event is one.
    public var lookSeconds = 0.0

    public init() {}

    /// Seconds from the first message to the last.
    public var seconds: Double { max(0, (times.last ?? 0) - (times.first ?? 0)) }
}
