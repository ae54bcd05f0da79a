import CommandLineKit
import Testing

/// A small program with everything that a table may hold.
enum Sample {
    enum Mode: String, CaseIterable, Sendable {
        case fast
        case safe
    }

    struct GlobalOptions: OptionGroup {
        @Flag(short: "q", help: "Say nothing.") var quiet: Bool
        @Option(.numbers(in: 0...10), placeholder: "n", help: "Threads.", defaultText: "all")
        var threads: [Double]?
    }

    struct OutputOptions: OptionGroup {
        @Option(.text, short: "o", placeholder: "folder", help: "Where to.", completion: .directory)
        var output: String?
    }

    struct CopyOptions: OptionGroup {
        let destination = OutputOptions()
        @Option(.choice, placeholder: "mode", help: "How.") var mode = Mode.fast
        @Option(.integer(in: -9...9), placeholder: "n", help: "How much.") var size = 1
        @Option(each: .text, placeholder: "pattern", help: "Which.") var only: [String]
        @Flag(short: "n", help: "Do nothing.") var dryRun: Bool
        @Argument("source", help: "What to copy.", atLeast: 1) var sources: [String]
    }

    struct CheckOptions: OptionGroup {
        @Argument("file", help: "The file.") var file: String?
    }

    struct PackOptions: OptionGroup {
        @Option(.text, placeholder: "file", help: "The list.", required: "what to pack") var list: String
        @Option(.number(in: 0...1), placeholder: "share", help: "How tightly.") var share = 0.5
        @Option(.integers(in: 1...9), placeholder: "ns", help: "Levels.") var levels = [1, 2]
    }

    static let tool = CommandLineTool(
        name: "tool", version: "1.2.3", abstract: "Do things.",
        commands: [
            CommandSpec(
                name: "copy", abstract: "Copy files.", discussion: "Copies what is there.",
                examples: ["tool copy a b -o x"], options: CopyOptions.self),
            CommandSpec(name: "pack", abstract: "Pack files.", options: PackOptions.self),
            CommandSpec(
                name: "config", abstract: "Settings.",
                subcommands: [
                    CommandSpec(name: "check", abstract: "Check settings.", options: CheckOptions.self)
                ]),
        ],
        globalOptions: GlobalOptions.self)

    static func parse(_ line: String) throws -> ParsedArguments {
        guard case .run(let parsed) = try tool.parse(line.split(separator: " ").map(String.init)) else {
            throw UsageError("not a command to run", path: [])
        }
        return parsed
    }

    static func complaint(_ line: String) -> String {
        var text = ""
        do {
            _ = try tool.parse(line.split(separator: " ").map(String.init))
            return "no error"
        } catch {
            let status = tool.exitStatus(reporting: error) { text += $0 }
            return "\(status.rawValue) \(text)"
        }
    }
}

@Suite("Command lines")
struct ParsingTests {
    @Test("options are taken in every form and place")
    func forms() throws {
        for line in [
            "copy a b -o x --mode safe -q", "-q copy --output=x a --mode=safe b",
            "copy -ox -q --mode safe -- a b",
            "copy -o=x a b -q --mode safe",
        ] {
            let parsed = try Sample.parse(line)
            let copy = try Sample.CopyOptions(parsed)
            #expect(parsed.command == ["copy"] && copy.sources == ["a", "b"], "\(line)")
            #expect(copy.destination.output == "x" && copy.mode == .safe)
            #expect(try Sample.GlobalOptions(parsed).quiet)
            #expect(!copy.dryRun && copy.size == 1)
        }
        func copy(_ line: String) throws -> Sample.CopyOptions { try Sample.CopyOptions(Sample.parse(line)) }
        #expect(try copy("copy -qn a").dryRun)
        #expect(try copy("copy -qnox a").destination.output == "x")
        #expect(try copy("copy -- -a --b").sources == ["-a", "--b"])
        #expect(try copy("copy -").sources == ["-"])
        #expect(try copy("copy a --only x --only y").only == ["x", "y"])
        #expect(try copy("copy a").only.isEmpty)
        #expect(try copy("copy a --size -3").size == -3)
        #expect(try copy("copy a --output=").destination.output == "")
        let check = try Sample.parse("config check")
        #expect(check.command == ["config", "check"])
        #expect(try Sample.CheckOptions(check).file == nil)
        #expect(try Sample.CheckOptions(Sample.parse("config check f")).file == "f")
    }

    @Test("help, versions and completions are asked for in the usual ways")
    func special() throws {
        func path(_ line: String) throws -> [String]? {
            if case .help(let path) = try Sample.tool.parse(line.split(separator: " ").map(String.init)) {
                path
            } else {
                nil
            }
        }
        #expect(try path("") == [])
        #expect(try path("--help") == [])
        #expect(try path("help copy") == ["copy"])
        #expect(try path("copy --help") == ["copy"])
        #expect(try path("copy a -h") == ["copy"])
        #expect(try path("help config check") == ["config", "check"])
        #expect(try path("config") == ["config"])
        if case .version = try Sample.tool.parse(["--version"]) {} else { Issue.record("no version") }
        if case .completions(.fish) = try Sample.tool.parse(["--generate-completion-script", "fish"]) {
        } else {
            Issue.record("no completions")
        }
    }

    @Test(
        "what is wrong is told with the usage and exit code 64",
        arguments: [
            ("copi a", "Unknown command 'copi'. Did you mean 'copy'?", "tool <subcommand>", "tool"),
            ("hlep", "Unknown command 'hlep'. Did you mean 'help'?", "tool <subcommand>", "tool"),
            ("version", "Unknown command 'version'. Did you mean '--version'?", "tool <subcommand>", "tool"),
            (
                "completions",
                "Unknown command 'completions'. Did you mean '--generate-completion-script bash'?",
                "tool <subcommand>", "tool"
            ),
            (
                "copy a --outptu x", "Unknown option '--outptu'. Did you mean '--output'?",
                "tool copy <source> ... [<options>]", "tool copy"
            ),
            (
                "copy a -output x", "Unknown option '-output'. Did you mean '--output'?",
                "tool copy <source> ... [<options>]", "tool copy"
            ),
            ("copy a -x", "Unknown option '-x'", "tool copy <source> ... [<options>]", "tool copy"),
            (
                "copy", "Missing expected argument '<source>'", "tool copy <source> ... [<options>]",
                "tool copy"
            ),
            (
                "config check a b", "Unexpected argument 'b'", "tool config check [<file>] [<options>]",
                "tool config check"
            ),
            (
                "copy a --output", "Missing value for '--output <folder>'",
                "tool copy <source> ... [<options>]", "tool copy"
            ),
            (
                "copy a --output --quiet", "Missing value for '--output <folder>'",
                "tool copy <source> ... [<options>]", "tool copy"
            ),
            (
                "copy a --quiet=yes", "The option '--quiet' takes no value",
                "tool copy <source> ... [<options>]", "tool copy"
            ),
            (
                "copy a --size 1 --size 2", "The option '--size' is given twice",
                "tool copy <source> ... [<options>]", "tool copy"
            ),
            (
                "copy a --mode saef",
                "The value 'saef' is invalid for '--mode <mode>': expected fast, safe. Did you mean 'safe'?",
                "tool copy <source> ... [<options>]", "tool copy"
            ),
            ("help cpoy", "Unknown command 'cpoy'. Did you mean 'copy'?", "tool <subcommand>", "tool"),
        ])
    func complaints(line: String, message: String, usage: String, command: String) {
        let text = "64 Error: \(message)\nUsage: \(usage)\n  See '\(command) --help' for more information.\n"
        #expect(Sample.complaint(line) == text)
    }

    @Test("values are read within their range, and are their defaults without the option")
    func values() throws {
        func pack(_ line: String) throws -> Sample.PackOptions { try Sample.PackOptions(Sample.parse(line)) }
        let plain = try pack("pack --list l")
        #expect(plain.list == "l" && plain.share == 0.5 && plain.levels == [1, 2])
        let given = try pack("pack --list l --share 1 --levels 3,4")
        #expect(given.share == 1 && given.levels == [3, 4])
        let threads = try Sample.GlobalOptions(Sample.parse("pack --threads 1.5,2")).threads
        #expect(threads == [1.5, 2])
        for (line, message) in [
            ("pack", "Missing expected option '--list': what to pack"),
            (
                "pack --list l --share 2",
                "The value '2' is invalid for '--share': expected a number from 0.0 to 1.0"
            ),
            (
                "pack --list l --levels 0,1",
                "The value '0,1' is invalid for '--levels': expected whole numbers from 1 to 9, comma separated"
            ),
        ] {
            #expect(throws: UsageError(message, path: ["pack"])) { try pack(line) }
        }
        #expect(
            throws: UsageError(
                "The value '10' is invalid for '--size': expected a whole number from -9 to 9",
                path: ["copy"])
        ) {
            try Sample.CopyOptions(Sample.parse("copy a --size 10"))
        }
    }

    @Test("help marks what is required and shows defaults as they would be typed")
    func requiredOptions() {
        let text = Sample.tool.help(for: ["pack"], width: 80)
        #expect(text.contains("--list <file>           The list. (required)\n"))
        #expect(text.contains("--share <share>         How tightly. (default: 0.5)\n"))
        #expect(text.contains("--levels <ns>           Levels. (default: 1,2)\n"))
        #expect(!text.contains("EXAMPLES"))
    }

    @Test("help is laid out from the table")
    func help() {
        let expected = """
            OVERVIEW: Copy files.

            Copies what is there.

            USAGE: tool copy <source> ... [<options>]

            ARGUMENTS:
              <source>                What to copy.

            OPTIONS:
              -o, --output <folder>   Where to.
              --mode <mode>           How. (values: fast, safe; default: fast)
              --size <n>              How much. (default: 1)
              --only <pattern>        Which.
              -n, --dry-run           Do nothing.

            GENERAL OPTIONS:
              -q, --quiet             Say nothing.
              --threads <n>           Threads. (default: all)
              --version               Show the version.
              -h, --help              Show help information.

            EXAMPLES:
              tool copy a b -o x

            """
        #expect(Sample.tool.help(for: ["copy"], width: 80) == expected)
        let top = Sample.tool.help(for: [], width: 80)
        #expect(top.hasPrefix("OVERVIEW: Do things.\n\nUSAGE: tool <subcommand>\n\nOPTIONS:\n  -q, --quiet"))
        #expect(
            top.hasSuffix(
                "SUBCOMMANDS:\n  copy                    Copy files.\n  pack                    Pack files.\n  config                  Settings.\n\n  See 'tool help <subcommand>' for detailed help.\n"
            ))
    }

    @Test("long helps are wrapped beside their names")
    func wrapping() {
        let text = Sample.tool.help(for: ["copy"], width: 50)
        #expect(
            text.contains(
                "  --mode <mode>           How. (values: fast,\n                          safe; default: fast)\n"
            ))
        #expect(text.split(separator: "\n").allSatisfy { $0.count <= 50 })
    }
}
