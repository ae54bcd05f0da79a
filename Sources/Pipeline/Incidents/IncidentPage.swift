import WhatIf

/// `Datasets/INCIDENTS.md`.
public enum IncidentPage {
    /// The page of some incidents, each replayed.
    ///
    /// - Throws: `WhatIfError` where a run names a tier that there is not.
    public static func markdown(_ incidents: [Incident]) throws(WhatIfError) -> String {
        var lines = [
            "# Outages that happened, beside the model",
            "",
            "Made by `highwater incidents`; each is a file of `Datasets/scenarios/incidents`. A replay is given "
                + "what the source publishes; what was chosen beside it is said. Arrivals do not bunch. 'No' "
                + "is a figure that the model does not show. 'Given' is one that it was given, or that was chosen to "
                + "come out: no test. Figures without a published one have no answer.",
        ]
        for incident in incidents {
            lines += ["", "## \(incident.title)", "", incident.happened, ""]
            lines.append("*Source:* \(incident.source)")
            lines += ["", "*Given to the model:* \(incident.given)"]
            let found = try incident.comparisons()
            if !found.isEmpty {
                lines += [
                    "", "| replay | figure | published | model | agrees |", "|---|---|---|---|---|",
                ]
                lines += found.map { line in
                    let answer = line.isGiven ? "given" : line.agrees.map { $0 ? "yes" : "no" } ?? ""
                    return
                        "| \(line.run) | \(line.figure) | \(line.reported ?? "") | \(line.model) | \(answer) |"
                }
            }
            if !incident.notShown.isEmpty {
                lines += ["", "The model cannot show:", ""]
                lines += incident.notShown.map { "- \($0)" }
            }
        }
        return lines.joined(separator: "\n") + "\n"
    }
}
