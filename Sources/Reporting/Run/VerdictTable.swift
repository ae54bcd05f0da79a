import Units
import WhatIf

/// `verdict.csv` and `timeline.csv` of what-if runs.
public enum VerdictTable {
    static let header = ["scenario"]
    static func row(_ verdict: Verdict) -> [String] { [verdict.scenario] }
    public static func table(_ verdicts: [Verdict]) -> DataTable { DataTable(columns: ["scenario"]) }
    static func section(_ results: [WhatIfResult]) -> Markup { "" }
}
