import Foundation
import Replay
import TestSupport
import Testing
import Units

/// What real bursts do to a queue that would hold nearly all its capacity under a Poisson stream.
@Suite(.enabled(if: RealData.isPresent, Comment(rawValue: RealData.absence)))
struct CaptureTests {
    @Test(
        "real frames break a latency objective at a small part of the load that a Poisson stream holds",
        arguments: ["spot_btcusdt", "spot_ethusdt", "usdm_btcusdt", "usdm_ethusdt"])
    func saturation(name: String) throws {
        let gaps = try Self.gaps("ws/binance_ws_20240808/binance_\(name)_20240808.jsonl.gz")
        func load(_ arrivals: ArrivalProcess) throws -> Double {
            let experiment = QueueExperiment(
                arrivals: arrivals, service: .lognormal(coefficientOfVariation: 1), meanServiceSeconds: 5e-6,
                servers: 1, loads: [0.5], customers: 50_000, replications: 16, thresholdSeconds: 500e-6,
                seed: 1)
            guard case .at(let found) = experiment.saturation(quantile: 0.99, threads: 2) else {
                Issue.record("no saturation in range")
                return .nan
            }
            return found.value
        }
        let poisson = try load(.poisson)
        let real = try load(.measured(gapSeconds: gaps))
        // Pollaczek and Khinchine's tail: near 0.95 of capacity for a hundred services.
        #expect((0.9...0.98).contains(poisson))
        #expect(real > 0 && real < 0.2 * poisson, "\(real) against \(poisson)")
    }

    /// Seconds between frames; the first word of a line is the nanosecond of its arrival.
    private static func gaps(_ path: String) throws -> [Double] {
        let process = Process()
        process.executableURL = URL(filePath: "/usr/bin/env")
        process.arguments = ["gzip", "-dc", RealData.path(path)]
        let pipe = Pipe()
        process.standardOutput = pipe
        try process.run()
        let text = String(decoding: try pipe.fileHandleForReading.readToEnd() ?? Data(), as: UTF8.self)
        process.waitUntilExit()
        let times = text.split(separator: "\n").compactMap { line in
            line.split(separator: " ", maxSplits: 1).first.flatMap { Double($0) }
        }
        return zip(times, times.dropFirst()).map { max(0, ($1 - $0) * 1e-9) }
    }
}
