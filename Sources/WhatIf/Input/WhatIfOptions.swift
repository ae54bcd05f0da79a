/// How a scenario is simulated.
public struct WhatIfOptions: Sendable {
    /// Everything random follows from it.
    public var seed: UInt64
    /// Histories of bursts; intervals are the central 95 % of them.
    public var replications: Int
    /// Threads to use; the result does not depend on them.
    public var threads: Int
    /// Whether arrivals bunch; without, they are as smooth as a fluid with Poisson noise.
    public var hasBursts: Bool
    /// Whether a change that would have held is searched for.
    public var seeksChange: Bool
    /// Seconds until a standby serves in place of a lost single writer or primary.
    public var failoverSeconds: Double
    /// Seconds of writes that a standby is behind.
    public var replicationLagSeconds: Double
    /// Seconds after which a client gives up; what waits longer is rejected.
    public var timeoutSeconds: Double
    /// Nodes of a tier whose loss the plan promises to survive: no change is proposed that leaves less after it than today's
    /// nodes do.
    public var spareNodes = 0
    /// Latency tables that were worked out already; copies share them.
    let tables = LatencyTables()
    /// The longest time that is watched after the last disturbance, in seconds.
    public var settleSeconds: Double

    /// Options; the times are assumptions to be replaced by drills' figures.
    public init(
        seed: UInt64 = 1, replications: Int = 32, threads: Int = 1, hasBursts: Bool = true,
        seeksChange: Bool = true, failoverSeconds: Double = 2, replicationLagSeconds: Double = 0.05,
        timeoutSeconds: Double = 30, settleSeconds: Double = 3600
    ) {
        self.seed = seed
        self.replications = max(2, replications)
        self.threads = max(1, threads)
        self.hasBursts = hasBursts
        self.seeksChange = seeksChange
        self.failoverSeconds = failoverSeconds
        self.replicationLagSeconds = replicationLagSeconds
        self.timeoutSeconds = timeoutSeconds
        self.settleSeconds = settleSeconds
    }
}
