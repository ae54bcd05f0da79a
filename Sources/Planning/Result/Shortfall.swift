import Exchange

/// What nodes lack for a load; loads and what is held in seconds of work a second.
public enum Shortfall: Sendable, Equatable {
    /// The objective breaks without any load.
    case breaksIdle(Objective)
    /// The most nodes that are allowed hold less, after what is to be survived.
    case passesLimit(nodes: Int, held: Double, load: Double, Survival)
    /// The one node that serves holds less, and others do not help.
    case primaryTooSmall(held: Double, load: Double)
    /// The supplier lets in less than has to be held; requests a second.
    case quotaTooSmall(heldPerSecond: Double, loadPerSecond: Double)
    /// A node needs more memory than the shape has.
    case tooLittleMemory(neededGiB: Double, hasGiB: Double)
}
