import CommandLineKit
import Pipeline
import Tables
import Units

/// What `explain` is told.
struct ExplainOptions: OptionGroup {
    @Option(
        .text, placeholder: "folder", help: "The folder of the run.",
        required: "the folder of a finished run",
        completion: .directory)
    var run: String
    @Option(.text, placeholder: "name", help: "The tier.", required: "the tier, as gateway") var tier: String
    @Option(
        .instant, placeholder: "time", help: "The hour to explain.", defaultText: "the tier's busiest hour")
    var at: Timestamp?
}

extension Command {
    /// Why a tier has its nodes.
    static let explain = Command(
        name: "explain", abstract: "Explain the nodes that a finished run plans for a tier.",
        discussion: """
            Prints what runs in one hour and what sets the number, the limiting resource and the next tightest queue, \
            the nodes for each requirement in that hour, and the rejected options.
            """,
        examples: ["highwater explain --run week-05 --tier gateway --at 2026-01-27T13:00:00Z"],
        options: ExplainOptions.self,
        run: { given, _ in
            let explanation: TierExplanation
            do {
                explanation = try TierExplanation(run: given.run, tier: given.tier, at: given.at)
            } catch let error as TierExplanation.UnknownTier {
                throw ToolError(
                    "there is no tier '\(given.tier)': the run has \(error.known.joined(separator: ", "))",
                    file: given.run, suggestion: nearMiss(to: given.tier, among: error.known), exit: .usage)
            }
            var table = TextTable(columns: [
                TextTable.Column("requirement", alignment: .left),
                TextTable.Column("busy cores", alignment: .right),
                TextTable.Column("nodes", alignment: .right),
            ])
            for row in explanation.ladder { table.append([row.rung, row.servers, row.nodes]) }
            let text = explanation.sentences.map { wrapped(printable($0)) }.joined(separator: "\n")
            try StandardOutput().write(text + "\n\n" + table.description + "\n")
            return .success
        })

    /// A sentence on lines of the terminal's width.
    private static func wrapped(_ text: String) -> String {
        var lines = [""]
        for word in text.split(separator: " ") {
            let last = lines.count - 1
            if lines[last].isEmpty {
                lines[last] = String(word)
            } else if lines[last].count + 1 + word.count <= min(Highwater.terminalWidth(), 100) {
                lines[last] += " " + word
            } else {
                lines.append("  " + word)
            }
        }
        return lines.joined(separator: "\n")
    }
}
