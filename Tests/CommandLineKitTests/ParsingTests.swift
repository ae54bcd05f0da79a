import CommandLineKit
import Testing

/// A small program with everything that a table may hold.
enum Sample {
    static let tool = CommandLineTool(
        name: "tool", version: "1.2.3", abstract: "Do things.",
        commands: [
            CommandSpec(
                name: "copy", abstract: "Copy files.", discussion: "Copies what is there.",
                arguments: [
                    Argument("source", help: "What to copy.", count: .many(atLeast: 1))
                ],
                options: [
                    .value(
                        "output", short: "o", placeholder: "folder", help: "Where to.", completion: .directory
                    ),
                    .value(
                        "mode", placeholder: "mode", help: "How.", defaultText: "fast",
                        choices: ["fast", "safe"]),
                    .value("size", placeholder: "n", help: "How much.", defaultText: "1"),
                    .value("only", placeholder: "pattern", help: "Which.", isRepeated: true),
                    .flag("dry-run", short: "n", help: "Do nothing."),
                ]),
            CommandSpec(
                name: "config", abstract: "Settings.", options: [],
                subcommands: [
                    CommandSpec(
                        name: "check", abstract: "Check settings.",
                        arguments: [Argument("file", help: "The file.", count: .optional)], options: [])
                ]),
        ],
        globalOptions: [
            .flag("quiet", short: "q", help: "Say nothing."),
            .value("threads", placeholder: "n", help: "Threads.", defaultText: "all"),
        ])

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
            #expect(parsed.command == ["copy"] && parsed.arguments == ["a", "b"], "\(line)")
            #expect(parsed.string("output") == "x" && parsed.string("mode") == "safe" && parsed.flag("quiet"))
            #expect(!parsed.flag("dry-run") && parsed.string("size") == nil)
        }
        #expect(try Sample.parse("copy -qn a").flag("dry-run"))
        #expect(try Sample.parse("copy -qnox a").string("output") == "x")
        #expect(try Sample.parse("copy -- -a --b").arguments == ["-a", "--b"])
        #expect(try Sample.parse("copy -").arguments == ["-"])
        #expect(try Sample.parse("copy a --only x --only y").strings("only") == ["x", "y"])
        #expect(try Sample.parse("copy a --size -3").string("size") == "-3")
        #expect(try Sample.parse("copy a --size=").string("size") == "")
        #expect(try Sample.parse("config check").command == ["config", "check"])
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
            (
                "copy a --outptu x", "Unknown option '--outptu'. Did you mean '--output'?",
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

    @Test("values are read within their range")
    func values() throws {
        let parsed = try Sample.parse("copy a --size 5 --threads 1.5,2")
        #expect(try parsed.int("size", in: 1...10) == 5)
        #expect(try parsed.double("size", in: 0...10) == 5)
        #expect(try parsed.doubles("threads", in: 0...10) == [1.5, 2])
        #expect(try parsed.int("mode", in: 0...1) == nil)
        #expect(
            throws: UsageError(
                "The value '5' is invalid for '--size': expected a whole number from 6 to 9", path: ["copy"])
        ) {
            try parsed.int("size", in: 6...9)
        }
        #expect(throws: UsageError.self) { try parsed.ints("threads", in: 0...10) }
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

            """
        #expect(Sample.tool.help(for: ["copy"], width: 80) == expected)
        let top = Sample.tool.help(for: [], width: 80)
        #expect(top.hasPrefix("OVERVIEW: Do things.\n\nUSAGE: tool <subcommand>\n\nOPTIONS:\n  -q, --quiet"))
        #expect(
            top.hasSuffix(
                "SUBCOMMANDS:\n  copy                    Copy files.\n  config                  Settings.\n\n  See 'tool help <subcommand>' for detailed help.\n"
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
