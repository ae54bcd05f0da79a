import Files
import Foundation
import Reporting
import Tables

extension WeeklyRun {
    /// Writes every file of the result into a folder, all or none.
    ///
    /// - Throws: `ResultFolderError`.
    public func write(_ report: RunReport, to path: String) throws {
        progress(.report)
        let folder = try ResultFolder(path: path, command: "run")
        var names: [String] = []
        for (name, table) in report.tables() {
            try folder.add(name, table.bytes)
            names.append(name)
        }
        let exports = Exports(
            plan: report.plan, catalogue: report.catalogue, name: report.name, start: report.asOf,
            stepSeconds: report.demand.stepSeconds, settings: plan.exports)
        let pages: [(String, [UInt8])] = [
            ("summary.md", Array(report.summaryMarkdown().utf8)),
            ("runbook.md", Array(report.runbookMarkdown().utf8)), ("report.html", report.html()),
            ("report.ipynb", report.notebook()),
        ]
        let exported = report.hasExports ? exports.files() : []
        for (name, bytes) in pages + exported.map({ ("exports/" + $0.path, $0.bytes) }) {
            try folder.add(name, bytes)
            names.append(name)
        }
        try folder.add("manifest.json", manifest(report, files: names))
        try folder.finish()
    }

    /// What went in and what came out, without a clock, so that equal runs have equal manifests.
    private func manifest(_ report: RunReport, files: [String]) -> [UInt8] {
        let inputs = report.inputs.map { input -> [String: Any] in
            [
                "path": input.path, "use": input.use, "format": input.format, "rows": input.rows,
                "accepted": input.accepted, "duplicates": input.duplicates,
                "quarantined": input.quarantined, "hash": input.contentHash ?? "",
            ]
        }
        var content: [String: Any] = [
            "tool": "highwater", "version": highwaterVersion, "name": report.name,
            "as_of": report.asOf.description, "as_of_given": plan.asOf != nil,
            "until": report.end.description, "seed": plan.seed,
            "plan_file": plan.path ?? "", "plan_text": String(decoding: plan.text, as: UTF8.self),
            "plan_hash": RunHash.text(String(decoding: plan.text, as: UTF8.self)),
            "catalogue_hash": RunHash.catalogue(plan.catalogue),
            "table_schema": TableDescription.schemaVersion,
            "step_seconds": report.demand.stepSeconds, "paths": report.demand.pathCount,
            "symbols": report.demand.symbols.count, "feasible": report.plan.isFeasible,
            "exports_forced": report.forcesExports, "inputs": inputs,
            "files": files.sorted(), "screen": report.screen().content,
        ]
        if let weeks = plan.options.pastWeeks { content["past_weeks"] = weeks }
        if pastPlans != nil { content["backtest_given"] = true }
        return ExportText.json(content)
    }
}
