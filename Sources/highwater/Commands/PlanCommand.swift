import CommandLineKit
import Foundation
import Pipeline
import Planning
import Replay
import Reporting

extension Command {
    /// Demand to allocation.
    static let plan = Command(
        spec: CommandSpec(
            name: "plan", abstract: "Plan nodes, shapes and shards from a tape.",
            discussion:
                "Does the forecasting and planning of a weekly run, on logs that are on a tape already.",
            options: TapeDemand.options + [Output.dryRun, Output.folder]),
        run: { context in
            let output = try context.required("output", "the folder for the result, as -o plan")
            let (plan, built) = try TapeDemand.build(context)
            context.progress.begin("plan", total: nil)
            let result = try WeeklyRun(plan: plan, dataRoot: ".", threads: context.threads).allocation(built)
            let files = RunReport.planTables(result).map { ($0.name, $0.table.bytes) }
            try Output.write(files, to: output, context)
            context.progress.finish()
            for finding in result.findings {
                context.note("\(finding.severity.rawValue): \(finding.message) \(finding.remedy)")
            }
            return .success
        })
}
