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
    /// The multiple of that step's level at which its bursts are taken.
    var burstMultiple: Double
    /// What is simulated; nil for a queue without work.
    var simulation: QueueSimulation?
}
