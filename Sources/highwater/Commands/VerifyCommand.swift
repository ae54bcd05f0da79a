import CommandLineKit
import Files
import Foundation
import Pipeline
import Reporting

/// What `verify` is told.
struct VerifyOptions: OptionGroup {
    @Option(.dataRoot) var dataRoot: String?
    @Argument("run", help: "The folder of a finished run.", completion: .directory) var run: String?
}

extension Command {
    /// Whether a run comes out the same again.
    static let verify = Command(
        name: "verify", abstract: "Run a finished run again and compare every byte.",
        discussion: """
            Takes the plan file and the seed from the run's manifest, reads the same logs again, and compares all \
            files. Prints one line for each file that differs, with the first line that does; exits with 1 if any \
            does.
            """,
        examples: ["highwater verify week-05 --data-root logs"],
        options: VerifyOptions.self,
        run: { given, context in
            guard let path = given.run else {
                throw context.refusal("Missing expected argument '<run>': the folder of a finished run")
            }
            let manifest = try RunManifest(path)
            let version = try manifest.version
            guard version == highwaterVersion else {
                throw ToolError(
                    "was made by version \(version), this is \(highwaterVersion): results may differ by version",
                    file: path + "/manifest.json", exit: .badInput)
            }
            let demo = try manifest.planText == DemoPlan.text ? DemoLogs(context, seed: manifest.seed) : nil
            var plan = try PlanFile(text: Array(manifest.planText.utf8), path: manifest.planFile)
            plan.seed = try manifest.seed
            if try manifest.isAsOfGiven { plan.asOf = try manifest.asOf }
            if let weeks = manifest.pastWeeks { plan.options.pastWeeks = weeks }
            let progress = context.progress
            var run = WeeklyRun(
                plan: plan, dataRoot: demo?.folder ?? PlanSource.dataRoot(given.dataRoot, plan),
                threads: context.threads, progress: { progress.begin($0.rawValue, total: nil) })
            run.forcesExports = try manifest.areExportsForced
            // A backtest that the run was given is an input of it, and in its folder.
            if manifest.isBacktestGiven { run.pastPlans = try PlanBacktestReport(folder: path, of: plan) }
            let work = try WorkFolder()
            let again = work.path + "/run"
            let verification = try withExtendedLifetime((demo, work)) {
                try run.write(try run.run(), to: again)
                return try RunVerification(manifest, against: RunManifest(again))
            }
            progress.finish()
            let output = StandardOutput()
            for file in verification.differences { try output.write(printable(text(file)) + "\n") }
            guard verification.isVerified else {
                let why =
                    verification.changedInput.map { "; the first input that changed: \($0)" }
                    ?? "; the inputs are the same"
                context.note(
                    "\(verification.differences.count) of \(verification.fileCount) files differ"
                        + printable(why))
                return .failure
            }
            try output.write("verified: \(verification.fileCount) files are the same, byte for byte\n")
            return .success
        })

    private static func text(_ file: RunVerification.Difference) -> String {
        guard let line = file.line else { return "\(file.file): is in one of the two only" }
        return "\(file.file):\(line): was '\(file.was ?? "the end")', is '\(file.now ?? "the end")'"
    }
}
