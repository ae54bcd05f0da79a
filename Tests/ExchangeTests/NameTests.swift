import Exchange
import Testing

@Suite("Names of tiers and zones")
struct NameTests {
    @Test("what a spreadsheet would run, a terminal obey or a reader not see is no name")
    func problems() {
        for name in [
            "=cmd()", "+1", "-x", "@sum", "\tx", "'x", "", "a\u{1B}[2J", "a\u{202E}b", "a\nb", "--", "…",
        ] {
            #expect(Name.problem(name) != nil, "\(name.debugDescription)")
        }
        for name in ["gateway", "eu-west-1a", "撮合", "Tier 2", "a=b", "3rd"] {
            #expect(Name.problem(name) == nil, "\(name)")
        }
        #expect(Name.folded("API-Gateway_1") == Name.folded("api gateway 1"))
    }

    @Test(
        "a topology tells of names that exports could not keep apart, and of times that cannot be simulated")
    func issues() {
        var topology = Topology.standard
        #expect(topology.issues().isEmpty)
        topology.tiers[1].name = topology.tiers[0].name.uppercased()
        #expect(
            topology.issues().contains { $0.place == .tier(1) && $0.message.contains("case and punctuation") }
        )
        topology = .standard
        topology.tiers[0].name = "=1+1"
        #expect(topology.issues().contains { $0.place == .tier(0) && $0.message.contains("formula") })
        for (mean, variation) in [
            (1e-150, 1.0), (1e9, 1), (1e-5, 1e-150), (1e-5, 1e200), (.infinity, 1), (1e-5, .nan),
        ] {
            topology = .standard
            topology.tiers[0].service[.order] = ServiceTime(
                meanSeconds: mean, coefficientOfVariation: variation)
            #expect(topology.issues().contains { $0.place == .tier(0) }, "\(mean) \(variation)")
        }
    }
}
