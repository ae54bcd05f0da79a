import Exchange
import Units

/// When and how fast the nodes of a pool may change, beside the minimum time that they stay on.
public struct ChangeRules: Sendable, Equatable {
    /// How long a node that was stopped stays off at least, in seconds. A tier has as many nodes as it ever needs at once.
    public var minimumDownSeconds = 0.0
    /// The most nodes of a tier that may start in one step; nil: any number.
    public var addedPerStepMax: Int?
    /// The most nodes of a tier that may stop in one step; nil: any number.
    public var removedPerStepMax: Int?
    /// Times at which no node may start or stop.
    public var freezes: [FreezeWindow] = []

    public init() {}

    /// Whether no change may begin at an instant.
    public func isFrozen(_ time: Timestamp) -> Bool { freezes.contains { $0.holds(time) } }
}

/// A time in which no node may start or stop, once or again and again.
public struct FreezeWindow: Sendable, Equatable {
    /// The first instant.
    public var from: Timestamp
    /// The first instant after it.
    public var until: Timestamp
    /// After how many seconds it comes again, before and after the one that is given; nil: never.
    public var everySeconds: Double?

    public init(from: Timestamp, until: Timestamp, everySeconds: Double? = nil) {
        (self.from, self.until, self.everySeconds) = (from, until, everySeconds)
    }

    /// Its length in seconds.
    public var lengthSeconds: Double { Double(until.seconds - from.seconds) }

    /// What is wrong with it, in words; nil where nothing is.
    public var problem: String? {
        guard lengthSeconds > 0 else {
            return "the freeze ends before it begins: 'until' must be after 'from'"
        }
        if let everySeconds, everySeconds <= lengthSeconds {
            return "the freeze excludes everything: it is as long as the time after which it comes again; "
                + "expected 'every' above its length"
        }
        return nil
    }

    /// Whether it and another, both once or both after the same time again, have some instant in common. One that
    /// comes again may meet one that does not: a holiday covers some of the nights.
    public func overlaps(_ other: FreezeWindow) -> Bool {
        guard everySeconds == other.everySeconds else { return false }
        guard let everySeconds, everySeconds > 0 else { return from < other.until && other.from < until }
        let since = Double(from.seconds - other.from.seconds)
        let phase = since - (since / everySeconds).rounded(.down) * everySeconds
        return phase < other.lengthSeconds || everySeconds - phase < lengthSeconds
    }

    func holds(_ time: Timestamp) -> Bool {
        let since = Double(time.seconds - from.seconds)
        guard let everySeconds, everySeconds > 0 else { return since >= 0 && since < lengthSeconds }
        let phase = since - (since / everySeconds).rounded(.down) * everySeconds
        return phase < lengthSeconds
    }
}

/// How far nodes may be bought that the seller can take back at any time.
public struct SpotRules: Sendable, Equatable {
    /// The largest share of a tier's nodes of a step, 0 to 1. Without all of them, those that hold the load still run.
    public var share = 0.0
    /// The tiers that may have them, whatever their kind; nil: pools that follow the day.
    public var tiers: [String]?

    public init(share: Double = 0, tiers: [String]? = nil) {
        (self.share, self.tiers) = (share, tiers)
    }

    /// Whether a tier may have some.
    public func allows(_ tier: Tier) -> Bool {
        share > 0 && (tiers.map { $0.contains(tier.name) } ?? tier.kind.followsDay)
    }

    /// The most spot nodes of so many, of which so many have to be left when all are lost at once.
    public func most(of nodes: Int, leaving needed: Int) -> Int {
        let share = Int(saturating: (share * Double(nodes) + 1e-9).rounded(.down))
        return max(0, min(share, nodes - needed))
    }
}
