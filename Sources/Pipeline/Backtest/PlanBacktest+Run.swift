import Reporting

extension PlanBacktest {
    /// Past weeks that a run plans again where the plan file does not say how many: the week's own work four times over.
    /// (Chosen, not measured.)
    static let weeksDefault = 4
    /// Such a run plans no more weeks of symbols again, so that a run of hundreds of symbols takes no several times as long.
    /// (Chosen, not measured.)
    static let symbolWeeksMax = 200

    /// How many past weeks a run plans again.
    ///
    /// By default, only as long as half of the history lies before each of them: with less, they are not what this week's
    /// plan is.
    ///
    /// - Parameters:
    ///   - asked: How many were asked for; nil: the default.
    ///   - symbols: How many symbols are planned for.
    ///   - spans: How many times the planned span fits into the history.
    /// - Returns: 0 or more.
    static func weeks(asked: Int?, symbols: Int, spans: Int) -> Int {
        if let asked { return min(asked, max(0, spans - 1)) }
        return max(0, min(weeksDefault, symbolWeeksMax / max(1, symbols), spans / 2))
    }

    /// The manifest of the backtest's own folder, by which a run knows it as one of its plan.
    ///
    /// - Parameters:
    ///   - report: What was found.
    ///   - files: The other files of the folder.
    /// - Returns: JSON text.
    public func manifest(_ report: PlanBacktestReport, files: [String]) -> [UInt8] {
        let content: [String: Any] = [
            "tool": "highwater", "version": highwaterVersion, "name": plan.name, "seed": plan.seed,
            "plan_file": plan.path ?? "", "plan_text": String(decoding: plan.text, as: UTF8.self),
            "weeks": report.weeks.count, "sentence": report.sentence, "files": files.sorted(),
        ]
        return ExportText.json(content)
    }
}
