import CommandLineKit
import Files
import Foundation
import Pipeline
import Planning
import Replay
import Reporting

/// What `plan` is told.
struct PlanOptions: OptionGroup {
    let demand = TapeDemand()
    @Flag(.dryRun) var dryRun: Bool
    @Option(.folder(required: "the folder for the result, such as -o plan")) var output: String
    @Option(
        .text, placeholder: "file",
        help: "Write the integer programme of the purchase to FILE as free MPS, for another solver to check.",
        completion: .file(extensions: ["mps"]))
    var exportModel: String?
}

extension Command {
    /// Demand to allocation.
    static let plan = Command(
        name: "plan", abstract: "Plan nodes, shapes and shards from a tape.",
        discussion:
            "Forecasts and plans like the weekly run, but from logs that are already on a tape.",
        examples: [
            "highwater plan --tape tape --plan plan.json -o planned"
        ],
        options: PlanOptions.self,
        run: { given, context in
            let (plan, built) = try given.demand.build(context)
            context.progress.begin("plan", total: nil)
            let result = try WeeklyRun(plan: plan, dataRoot: ".", threads: context.threads).allocation(built)
            let files = RunReport.planTables(result).map { ($0.name, $0.table.bytes) }
            try context.write(files, to: given.output, isDryRun: given.dryRun)
            if let path = given.exportModel {
                if given.dryRun {
                    context.note("would write the integer programme to \(path)")
                } else {
                    let model = PurchaseModel(plan: result, name: plan.name)
                    try ResultFile.write(Array(model.text.utf8), to: path)
                }
            }
            context.progress.finish()
            for finding in result.findings {
                context.note("\(finding.severity.rawValue): \(finding.told) \(finding.remedy)")
            }
            return .success
        })
}
