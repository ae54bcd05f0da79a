import CommandLineKit
import Pipeline
import Tables
import Tape
import Units

extension Command {
    /// What is wrong with a tape.
    static let doctor = Command(
        spec: CommandSpec(
            name: "doctor", abstract: "Say what is wrong with a tape, in words.",
            discussion: """
                Looks for damage, time without logs, silences, clocks that were wrong or differ, what is \
                counted twice, \
                peaks that were cut off at capacity, and histories too short to forecast. One row for each \
                finding, the \
                worst first; a sound tape has none. Exits with 65 where the tape is damaged.
                """,
            options: [
                .value("tape", placeholder: "folder", help: "The tape.", completion: .directory),
                Output.format, Output.file,
            ]),
        run: { context in
            let tape = try Tape.open(try context.required("tape", "the folder of the tape"))
            let found = try TapeDoctor(tape).findings()
            try Output.write(CommandTables.findings.table(found, format: Output.format(context)), context)
            if found.isEmpty { context.note("nothing is wrong with it") }
            return found.contains { $0.check == .damage } ? .badInput : .success
        })
}
