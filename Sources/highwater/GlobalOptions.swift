import CommandLineKit

/// The options of every command.
struct GlobalOptions: OptionGroup {
    @Flag(short: "q", help: "Write nothing but errors to standard error.") var quiet: Bool
    @Option(.choice, placeholder: "mode", help: "How progress is shown, on standard error.")
    var progress = ProgressReporter.Mode.auto
    @Flag(help: "Use no colours; so does the variable NO_COLOR.") var noColor: Bool
    @Option(.integer(in: 1...1024), placeholder: "n", help: "Threads to use.", defaultText: "all cores")
    var threads: Int?
    @Option(
        .integer(in: 0...Int(Int32.max)), placeholder: "n", help: "Everything random follows from it.",
        defaultText: "1, or the plan's")
    var seed: Int?
}
