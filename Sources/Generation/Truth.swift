import Foundation
import Units

/// What the logs were made from: `truth.json`.
struct Truth {
    let settings: GenerationSettings
    let levels: LevelModel
    let report: GenerationReport

    func json() throws -> Data {
        let surges = levels.surges.map { surge -> [String: Any] in
            let onset = settings.start.advanced(bySeconds: Int64(saturating: surge.onsetSeconds))
            let end = surge.onsetSeconds + surge.rampSeconds + surge.holdSeconds + surge.decaySeconds
            return [
                "label": surge.label, "onset": onset.description,
                "end": settings.start.advanced(bySeconds: Int64(saturating: end)).description,
                "ramp_seconds": surge.rampSeconds, "hold_seconds": surge.holdSeconds,
                "decay_seconds": surge.decaySeconds, "factor": surge.factor,
            ]
        }
        let symbols = levels.names.indices.map { symbol -> [String: Any] in
            [
                "symbol": levels.names[symbol], "share": levels.shares[symbol],
                "surge_beta": levels.betas[symbol],
            ]
        }
        let content: [String: Any] = [
            "seed": Int(settings.seed), "start": settings.start.description, "end": settings.end.description,
            "days": settings.days, "raw_days": settings.rawDayCount,
            "raw_hours": settings.rawHourList.count, "growth_per_week": settings.growthPerWeek,
            "trades_per_second": settings.tradesPerSecond,
            "requests_per_trade": settings.requestsPerTrade,
            "request_sample_share": settings.requestSampleShare,
            "branching_ratio": HawkesDay.branchingRatio,
            "delays": HawkesDay.delays.map { ["share": $0.share, "mean_seconds": $0.meanSeconds] },
            "fills_per_order": TradeFiles.fillsPerOrder, "surges": surges, "symbols": symbols,
            "trades": report.trades, "requests": report.requests,
            "files": report.files.map { ["name": $0.name, "rows": $0.rows] as [String: Any] },
        ]
        return try JSONSerialization.data(
            withJSONObject: content, options: [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes])
            + Data([0x0A])
    }
}
