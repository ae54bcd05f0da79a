import Exchange
import Pipeline
import Planning
import Testing
import Units

/// The keys of a plan file about what is bought, and what is told of those that are wrong.
@Suite("Purchase keys") struct PurchaseKeysTests {
    private static let sources = #"{ "sources": [{ "use": "demand", "paths": ["a.csv"] }],"#
    private static let topology = """
        "topology": { "tiers": [{ "name": "pool", "kind": "pool", "nodes": 2, "shape": "x",
            "service": { "order": { "mean": "1ms" } },
            "objective": { "quantile": 0.99, "latency": "50ms" } }],
          "sources": { "order": "pool" }, "edges": [] }
        """

    private static func shape(_ name: String = "x", prices: String) -> String {
        """
        { "name": "\(name)", "cores": 2, "memory_gib": 4, "network_gbps": 5, "warm_up_seconds": 60,
        \(prices) }
        """
    }

    private static let prices = #""on_demand_usd_per_hour": 0.1, "reserved_usd_per_hour": 0.06"#

    /// A catalogue of one shape.
    private static func catalogue(
        _ head: String = #""source": "a list""#, prices: String = PurchaseKeysTests.prices
    ) -> String { "{ \(head), \"shapes\": [\(shape(prices: prices))] }" }

    private static func text(_ plan: String, catalogue: String = catalogue()) -> String {
        """
        \(sources)
        \(topology),
        "catalogue": \(catalogue),
        "plan": { \(plan) } }
        """
    }

    private func read(_ text: String) throws(ConfigurationError) -> PlanFile {
        try PlanFile(text: Array(text.utf8), path: "plan.json")
    }

    /// Checks that a text is refused with one error for each of the places, in their order: what stands there, and a part
    /// of what is told.
    private func expectErrors(_ text: String, _ expected: [(at: String, says: String)]) {
        var found: [String] = []
        do throws(ConfigurationError) {
            _ = try read(text)
        } catch {
            found = error.description.split(separator: "\n").map(String.init)
        }
        #expect(found.count == expected.count, "\(found)")
        for (line, error) in zip(found, expected) {
            #expect(line.hasPrefix("plan.json:\(place(of: error.at, in: text)): "), "\(line)")
            #expect(line.contains(error.says), "\(line)")
        }
    }

    /// Line and column of the last place where something stands.
    private func place(of part: String, in text: String) -> String {
        guard let range = text.ranges(of: part).last else { return "nowhere" }
        let lines = text[..<range.lowerBound].split(separator: "\n", omittingEmptySubsequences: false)
        return "\(lines.count):\((lines.last?.count ?? 0) + 1)"
    }

    @Test("are read")
    func areRead() throws {
        let freeze =
            #"{ "from": "2026-03-02T22:00:00Z", "until": "2026-03-03T02:00:00Z", "every": "1d" }"#
        let plan = try read(
            Self.text(
                """
                "minimum_down": "2h", "nodes_added_per_step": 3, "nodes_removed_per_step": 2,
                "freeze": [\(freeze)], "zone_difference": 2, "mix_shapes": true, "spot": { "share": 0.3 }
                """,
                catalogue: Self.catalogue(
                    #""name": "aws", "source": "a list", "date": "2026-11-30""#,
                    prices: Self.prices
                        + #", "spot_usd_per_hour": 0.03, "spot_interruptions_per_month": 4,"#
                        + #" "commitment_days": 1095, "provisioning_lead_days": 45"#)))
        let changes = plan.options.changes
        #expect(changes.minimumDownSeconds == 7200)
        #expect(changes.addedPerStepMax == 3 && changes.removedPerStepMax == 2)
        #expect(changes.freezes.map(\.lengthSeconds) == [4 * 3600])
        #expect(changes.freezes.map(\.everySeconds) == [86_400])
        #expect(plan.options.zoneDifference == 2 && plan.options.mixesShapes)
        #expect(plan.options.spot == SpotRules(share: 0.3))
        #expect(plan.catalogue.origin == "a list, read 2026-11-30")
        let shape = try #require(plan.catalogue.shape(named: "x"))
        #expect(shape.spot == Shape.Spot(perHour: Money(dollars: 0.03), interruptionsPerMonth: 4))
        #expect(shape.commitmentDays == 1095)
        // A rack takes 45 days, what the catalogue does not have as long as the plan says.
        #expect(plan.catalogue.leadSeconds(of: "x", otherwise: 60) == 45 * 86_400)
        #expect(plan.catalogue.leadSeconds(of: "y", otherwise: 60) == 60)
    }

    @Test("prices of zero, interruptions without a spot price, and a shape twice are told all at once")
    func refusesPrices() {
        expectErrors(
            Self.text(
                "",
                catalogue: Self.catalogue(
                    prices: #""on_demand_usd_per_hour": 0, "reserved_usd_per_hour": 0.0,"#
                        + #" "spot_interruptions_per_month": 2"#)),
            [
                ("0, \"reserved", "'on_demand_usd_per_hour' of the shape 'x' is 0"),
                ("0.0,", "'reserved_usd_per_hour' of the shape 'x' is 0"),
                ("2 }] }", "no 'spot_usd_per_hour'"),
            ])
    }

    @Test("a spot price stands beside an on-demand price, and spot nodes need a spot price")
    func refusesSpot() {
        let alone = Self.text(
            "", catalogue: Self.catalogue(prices: #""spot_usd_per_hour": 0.03"#))
        expectErrors(
            alone,
            [
                (#"{ "name": "x", "cores""#, "the key 'on_demand_usd_per_hour' is missing here"),
                (#"{ "name": "x", "cores""#, "the key 'reserved_usd_per_hour' is missing here"),
            ])
        expectErrors(
            Self.text(#""spot": { "share": 0.25 }"#), [("0.25", "no shape of the catalogue has a spot price")]
        )
    }

    @Test("a catalogue says where and when its prices were read")
    func refusesCatalogues() {
        let unnamed = Self.catalogue(#""date": "2026-11-30""#)
        expectErrors(Self.text("", catalogue: unnamed), [(unnamed, "the key 'source' is missing here")])
        expectErrors(
            Self.text("", catalogue: Self.catalogue(#""source": " ""#)), [("\" \"", "'source' is empty")])
        expectErrors(
            Self.text("", catalogue: Self.catalogue(#""source": "a list", "date": "2026-02-30""#)),
            [("\"2026-02-30\"", "'date' must be the day")])
        let dated = Self.catalogue(#""name": "one", "source": "a list", "date": "2026-11-30""#)
        let undated = Self.catalogue(#""name": "two", "source": "a list""#)
        expectErrors(
            Self.text("", catalogue: "[\(dated), \(undated)]"), [(undated, "each needs a 'date'")])
    }

    @Test("of several catalogues each has a name, and a shape that two have is named with it")
    func joinsCatalogues() throws {
        let one = Self.catalogue(#""name": "one", "source": "a list", "date": "2026-11-30""#)
        let two = Self.catalogue(#""name": "two", "source": "another", "date": "2026-11-29""#)
        expectErrors(
            Self.text("", catalogue: "[\(one), \(two)]"),
            [(#""x","# + "\n", "is in several catalogues; write one/x or two/x")])
        let text = Self.text("", catalogue: "[\(one), \(two)]")
            .replacing(#""nodes": 2, "shape": "x""#, with: #""nodes": 2, "shape": "two/x""#)
        let plan = try read(text)
        #expect(plan.catalogue.shapes.map(\.name) == ["one/x", "two/x"])
        #expect(plan.catalogue.origin == "a list, read 2026-11-30; another, read 2026-11-29")
        let same = Self.catalogue(#""name": "one", "source": "other", "date": "2026-11-29""#)
        expectErrors(
            Self.text("", catalogue: "[\(one), \(same)]"), [(same, "'one' is already in the list")])
    }

    @Test("freezes that end before they begin, leave no time or overlap, and limits of zero, are refused")
    func refusesChanges() {
        func freeze(_ from: String, _ until: String, _ every: String = "") -> String {
            "{ \"from\": \"2026-03-\(from)\", \"until\": \"2026-03-\(until)\"\(every) }"
        }
        let backwards = freeze("03", "02")
        expectErrors(
            Self.text("\"freeze\": [\(backwards)]"), [(backwards, "the freeze ends before it begins")])
        let everything = freeze("03", "04", #", "every": "1d""#)
        expectErrors(
            Self.text("\"freeze\": [\(everything)]"), [(everything, "the freeze excludes everything")])
        let (first, second) = (freeze("02", "05"), freeze("04", "06"))
        expectErrors(
            Self.text("\"freeze\": [\(first),\n\(second)]"), [(second, "the freeze overlaps that of line 8")])
        // A week on, the first of them covers 9 and 10 March.
        let nights = freeze("02", "04", #", "every": "7d""#)
        let later = freeze("10", "11", #", "every": "7d""#)
        expectErrors(
            Self.text("\"freeze\": [\(nights), \(later)]"), [(later, "the freeze overlaps that of line 8")])
        expectErrors(Self.text("\"freeze\": [\(freeze("02", "04")), \(freeze("04", "05"))]"), [])
        expectErrors(
            Self.text(#""nodes_added_per_step": 0, "nodes_removed_per_step": 0"#),
            [
                ("0, \"nodes_removed", "'nodes_added_per_step' must be a whole number"),
                ("0 } }", "'nodes_removed_per_step' must be a whole number"),
            ])
    }

    @Test("a shape that is gone is told with its place")
    func refusesShape() {
        let text = Self.text("").replacing(#""shape": "x""#, with: #""shape": "y""#)
        expectErrors(text, [(#""y""#, "unknown shape 'y'")])
    }
}
