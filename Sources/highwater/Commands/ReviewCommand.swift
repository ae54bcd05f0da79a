import CommandLineKit
import Files
import Forecasting
import Pipeline
import Reporting
import Tables
import Tape

/// What `review` is told.
struct ReviewOptions: OptionGroup {
    @Option(
        .text, placeholder: "folder", help: "Folder of the finished run.",
        required: "the folder of a finished run", completion: .directory)
    var run: String
    @Option(
        .text, placeholder: "folder", help: "Tape that covers the run's horizon.",
        required: "the folder of the tape", completion: .directory)
    var tape: String
    @Option(
        .text, placeholder: "folder",
        help: "Folder of the logs that the run read; adds the cost of a plan with perfect foresight.",
        completion: .directory)
    var dataRoot: String?
    @Option(.format) var format: DataTable.Format
    @Flag(.dryRun) var dryRun: Bool
    @Option(
        .text, short: "o", placeholder: "folder", help: "Folder for the result; created if missing.",
        completion: .directory)
    var output: String?
}

extension Command {
    /// The last plan against what happened.
    static let review = Command(
        name: "review", abstract: "Compare a finished run with what then happened.",
        discussion: """
            Prints scorecard.csv: the chance that the plan breaks at the loads that came, as in a backtest of \
            plans, how accurate each forecast was, whether each queue would have met its objective, and how \
            much more capacity it would have needed. Also writes it into the run's folder, \
            or into --output. The tape is the record of what happened; steps that it does not cover are not \
            scored.
            """,
        options: ReviewOptions.self,
        run: { given, context in
            let run = given.run
            let tape = try Tape.open(given.tape)
            let review: Review
            do {
                review = try Review(
                    run: run, tape: tape, dataRoot: given.dataRoot, threads: context.threads)
            } catch let error as ReviewError {
                throw ToolError(error.description, file: run, exit: .badInput)
            }
            let path = given.output ?? run
            let file = path + "/scorecard.csv"
            if given.dryRun {
                context.note("would write \(file)")
            } else if given.output != nil {
                try context.write([("scorecard.csv", review.table().bytes)], to: path, isDryRun: false)
            } else {
                try ResultFile.write(review.table().bytes, to: file)
            }
            var table = review.table(format: given.format)
            table.finish()
            let output = StandardOutput()
            try output.write(table.bytes)
            for line in review.verdict { context.note(line) }
            return .success
        })
}
