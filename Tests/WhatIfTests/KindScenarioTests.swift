import Exchange
import Foundation
import Testing
import Units
import WhatIf

@Suite("Scenarios of every kind, against closed forms") struct KindScenarioTests {
    private static let threeZones = ["a", "b", "c"]

    private static func quorum(_ groups: [(String, String)]) -> WhatIfInput {
        var tier = Fixtures.tier("log", kind: .quorum, nodes: 3)
        tier.quorum = Quorum(groups: groups.map { Quorum.PlacementGroup(name: $0.0, zone: $0.1) })
        return Fixtures.input([tier], rates: [100], zones: threeZones)
    }

    private static let spread = quorum([("x", "a"), ("y", "b"), ("z", "c")])

    private static func backlog(_ event: String, _ input: WhatIfInput) throws -> Double {
        try simulate(try Fixtures.scenario(event), on: input, options: Fixtures.plain).verdict.peakBacklog
            .value
    }

    @Test("a quorum that loses its leader elects another, and stands still where no majority lives")
    func quorumLosses() throws {
        // A follower is not missed; the leader is, for the failover of two seconds.
        #expect(try Self.backlog("group-loss:group=y,for=60s", Self.spread) == 0)
        #expect(try abs(Self.backlog("group-loss:group=x,for=60s", Self.spread) - 200) < 1e-6)
        #expect(try abs(Self.backlog("zone-loss:zone=a,for=60s", Self.spread) - 200) < 1e-6)
        #expect(try abs(Self.backlog("node-loss:tier=log,count=1,for=60s", Self.spread) - 200) < 1e-6)
        // Two of three, or all that lie in one placement group, are gone for the minute.
        #expect(try abs(Self.backlog("node-loss:tier=log,count=2,for=60s", Self.spread) - 6000) < 1e-6)
        let packed = Self.quorum([("x", "a")])
        #expect(try abs(Self.backlog("group-loss:group=x,for=60s", packed) - 6000) < 1e-6)
        #expect(try Self.backlog("zone-loss:zone=b,for=60s", packed) == 0)
    }

    @Test("a placement group that no quorum has is told")
    func unknownGroup() throws {
        #expect(throws: WhatIfError.unknownGroup("w", known: ["x", "y", "z"])) {
            try Self.backlog("group-loss:group=w", Self.spread)
        }
    }

    @Test("clients of a lost zone log in on what is left, before all messages")
    func reconnects() throws {
        var tier = Fixtures.tier("stream", kind: .session, nodes: 4)
        tier.sessions = Sessions(statedPerRate: 40, loginSeconds: 1e-3, reconnectSeconds: 10)
        // Half of 40,000 clients come back within 10 s: 2 s of work a second, all that two nodes do.
        let input = Fixtures.input([tier], rates: [1000])
        #expect(try abs(Self.backlog("zone-loss:zone=b,for=60s", input) - 10_000) < 1e-6)
        // Logins that take twice the work go on for 20 s.
        tier.sessions?.loginSeconds = 2e-3
        let slow = Fixtures.input([tier], rates: [1000])
        #expect(try abs(Self.backlog("zone-loss:zone=b,for=60s", slow) - 20_000) < 1e-6)
        tier.sessions?.loginSeconds = 0
        #expect(try Self.backlog("zone-loss:zone=b,for=60s", Fixtures.input([tier], rates: [1000])) == 0)
    }

    @Test(
        "what passes a quota is refused and does not wait, by the second or the minute",
        arguments: [Quota.Window.second, .minute])
    func quota(window: Quota.Window) throws {
        var tier = Fixtures.tier("screening", kind: .external, nodes: 1)
        (tier.shape, tier.allowedShapes) = ("basic", [])
        tier.quota = Quota(
            prices: [
                Quota.Price(
                    name: "basic", requests: 100 * Double(window.seconds), window: window, perMonth: .zero)
            ])
        var input = Fixtures.input([tier], rates: [80])
        input.catalogue = input.catalogue.with(ownShapesOf: input.topology)
        let verdict = try simulate(
            try Fixtures.scenario("surge:x=2,ramp=0s,hold=60s,decay=0s"), on: input, options: Fixtures.plain
        ).verdict
        // 160 a second for a minute, of which 100 are let in, and a second of 80 until all is well.
        #expect(verdict.peakBacklog.value == 0 && !verdict.held)
        #expect(abs(verdict.shareRejected.value - 3600 / 9680) < 1e-6)
        #expect(verdict.bindingResource == .own("quota"))
    }

    private static func support(_ staffing: Staffing, nodes: Int = 10) -> Tier {
        var tier = Fixtures.tier(
            "support", kind: .staff, nodes: nodes, meanSeconds: 100, latencySeconds: 20)
        tier.allowedShapes = []
        tier.staffing = staffing
        return tier
    }

    @Test("of those who wait for people as many hang up as come too many")
    func hangingUp() throws {
        let tier = Self.support(Staffing(patienceSeconds: 50))
        // Ten people answer one contact in ten seconds; two come, and one of 50 s of patience hangs up.
        let peak = try Self.backlog(
            "surge:x=4,ramp=0s,hold=1000s,decay=0s", Fixtures.input([tier], rates: [0.05]))
        #expect(abs(peak - 0.1 / (exp(0.02) - 1)) < 1e-6)
    }

    @Test("who is affected by what breaks gets in touch")
    func affected() throws {
        func busiest(_ contacts: Double) throws -> Double {
            let tier = Self.support(Staffing(contactsPerAffectedMinute: contacts))
            var input = Fixtures.input([Fixtures.tier(), tier], rates: [1000])
            input.topology.edges[0].carries = [.order: 1e-6]
            let result = try simulate(
                try Fixtures.scenario("halt:tier=pool,for=60s"), on: input, options: Fixtures.plain)
            return result.timeline.filter { $0.tier == "support" }.map(\.utilisation).max() ?? 0
        }
        // One a second, each 100 s of work for ten people; a tenth of a second of work comes with the messages.
        #expect(try abs(busiest(60) - 10) < 0.1)
        #expect(try busiest(0) < 0.1)
    }
}
