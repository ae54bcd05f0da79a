import Exchange
import Foundation
import Testing
import Units
import WhatIf

/// Published tests of overload that outlasts its cause, repeated.
///
/// The figures are those of a first-come queue whose server does work that its client has given up, and whose clients
/// send again at once: a simulation of every request gives the same to the second.
@Suite("A laboratory's retry storms")
struct LaboratoryTests {
    private static func rows(
        capacity: Double, load: Double, timeout: Double, attempts: Int, settle: Double, _ events: String...
    ) throws -> [QueueSecond] {
        var tier = Fixtures.tier("db", nodes: 1, meanSeconds: 1 / capacity, latencySeconds: 0.5)
        tier.rules.timeoutSeconds = timeout
        tier.rules.retry = QueueRules.Retry(attemptsMax: attempts, backoffSeconds: 1e-6, jitter: 0)
        var options = Fixtures.plain
        options.settleSeconds = settle
        return try course(
            of: Scenario(name: "test", events: try events.map { try Disturbance(text: $0) }),
            on: Fixtures.input([tier], rates: [load]), options: options)
    }

    /// Seconds from an instant until nobody gives up any more; nil where somebody does at the end.
    private static func recovery(_ rows: [QueueSecond], from start: Double) -> Double? {
        guard let last = rows.last(where: { $0.failed > 1e-3 * $0.sent }) else { return 0 }
        return last.second >= rows.count - 5 ? nil : Double(last.second + 1) - start
    }

    @Test(
        "of Huang et al., OSDI 2022: two hundredths of the capacity, or a second, decide",
        arguments: [
            (6200, 0.22, 10, true), (6200, 0.2, 10, false), (6200, 0.2, 9, true), (4200, 0.2, 10, true),
        ]
            as [(Double, Double, Int, Bool)])
    func huang(load: Double, share: Double, seconds: Int, recovers: Bool) throws {
        let rows = try Self.rows(
            capacity: 16_500, load: load, timeout: 3, attempts: 4, settle: 120,
            "bandwidth:tier=db,share=\(share),for=\(seconds)s,start=20s")
        let recovery = Self.recovery(rows, from: 20 + Double(seconds))
        #expect((recovery != nil) == recovers, "\(String(describing: recovery))")
        let last = try #require(rows.last)
        // Stuck, everybody sends five times, and no one is served in time.
        #expect(abs(last.sent - load * (recovers ? 1 : 5)) < 1)
        #expect(abs(last.inTime - (recovers ? load : 0)) < 1)
    }

    @Test(
        "of Bronson et al., HotOS 2021: after an outage of 10 s, twice the load has to be worked off",
        arguments: [(100, 17), (120, 34), (140, 119), (145, 247)] as [(Double, Double)])
    func bronsonRecovers(load: Double, seconds: Double) throws {
        let rows = try Self.rows(
            capacity: 300, load: load, timeout: 1, attempts: 1, settle: 400, "halt:tier=db,for=10s,start=20s")
        let recovery = try #require(Self.recovery(rows, from: 30))
        #expect(abs(recovery - seconds) <= 2, "\(recovery)")
    }

    @Test("of Bronson et al.: half the capacity or more is never worked off", arguments: [150.0, 160, 280])
    func bronsonStuck(load: Double) throws {
        let rows = try Self.rows(
            capacity: 300, load: load, timeout: 1, attempts: 1, settle: 900, "halt:tier=db,for=10s,start=20s")
        #expect(Self.recovery(rows, from: 30) == nil)
        let last = try #require(rows.last)
        #expect(abs(last.sent - 2 * load) < 0.5)
        #expect(last.inTime < 0.5)
    }

    @Test(
        "of Bronson et al.: what is stuck recovers when load is shed",
        arguments: [(120, 391), (100, 235), (50, 118)] as [(Double, Double)])
    func bronsonShed(load: Double, seconds: Double) throws {
        let rows = try Self.rows(
            capacity: 300, load: 280, timeout: 1, attempts: 1, settle: 100, "halt:tier=db,for=10s,start=20s",
            "surge:x=\(load / 280),start=100s,ramp=0s,hold=10m,decay=0s")
        let recovery = try #require(Self.recovery(Array(rows.prefix(695)), from: 100))
        #expect(abs(recovery - seconds) <= 2, "\(recovery)")
    }
}
