import Exchange
import Planning
import Reporting
import Testing
import Units

@Suite("Sentences of a plan")
struct SentenceTests {
    private static let objective = Objective(quantile: 0.99, latencySeconds: 5e-3)
    private static let zones = Survival(zoneCount: 3, spareNodes: 1, survivesZoneLoss: true)
    private static let load = LoadToHold(
        servers: 12.345, start: Timestamp(seconds: 1_769_385_600), method: .counted(pathsLeftOut: 2),
        pathCount: 500, probabilityAllowed: 0.01)

    @Test(
        "a finding says what is missing and what would help",
        arguments: [
            (
                PlanFinding.Fact.noShapeHolds(
                    shape: "small", kind: .store, .primaryTooSmall(held: 1.5, load: 3)),
                "no allowed shape can carry the load: small as the primary carries 1.5 busy cores; 3 are required, "
                    + "and replicas do not help",
                "allow shapes with more cores, make writes cheaper, or split the database"
            ),
            (
                .noShapeHolds(shape: "small", kind: .pool, .breaksIdle(objective)),
                "no allowed shape can carry the load: small breaks the objective (99 % of messages within 5ms) even "
                    + "when idle", "shorten the service time or relax the latency objective"
            ),
            (
                .noShapeHolds(
                    shape: "small", kind: .pool,
                    .passesLimit(nodes: 10_000, held: 9.5, load: 12_345, zones)),
                "no allowed shape can carry the load: small would need more than the limit of 10,000 nodes, which "
                    + "carry 9.5 busy cores; 12,300 are required after the loss of a node or of a zone",
                "allow larger shapes, raise the node limit, or shorten the service time"
            ),
            (
                .symbolOutgrowsShard(symbol: "BTC", load: 2.3, held: 1, meanSeconds: 1e-3, objective),
                "BTC alone needs 2.3 busy cores (2,300 messages per second), 2.3 times the 1 (1,000 per second) "
                    + "that one shard carries with 99 % of messages within 5ms",
                "more cores or shards do not help, as a symbol has a single writer: make the engine 2.3 times as "
                    + "fast, admit at most 1,000 messages per second of BTC, or relax the latency objective"
            ),
            (
                .noMajority(members: 3, left: 1, zones: 2, groups: 0, .zone),
                "the loss of the fullest zone leaves 1 of 3 members; a majority is 2",
                "place members in at least three zones; 2 are available to the 3 members"
            ),
            (
                .noMajority(members: 5, left: 2, zones: 3, groups: 2, .placementGroup),
                "the loss of the fullest placement group leaves 2 of 5 members; a majority is 3",
                "use at least three placement groups, of which 2 are named"
            ),
            (
                .noShapeHolds(
                    shape: "basic", kind: .external, .quotaTooSmall(heldPerSecond: 95, loadPerSecond: 200)),
                "no allowed shape can carry the load: basic lets in 95 requests per second within the objective; "
                    + "200 are required",
                "agree on a larger quota with the supplier, or send fewer requests per message"
            ),
            (
                .movesPassLimit(needed: 3, limit: 2),
                "3 symbols have to move from today's shards; at most 2 may",
                "allow more moves, or move in several steps; placement.csv lists them"
            ),
            (
                .shardsPassLimit(shards: 7, copies: 2, limit: 10),
                "7 shards with 2 nodes each exceed the limit of 10 nodes",
                "raise the node limit or shorten the engine's service time"
            ),
        ])
    func findings(fact: PlanFinding.Fact, message: String, remedy: String) {
        let finding = PlanFinding(tier: "pool", fact: fact)
        #expect(finding.message == message && finding.remedy == remedy)
        #expect(finding.severity == .infeasible)
    }

    @Test(
        "what comes closest is told with the hours that it breaks, and what would do with the smallest first")
    func effort() {
        let effort = PlanFinding(
            tier: "pool",
            fact: .bestEffort(
                BestEffort(
                    shape: "large", nodes: 6, hoursBroken: 12.5, hours: 168, probabilityBroken: 0.93)))
        #expect(
            effort.message
                == "6 × large come closest: 12.5 of 168 hours are expected to break the objective, some hour with a "
                + "chance of 93 %")
        #expect(effort.severity == .effort && effort.severity.rawValue == "best effort")
        let node = Survival(zoneCount: 3, spareNodes: 1, survivesZoneLoss: false)
        let all: [Relaxation] = [
            .load(shed: 0.12), .latency(seconds: 8e-3, instead: 5e-3),
            .probability(allowed: 0.05, instead: 0.01), .survival(node, instead: Self.zones),
        ]
        #expect(
            PlanFinding(tier: "pool", fact: .wouldHold(all)).message
                == "would hold with 12 % of the demand shed, with a latency limit of 8ms instead of 5ms, with an "
                + "allowed chance of a break of 5 % instead of 1 %, or surviving the loss of a node instead of the "
                + "loss of a node or of a zone, each by itself")
        #expect(
            PlanFinding(tier: "pool", fact: .wouldHold([all[1]])).message
                == "would hold with a latency limit of 8ms instead of 5ms")
        #expect(PlanFinding(tier: "pool", fact: .wouldHold([])).message.hasPrefix("no longer latency limit"))
    }

    @Test("a promise says what the gap of a failover does")
    func gap() {
        func sentences(_ broken: [String], refused: Double = 0) -> String {
            PlanPromise(
                probabilityAllowed: 0.01, eachTier: 0.01, tierCount: 1, pathCount: 499, usesTail: false,
                headroomFactor: 1, survival: Self.zones,
                gaps: [
                    FailoverGap(
                        tier: "matching", seconds: 2, messagesWaiting: 600, messagesRefused: refused,
                        drainSeconds: 0.5, shareLate: 0.01, shareAllowed: 0.01, probabilityBroken: 0.4,
                        broken: broken)
                ]
            ).sentences
        }
        let broken = sentences(["matching"], refused: 7)
        #expect(
            broken.contains(
                "It holds with the loss of a node or of a zone once failed over; the gap of 2s itself breaks the "
                    + "objective of matching with a chance of 40 %. While a standby of matching takes over in the busiest hour, 600 messages "
                    + "wait and 7 are given up; the backlog clears "))
        #expect(broken.hasSuffix("the chance that this breaks an objective is 40 %."))
        #expect(
            sentences([]).contains(
                "It holds with the loss of a node or of a zone, the gap of 2s until a standby serves included."
            ))
    }

    @Test("few paths are a warning")
    func warning() {
        let finding = PlanFinding(tier: nil, fact: .tooFewPaths(count: 3, probabilityAllowed: 0.01))
        #expect(finding.severity == .warning && finding.message.hasPrefix("3 paths are too few to resolve"))
    }

    @Test("reasons of a pool name the load, the nodes, the lead, the purchase and the next best shape")
    func poolReasons() {
        let nodes = TierReasons.Nodes(needed: 4, running: 6, shape: "c7i.large", held: 13, servers: 16)
        var pool = TierReasons.Pool(
            load: Self.load, nodes: nodes, objective: Self.objective, survival: Self.zones, lead: 2,
            warmUpSeconds: 240, reserved: 3, onDemandMax: 3, cost: Money(dollars: 12.5),
            next: TierReasons.Next(shape: "m7i.large", cost: Money(dollars: 20)))
        #expect(
            TierReasons.pool(pool).sentences
                == "The load to plan for peaks at 12.3 busy cores at 2026-01-26T00:00:00Z (all but 2 of 500 paths stay "
                + "below it). 4 × c7i.large carry up to 13 busy cores of 16 with 99 % of messages within 5ms; 6 run so "
                + "that the loss of a node or of a zone leaves that many. Nodes start 2 steps ahead, because a "
                + "c7i.large needs 4m to warm up. 3 are reserved; up to 3 more run on demand: $12.50. The next best "
                + "shape, m7i.large, would cost $20.00.")
        (pool.load.servers, pool.lead, pool.onDemandMax, pool.next) = (0, 0, 0, nil)
        #expect(
            TierReasons.pool(pool).sentences
                == "No load reaches this tier, so the minimum number of nodes runs. All are reserved: $12.50."
        )
    }

    @Test("a load that is the same in every step has no peak")
    func constantLoad() {
        var load = Self.load
        load.isConstant = true
        let text = TierReasons.poolShort(load, shape: "small", nodes: 2).sentences
        #expect(text.hasSuffix("is 12.3 busy cores in every step (all but 2 of 500 paths stay below it)."))
        #expect(!text.contains("peaks"))
    }

    @Test("a queue whose weekly peak is more than it carries is already over, whatever days are told")
    func headroom() {
        var row = HeadroomRow(
            tier: "gateway", shard: nil, levelPerSecond: 1200, heldPerSecond: 1000, probability: 1, days: 4,
            daysLow: 0.1, daysHigh: 7, nodesToAdd: nil, shape: "small", orderBy: nil)
        #expect(
            row.sentencePart
                == "today's gateway is already over: the busiest hour of a week brings 1.2k messages/s, it carries 1k"
        )
        row.levelPerSecond = 900
        #expect(!row.isOver && row.sentencePart == "today's gateway lasts 4 days (0 to 7)")
    }

    @Test("an excuse says what an option costs more, or less")
    func excuses() {
        func todays(_ dollars: Double, _ broken: Double) -> ExcuseRow.Rejection {
            .todays(
                nodes: 3, shape: "small", extra: Money(dollars: dollars), probabilityBroken: broken,
                paths: 500)
        }
        #expect(todays(1, 0).option == "today's 3 × small")
        #expect(
            todays(1, 0).reason == "breaks the objective on none of 500 paths; costs $1.00 more on demand")
        #expect(
            todays(-2, 0.25).reason
                == "breaks the objective on 25 % of paths during the failures to survive; costs $2.00 less on demand"
        )
        let pool = ExcuseRow.Rejection.dearerPool(
            shape: "large", extra: Money(dollars: 3), chosen: "small", nodesMax: 7, reserved: 2)
        #expect(pool.option == "large")
        #expect(pool.reason == "costs $3.00 more than small: up to 7 nodes, 2 of them reserved")
    }

    @Test(
        "every rule has its words, and the advice to verify with counsel", arguments: SupervisoryRule.allCases
    )
    func rules(rule: SupervisoryRule) {
        let row = ComplianceRow(
            rule: rule, planned: 4000, required: nil, isMet: .notEvaluable,
            basis: ComplianceRow.Basis(
                projectedPeak: 2000, capacity: 4000, firstLimit: "matching",
                history: PlanOptions.HistoricalPeak(
                    messagesPerSecond: 3900, overSeconds: 3600, yearsCovered: 2, origin: "the logs given")))
        #expect(
            row.note.hasSuffix("; verify with counsel") && !rule.requirement.isEmpty && !rule.source.isEmpty)
        switch rule {
        case .tradingVenueStandard:
            #expect(
                row.note
                    == "peak from the logs given, 2 years; less than the five years that the rule requires; a mean "
                    + "over 3,600 s, not the busiest second; first bottleneck: matching; verify with counsel")
        case .cryptoAssets, .operationalResilience:
            #expect(row.note.contains("carries 2 times the projected peak"))
        default: break
        }
    }

    @Test("the rule of a plan tells its probability, each tier's, and what paths resolve")
    func promise() {
        let promise = PlanPromise(
            probabilityAllowed: 0.01, eachTier: 0.002, tierCount: 5, pathCount: 499, usesTail: true,
            headroomFactor: 1.5)
        #expect(
            promise.sentences
                == "The chance of breaking any objective in any step is at most 1 %, over tiers and steps jointly. That "
                + "allows 0.2 % for each of 5 tiers. 499 paths resolve 0.2 %; beyond that, the largest path is "
                + "extrapolated by a generalised Pareto tail fitted to the paths' largest loads. Breaks are counted "
                + "over demand and bursts together, and loads are multiplied by 1.5.")
    }
}
