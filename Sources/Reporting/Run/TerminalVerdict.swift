import Foundation
import Planning
import Tables
import Units

extension RunReport {
    /// A part of what a terminal shows: lines of text, then a table.
    public struct Screen: Sendable {
        /// The verdict, a word to be coloured by `holds` and a sentence.
        public var holds: Bool
        /// What is decided, in a sentence.
        public var verdict: String
        /// Short lines below it.
        public var lines: [String]
        /// The header of the table of tiers.
        public var header: [String]
        public var rows: [[String]]
        /// What the reader has to know, the infeasible first.
        public var findings: [String]

        public init(
            holds: Bool, verdict: String, lines: [String], header: [String], rows: [[String]],
            findings: [String]
        ) {
            (self.holds, self.verdict, self.lines) = (holds, verdict, lines)
            (self.header, self.rows, self.findings) = (header, rows, findings)
        }
    }

    /// The verdict for one terminal screen.
    public func screen() -> Screen {
        let headline = Headline(self)
        var lines = [
            "peak hour      \(headline.peak.start.description)  \(NumberText.short(headline.peak.median)) "
                + "messages/s (99 %: \(NumberText.short(headline.peak.q99)))",
            "cost           \(plan.totalCost.description) USD, today's nodes \(plan.todaysCost.description) "
                + "USD",
        ]
        if let weakest = headline.weakest {
            lines.append(
                "breaks first   \(weakest.queueName) at \(NumberText.estimate(weakest.loadMultiplier)) x the "
                    + "peak hour, \(weakest.bindingResource)")
        }
        if let shortest = headroom.min(by: { $0.lasting < $1.lasting }) {
            lines.append("headroom       \(shortest.sentencePart)")
        }
        for price in plan.holds.priceSentences { lines.append("surge          \(price)") }
        lines += grounds.map { ground in
            ground.word.padding(toLength: 15, withPad: " ", startingAt: 0) + ground.sentence
        }
        for result in scenarios.prefix(3) {
            let verdict = result.verdict
            lines.append(
                "what-if        \(verdict.scenario): "
                    + (verdict.held ? "held" : verdict.firstTier.map { "breaks \($0)" } ?? "broken before"))
        }
        if let exportsNote { lines.append("exports        \(exportsNote)") }
        let rows = plan.tiers.map { tier -> [String] in
            let busiest = plan.allocation.filter { $0.tier == tier.tier }.map(\.utilisationQ99).max() ?? 0
            let risk = plan.risk.first { $0.tier == tier.tier }
            return [
                tier.tier, tier.kind.name, tier.shape, RunReport.range(tier.nodes),
                NumberText.percent(busiest),
                NumberText.percent(risk?.tailProbabilityAnyStep ?? risk?.probabilityAnyStep.value ?? 0),
                tier.cost.description,
            ]
        }
        // The verdict tells the first surge that is not held.
        let first = plan.findings.firstIndex { $0.severity == .infeasible }
        let findings =
            plan.findings.enumerated().filter { $0.offset != first || !$0.element.isSurgeNotHeld }
            .map { "\($0.element.severity.rawValue): \($0.element.told)" } + notes
        return Screen(
            holds: plan.isFeasible, verdict: headline.verdict, lines: lines,
            header: ["tier", "kind", "shape", "nodes", "peak (99 %)", "breach risk", "cost USD"], rows: rows,
            findings: findings)
    }
}
