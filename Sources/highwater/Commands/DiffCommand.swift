import CommandLineKit
import Pipeline
import Tables

/// What `diff` is told.
struct DiffOptions: OptionGroup {
    @Flag(help: "List the figures that are the same too.") var all: Bool
    @Flag(help: "Exit with 2 where anything changed.") var exitCode: Bool
    @Option(
        each: ValueReader(expected: "cost-increase>10%") { CostCondition($0) }, placeholder: "condition",
        help: "Exit with 3 where the cost rises by more than this, as cost-increase>10%.")
    var failOn: [CostCondition]
    let output = TableOutput()
    @Argument("run", help: "The folders of the old and of the new run.", atLeast: 2, completion: .directory)
    var runs: [String]
}

/// A rise of the cost that is too much.
struct CostCondition: Sendable {
    /// The most that the cost may rise, as a share of the old one.
    let increaseMax: Double

    init?(_ text: String) {
        let start = "cost-increase>"
        guard text.hasPrefix(start), text.hasSuffix("%"),
            let percent = Double(decimal: text.dropFirst(start.count).dropLast()), percent >= 0
        else { return nil }
        increaseMax = percent / 100
    }

    /// The rule that failed, its value beside its limit; nil where it did not.
    func failure(_ comparison: RunComparison) -> String? {
        let limit = "the limit is \(NumberText.percent(increaseMax))"
        guard let increase = comparison.costIncrease else {
            return comparison.cost.new > 0
                ? "cost-increase failed: from 0 to \(NumberText.figure(comparison.cost.new)) USD, \(limit)"
                : nil
        }
        return increase > increaseMax
            ? "cost-increase failed: it is \(NumberText.percent(increase)), \(limit)" : nil
    }
}

extension Command {
    /// What changed between two runs.
    static let diff = Command(
        name: "diff", abstract: "Compare two finished runs.",
        discussion: """
            Prints the figures that differ, by tier, queue and series: nodes, shapes, shards, cost, chances of a \
            break, headroom of today's exchange, demand. What drives the cost goes to standard error.
            """,
        examples: [
            "highwater diff week-04 week-05", "highwater diff week-04 week-05 --fail-on 'cost-increase>10%'",
        ],
        options: DiffOptions.self,
        run: { given, context in
            guard given.runs.count == 2 else {
                throw context.refusal("expected two folders, found \(given.runs.count)")
            }
            let comparison = try RunComparison(old: given.runs[0], new: given.runs[1])
            let changed = comparison.rows.filter { given.all || !$0.isSame }
            try given.output.write(RunComparison.table.table(changed, format: given.output.format))
            for line in comparison.sentences { context.note(line) }
            let failures = given.failOn.compactMap { $0.failure(comparison) }
            for failure in failures { context.note(failure) }
            if !failures.isEmpty { return .conditionHolds }
            let isChanged = comparison.rows.contains { !$0.isSame }
            return given.exitCode && isChanged ? .changed : .success
        })
}
