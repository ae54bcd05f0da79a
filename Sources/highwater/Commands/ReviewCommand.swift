import CommandLineKit
import Files
import Forecasting
import Pipeline
import Reporting
import Tape

extension Command {
    /// The last plan against what happened.
    static let review = Command(
        spec: CommandSpec(
            name: "review", abstract: "Hold a finished run against what happened since.",
            discussion: """
                Prints scorecard.csv, and writes it into the run's folder unless --output names another: how good each \
                forecast was, whether each queue would have held, by how much it would have had to be larger. What \
                happened is what the tape says; steps that it does not cover are not judged.
                """,
            options: [
                .value("run", placeholder: "folder", help: "The folder of the run.", completion: .directory),
                .value(
                    "tape", placeholder: "folder", help: "A tape that covers the run's span.",
                    completion: .directory), Output.format, Output.dryRun, Output.folder,
            ]),
        run: { context in
            let run = try context.required("run", "the folder of a finished run")
            let tape = try Tape.open(try context.required("tape", "the folder of the tape"))
            let review: Review
            do {
                review = try Review(run: run, tape: tape)
            } catch let error as ReviewError {
                throw ToolError(error.description, file: run, exit: .badInput)
            }
            let path = context.arguments.string("output") ?? run
            let file = path + "/scorecard.csv"
            if context.arguments.flag("dry-run") {
                context.note("would write \(file)")
            } else if context.arguments.string("output") != nil {
                try Output.write([("scorecard.csv", review.table().bytes)], to: path, context)
            } else {
                try ResultFile.write(review.table().bytes, to: file)
            }
            var table = review.table(format: Output.format(context))
            table.finish()
            let output = StandardOutput()
            try output.write(table.bytes)
            for line in review.verdict { context.note(line) }
            return .success
        })
}
