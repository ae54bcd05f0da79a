/// A kind of disturbance: its keys, and what it does to the demand or to what queues can do.
///
/// A kind is one file of `Disturbances` and one line of `Disturbance.kinds`. Texts, files, help, near misses, the schema
/// and the reference follow from the keys that it reads.
///
///     struct Halt: CapacityDisturbing {
///         static let name = "halt"
///         static let meaning = "A tier does nothing."
///
///         let tier: String
///         let course: Course
///
///         init(_ keys: inout KeyReader) {
///             tier = keys.tier()
///             course = keys.pulse(for: "60s")
///         }
///
///         func act(on queue: inout DisturbedQueue, at moment: Moment) {
///             if queue.tier == tier { queue.isHalted = true }
///         }
///     }
protocol Disturbing: Sendable, Equatable {
    /// What it is called in files and texts, as `surge`; unique among the kinds.
    static var name: String { get }
    /// What it does, in a sentence.
    static var meaning: String { get }
    /// Reads every key, whatever the values of others, and declares it by that.
    init(_ keys: inout KeyReader)
    /// When it begins, rises, stays and fades.
    var course: Course { get }
    /// What it does to the demand of an exchange; nil: nothing.
    func act(onDemandOf input: WhatIfInput) -> DemandAct?
    /// What it does to a queue, called while anything is there of it, for every queue and second.
    func act(on queue: inout DisturbedQueue, at moment: Moment)
    /// Whether it does the same to a queue in any two seconds in which it is as strong, so that what queues can do is
    /// worked out once for both.
    static var isSteady: Bool { get }
    /// Acknowledged records that it loses beside those of failovers.
    func recordsLost(on input: WhatIfInput) -> Double
}

extension Disturbing {
    static var isSteady: Bool { false }

    func recordsLost(on input: WhatIfInput) -> Double { 0 }
}

/// A disturbance of the demand, which leaves the queues as they are.
protocol DemandDisturbing: Disturbing {}

extension DemandDisturbing {
    func act(on queue: inout DisturbedQueue, at moment: Moment) {}
}

/// A disturbance of what queues can do, which leaves the demand as it is.
protocol CapacityDisturbing: Disturbing {}

extension CapacityDisturbing {
    func act(onDemandOf input: WhatIfInput) -> DemandAct? { nil }
}
