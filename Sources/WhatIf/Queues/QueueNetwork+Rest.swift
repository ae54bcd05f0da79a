/// When everything is as if nothing had happened.
extension QueueNetwork {
    /// Whether nothing waits anywhere and nobody comes again; clients who come back later grow fewer for ever, and so
    /// few count as none.
    var isCalm: Bool {
        seconds.allSatisfy { $0.backlog <= 0 && $0.offered <= $0.fresh * (1 + QueueState.negligible) }
    }

    /// Whether besides no queue remembers anything of what happened: from here on it goes on as without the events.
    var isAtRest: Bool { states.allSatisfy(\.isAtRest) }
}

extension QueueState {
    /// A share that is nothing. Chosen, not measured: below what any figure shows.
    static let negligible = 1e-9

    /// Seconds of calm after which windows and deadlines hold nothing of what was before.
    var restSeconds: Int {
        max(
            RollingWindow.seconds, deadlines.map { $0.whole + 2 } ?? 0, nodes?.memorySeconds ?? 0,
            breaker?.windowLength ?? 0)
    }

    /// Whether it remembers nothing of what happened: all clients who wait to send again are back, breakers are closed,
    /// caches are warm, connections are set up, and as many nodes serve as at the start. A supplier's window that is longer
    /// than the calm counts as memory.
    var isAtRest: Bool {
        spec.windowSeconds <= RollingWindow.seconds
            && breaker?.isAtRest ?? true && restart?.isAtRest ?? true && nodes?.isAtRest ?? true
            && retries.isAtRest(beside: window.offeredInWindow)
    }
}
