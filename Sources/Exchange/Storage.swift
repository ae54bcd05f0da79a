/// What a database keeps on its disk, how fast the disk is, and how long a copy of it takes.
public struct Storage: Sendable, Equatable {
    /// Bytes that a message of a class adds, indices included; a class that is absent adds nothing.
    public var bytesPerMessage: [DemandClass: Double]
    /// How long they are kept, in seconds; nil: for ever.
    public var retentionSeconds: Double?
    /// The disk of each node, in GiB.
    public var diskGiB: Double
    /// What lies on it today, in GiB.
    public var usedGiB: Double
    /// Operations that a message of a class costs the disk.
    public var operationsPerMessage: [DemandClass: Double]
    /// Operations a second that the disk does; nil: as many as are asked for.
    public var operationsPerSecond: Double?
    /// How fast a copy is written and read back, in MiB a second; nil: nobody says.
    public var backupMiBPerSecond: Double?
    public var restoreMiBPerSecond: Double?
    /// The longest that a restore may take, in seconds; nil: nobody says.
    public var restoreSecondsMax: Double?

    public init(
        bytesPerMessage: [DemandClass: Double] = [:], retentionSeconds: Double? = nil, diskGiB: Double = 1,
        usedGiB: Double = 0, operationsPerMessage: [DemandClass: Double] = [:],
        operationsPerSecond: Double? = nil
    ) {
        self.bytesPerMessage = bytesPerMessage
        self.retentionSeconds = retentionSeconds
        self.diskGiB = diskGiB
        self.usedGiB = usedGiB
        self.operationsPerMessage = operationsPerMessage
        self.operationsPerSecond = operationsPerSecond
    }

    /// Bytes of a GiB, and of a MiB.
    public static let gib = 1_073_741_824.0
    public static let mib = 1_048_576.0

    /// What lies on the disk after some time in which so many bytes a second are added, in GiB.
    ///
    /// What lies there today is taken to be of all ages up to the retention alike, so that it goes evenly.
    public func usedGiB(afterSeconds seconds: Double, bytesPerSecond: Double) -> Double {
        let kept = retentionSeconds.map { min(seconds, $0) } ?? seconds
        let old = retentionSeconds.map { usedGiB * max(0, 1 - seconds / $0) } ?? usedGiB
        return old + bytesPerSecond * kept / Storage.gib
    }

    /// Seconds until the disk is full, 0 where it is; nil: never, at that growth.
    ///
    /// Within the retention what lies there goes up or down in a line, past it it stays as it is.
    public func secondsUntilFull(bytesPerSecond: Double) -> Double? {
        if usedGiB >= diskGiB { return 0 }
        let leaving = retentionSeconds.map { usedGiB * Storage.gib / $0 } ?? 0
        let growth = bytesPerSecond - leaving
        guard growth > 0 else { return nil }
        let seconds = (diskGiB - usedGiB) * Storage.gib / growth
        if let retentionSeconds, seconds > retentionSeconds { return nil }
        return seconds
    }

    /// Seconds that a copy of so much takes at a speed.
    public static func seconds(gib: Double, mibPerSecond: Double) -> Double { gib * 1024 / mibPerSecond }

    /// What a mix of messages costs, per message.
    public static func mean(_ perMessage: [DemandClass: Double], mix: ClassRates) -> Double {
        guard mix.total > 0 else { return 0 }
        return DemandClass.allCases.reduce(0) { $0 + mix[$1] * (perMessage[$1] ?? 0) } / mix.total
    }
}
