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
        .text, placeholder: "folder", help: "The folder of the run.",
        required: "the folder of a finished run", completion: .directory)
    var run: String
    @Option(
        .text, placeholder: "folder", help: "A tape that covers the run's span.",
        required: "the folder of the tape", completion: .directory)
    var tape: String
    @Option(.format) var format: DataTable.Format
    @Flag(.dryRun) var dryRun: Bool
    @Option(
        .text, short: "o", placeholder: "folder", help: "The folder for the result; made if need be.",
        completion: .directory)
    var output: String?
}

extension Command {
    /// The last plan against what happened.
    static let review = Command(
        name: "review", abstract: "Hold a finished run against what happened since.",
        discussion: """
            Prints scorecard.csv, and writes it into the run's folder unless --output names another: how good each \
            forecast was, whether each queue would have held, by how much it would have had to be larger. What \
            happened is what the tape says; steps that it does not cover are not judged.
            """,
        options: ReviewOptions.self,
        run: { given, context in
            let run = given.run
            let tape = try Tape.open(given.tape)
            let review: Review
            do {
                review = try Review(run: run, tape: tape)
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
