import Exchange

/// A queue of the result, or the journey, before it is simulated.
struct ReplayQueue {
    /// What is judged.
    var scope: ReplayScope
    /// The shard's name; nil where there is none.
    var shard: String?
    /// The row of the utilisation table that its load is read from.
    var row: Int
    /// The path and the step that are simulated.
    var peak: (path: Int, step: Int)
    /// Messages a second of the judged stream in that step, without imbalance.
    var ratePerSecond: Double
    /// Utilisation in that step, of the busiest queue on the way.
    var utilisation: Double
    /// The 99 % quantile of the time an idle queue takes.
    var idleSeconds: Double
    /// What runs out.
    var bindingResource: BindingResource
    /// The multiples at which latency is reported, ascending; none for a queue without work.
    var multipliers: [Double] = []
    /// Of a journey: the multiple of that step's level at which its bursts are taken.
    var burstMultiple = 1.0
    /// Of a journey: the multiples at which the first of its queues breaks, by hour, ascending.
    var breakMultiples: [Double] = []
    /// Of a journey: what is simulated.
    var simulation: QueueSimulation?
}
