import Units

/// The exchange that `run --demo` makes up: a dozen symbols over eight weeks, raw logs for the last two days.
public enum DemoExchange {
    /// The settings, for a seed.
    ///
    /// The weeks end on Monday 2026-01-26, so that the week ahead is a whole one. Eight trades a second with two logged
    /// requests each, of which the access log is said to hold one in a hundred: 200 messages a trade, the order of what
    /// busy venues see.
    public static func settings(seed: UInt64, threads: Int) -> GenerationSettings {
        var settings = GenerationSettings(
            symbols: 12, days: 56, tradesPerSecond: 8, requestsPerTrade: 2, seed: seed)
        settings.start = Timestamp(seconds: 1_764_547_200)
        settings.rawDays = 2
        settings.requestSampleShare = 0.01
        settings.threads = threads
        let day = 86_400.0
        settings.surges = [
            SurgeSpec(
                label: "listing", onsetSeconds: 16.58 * day, rampSeconds: 240, holdSeconds: 5400,
                decaySeconds: 5400, factor: 5),
            SurgeSpec(
                label: "liquidation cascade", onsetSeconds: 37.9 * day, rampSeconds: 600,
                holdSeconds: 7200, decaySeconds: 10_800, factor: 6),
            SurgeSpec(
                label: "macro news", onsetSeconds: 54.5625 * day, rampSeconds: 240, holdSeconds: 3600,
                decaySeconds: 7200, factor: 4),
        ]
        return settings
    }
}
