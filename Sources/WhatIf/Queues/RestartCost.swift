import Exchange
import Foundation

/// What a queue pays after a standstill: an empty cache, and connections that are set up anew.
struct RestartCost {
    private let cache: QueueReactions.Cache?
    private let connections: QueueReactions.Connections?
    /// How empty the cache is, from 0 to 1.
    private var coldness = 0.0
    private var stoodStill = false
    /// Connections that come back in a second, and for how many seconds more.
    private var returning = (perSecond: 0.0, seconds: 0)
    /// Work of connections that wait to be set up.
    private var setupWork = 0.0

    /// nil where a standstill costs nothing more.
    init?(_ reactions: QueueReactions) {
        cache = reactions.cache
        connections = reactions.connections
        guard cache != nil || connections != nil else { return nil }
    }

    /// Whether the cache is warm and all connections are set up.
    var isAtRest: Bool {
        let stretch = ((cache?.coldFactor ?? 1) - 1) * coldness
        return !stoodStill && returning.seconds == 0 && setupWork <= 0 && stretch <= QueueState.negligible
    }

    /// A second begins: how much longer messages take, and the work that is left for them of the capacity.
    mutating func begin(capacity: Double) -> (stretch: Double, capacity: Double) {
        guard capacity > 0 else {
            stoodStill = true
            setupWork = 0
            returning = (0, 0)
            return (1, 0)
        }
        if stoodStill {
            stoodStill = false
            coldness = 1
            if let connections {
                let seconds = max(1, Int(saturating: connections.spreadSeconds.rounded()))
                returning = (Double(connections.count) / Double(seconds), seconds)
            }
        }
        var stretch = 1.0
        if let cache, coldness > 0 {
            stretch = 1 + (cache.coldFactor - 1) * coldness
            coldness *= exp(-1 / cache.warmsInSeconds)
        }
        if let connections, returning.seconds > 0 {
            setupWork += returning.perSecond * connections.setupSeconds
            returning.seconds -= 1
        }
        // A connection comes before the messages on it.
        let left = capacity / stretch
        let setup = min(setupWork, left)
        setupWork -= setup
        return (stretch, left - setup)
    }
}
