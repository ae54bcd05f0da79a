import Units

/// The exchange that `run --demo` makes up: of middle size, a dozen symbols over half a year, with raw logs of one busy
/// afternoon.
public enum DemoExchange {
    /// The settings, for a seed.
    ///
    /// The weeks end on Monday 2026-01-26, so that the week ahead is a whole one. 500 trades a second with 50 requests each,
    /// of which the access log holds one in a thousand, growing by 1 % a week. The raw logs are of a Friday afternoon five
    /// weeks back, so that plans of the last weeks can be made with them too. All made up.
    public static func settings(seed: UInt64, threads: Int) -> GenerationSettings {
        var settings = GenerationSettings(
            symbols: 12, days: 182, tradesPerSecond: 500, requestsPerTrade: 0.05, seed: seed)
        settings.start = Timestamp(seconds: 1_753_660_800)
        settings.rawDays = 0
        settings.rawHours = 144 * 24 + 14..<144 * 24 + 16
        settings.historyStepSeconds = 300
        settings.growthPerWeek = 0.01
        settings.requestSampleShare = 0.001
        settings.threads = threads
        let day = 86_400.0
        settings.surges = [
            SurgeSpec(
                label: "listing", onsetSeconds: 65.58 * day, rampSeconds: 240, holdSeconds: 5400,
                decaySeconds: 5400, factor: 5),
            SurgeSpec(
                label: "liquidation cascade", onsetSeconds: 121.9 * day, rampSeconds: 600,
                holdSeconds: 7200, decaySeconds: 10_800, factor: 6),
            SurgeSpec(
                label: "macro news", onsetSeconds: 180.5625 * day, rampSeconds: 240, holdSeconds: 3600,
                decaySeconds: 7200, factor: 4),
        ]
        return settings
    }
}
