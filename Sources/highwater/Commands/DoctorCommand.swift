import CommandLineKit
import Pipeline
import Tables
import Tape
import Units

/// What `doctor` is told.
struct DoctorOptions: OptionGroup {
    @Option(.tape) var tape: String
    let output = TableOutput()
}

extension Command {
    /// What is wrong with a tape.
    static let doctor = Command(
        name: "doctor", abstract: "Check the data quality of a tape.",
        discussion: """
            Looks for damage, time without logs, silent periods, wrong or differing clocks, duplicated data, \
            peaks cut off at capacity, and histories too short to forecast. Prints one row per finding, worst \
            first, and none for a sound tape. Exits with 65 if the tape is damaged.
            """,
        options: DoctorOptions.self,
        run: { given, context in
            let tape = try Tape.open(given.tape)
            let found = try TapeDoctor(tape).findings()
            try given.output.write(CommandTables.findings.table(found, format: given.output.format))
            if found.isEmpty { context.note("no problems found") }
            return found.contains { $0.check == .damage } ? .badInput : .success
        })
}
