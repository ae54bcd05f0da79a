import CommandLineKit

/// The options of every command.
struct GlobalOptions: OptionGroup {
    @Flag(short: "q", help: "Write only errors to standard error.") var quiet: Bool
    @Option(.choice, placeholder: "mode", help: "How to show progress on standard error.")
    var progress = ProgressReporter.Mode.auto
    @Flag(help: "Disable colours, as the variable NO_COLOR does.") var noColor: Bool
    @Option(.integer(in: 1...1024), placeholder: "n", help: "Number of threads.", defaultText: "all cores")
    var threads: Int?
    @Option(
        .integer(in: 0...Int(Int32.max)), placeholder: "n", help: "Seed of all random numbers.",
        defaultText: "1, or as in the plan")
    var seed: Int?
}
