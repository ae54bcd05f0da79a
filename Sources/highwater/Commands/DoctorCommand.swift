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
        name: "doctor", abstract: "Say what is wrong with a tape, in words.",
        discussion: """
            Looks for damage, time without logs, silences, clocks that were wrong or differ, what is \
            counted twice, \
            peaks that were cut off at capacity, and histories too short to forecast. One row for each \
            finding, the \
            worst first; a sound tape has none. Exits with 65 where the tape is damaged.
            """,
        options: DoctorOptions.self,
        run: { given, context in
            let tape = try Tape.open(given.tape)
            let found = try TapeDoctor(tape).findings()
            try given.output.write(CommandTables.findings.table(found, format: given.output.format))
            if found.isEmpty { context.note("nothing is wrong with it") }
            return found.contains { $0.check == .damage } ? .badInput : .success
        })
}
