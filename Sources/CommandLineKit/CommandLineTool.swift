import Units

/// A program with commands, to the conventions of swift-argument-parser.
///
/// `--long value`, `--long=value`, `-o value`, `-ovalue`, `-qn` for flags together; `--` ends the options; `-` alone is
/// an argument; options stand anywhere, global ones before the command too.
public struct CommandLineTool: Sendable {
    /// The program's name.
    public let name: String
    /// What `--version` prints.
    public let version: String
    /// What it does, in a line.
    public let abstract: String
    /// Its commands, in the order of the help.
    public let commands: [CommandSpec]
    /// Options of every command.
    let globalOptions: [OptionRow]

    /// A program; `globalOptions` are those of every command.
    public init(
        name: String, version: String, abstract: String, commands: [CommandSpec],
        globalOptions: any OptionGroup.Type
    ) {
        self.name = name
        self.version = version
        self.abstract = abstract
        self.commands = commands
        self.globalOptions = globalOptions.init().declarations.compactMap(\.option)
    }

    /// Options that every program has.
    static let builtIn: [OptionRow] = [
        OptionRow(long: "version", help: "Show the version."),
        OptionRow(long: "help", short: "h", help: "Show help information."),
    ]

    /// Reads a command line, without the program's name.
    ///
    /// - Throws: `UsageError` at the first thing that is wrong.
    public func parse(_ arguments: [String]) throws(UsageError) -> Invocation {
        var parser = Parser(tool: self, words: arguments[...])
        return try parser.invocation()
    }

    /// The command at a path of names; nil where there is none. The empty path is the program itself.
    func command(at path: [String]) -> CommandSpec? {
        var found = CommandSpec(name: name, abstract: abstract, subcommands: commands)
        for part in path {
            guard let next = found.subcommands.first(where: { $0.name == part }) else { return nil }
            found = next
        }
        return found
    }
}

/// What a command line asks for.
public enum Invocation: Sendable {
    /// A command is to run.
    case run(ParsedArguments)
    /// The help of a command, by its path.
    case help(path: [String])
    case version
    /// A completion script.
    case completions(Shell)
}

/// A shell that completion scripts are made for.
public enum Shell: String, CaseIterable, Sendable {
    /// GNU Bash.
    case bash
    /// The Z shell.
    case zsh
    case fish
}

/// Goes over the words of a command line.
private struct Parser {
    let tool: CommandLineTool
    var words: ArraySlice<String>
    var path: [String] = []
    var values: [String: [String]] = [:]
    var positionals: [String] = []
    var optionsEnded = false

    init(tool: CommandLineTool, words: ArraySlice<String>) {
        self.tool = tool
        self.words = words
    }

    private var command: CommandSpec {
        tool.command(at: path) ?? CommandSpec(name: tool.name, abstract: "", subcommands: [])
    }

    mutating func invocation() throws(UsageError) -> Invocation {
        while let word = words.popFirst() {
            if optionsEnded || word == "-" || !word.hasPrefix("-") {
                if let other = try take(word) { return other }
            } else if word == "--" {
                optionsEnded = true
            } else if let other = try option(word) {
                return other
            }
        }
        if !command.subcommands.isEmpty {
            guard values.isEmpty || !path.isEmpty else {
                throw UsageError("Missing expected command", path: [])
            }
            return .help(path: path)
        }
        try checkPositionals()
        return .run(ParsedArguments(command: path, arguments: positionals, values: values))
    }

    /// A word that is no option: a command, or an argument.
    private mutating func take(_ word: String) throws(UsageError) -> Invocation? {
        let here = command
        guard !here.subcommands.isEmpty else {
            positionals.append(word)
            return nil
        }
        if path.isEmpty, word == "help" { return try help() }
        guard here.subcommands.contains(where: { $0.name == word }) else {
            let names = here.subcommands.map(\.name) + (path.isEmpty ? ["help"] : [])
            throw UsageError(
                "Unknown command '\(printable(word))'",
                suggestion: (path.isEmpty ? Parser.elsewhere[word] : nil) ?? nearMiss(to: word, among: names),
                path: path)
        }
        path.append(word)
        return nil
    }

    /// What other programs have a command for, and this one an option.
    private static let elsewhere = [
        "version": "--version", "completion": "--generate-completion-script bash",
        "completions": "--generate-completion-script bash",
    ]

    /// `help`, `help run`, `help config check`.
    private mutating func help() throws(UsageError) -> Invocation {
        var target: [String] = []
        while let word = words.popFirst() {
            if word.hasPrefix("-") { continue }
            target.append(word)
            guard tool.command(at: target) != nil else {
                let known = tool.command(at: Array(target.dropLast()))?.subcommands.map(\.name) ?? []
                throw UsageError(
                    "Unknown command '\(printable(word))'",
                    suggestion: nearMiss(to: word, among: known),
                    path: [])
            }
        }
        return .help(path: target)
    }

    private var known: [OptionRow] { command.options + tool.globalOptions + CommandLineTool.builtIn }

    private mutating func option(_ word: String) throws(UsageError) -> Invocation? {
        guard word.hasPrefix("--") else { return try shortOptions(word) }
        let body = word.dropFirst(2)
        let name = String(body.prefix { $0 != "=" })
        let attached = body.contains("=") ? String(body.dropFirst(name.count + 1)) : nil
        if name == "generate-completion-script" { return try completions(attached) }
        guard let option = known.first(where: { $0.long == name }) else {
            throw UsageError(
                "Unknown option '--\(printable(name))'",
                suggestion: nearMiss(to: name, among: known.map(\.long)).map { "--\($0)" }, path: path
            )
        }
        return try apply(option, typed: "--\(name)", attached: attached)
    }

    private mutating func shortOptions(_ word: String) throws(UsageError) -> Invocation? {
        // A long name after one dash would be read as letters, `-output` as `-o utput`.
        let long = word.dropFirst().prefix { $0 != "=" }
        guard long.count < 2 || !known.contains(where: { $0.long == String(long) }) else {
            throw UsageError(
                "Unknown option '-\(printable(String(long)))'", suggestion: "--\(long)", path: path)
        }
        var rest = word.dropFirst()
        while let letter = rest.popFirst() {
            guard let option = known.first(where: { $0.short == letter }) else {
                throw UsageError("Unknown option '-\(printable(String(letter)))'", path: path)
            }
            if option.placeholder != nil {
                let value = rest.isEmpty ? nil : String(rest.first == "=" ? rest.dropFirst() : rest)
                return try apply(option, typed: "-\(letter)", attached: value)
            }
            if rest.first == "=" {
                throw UsageError("The option '-\(letter)' takes no value", path: path)
            }
            if let other = try apply(option, typed: "-\(letter)", attached: nil) { return other }
        }
        return nil
    }

    private mutating func completions(_ attached: String?) throws(UsageError) -> Invocation {
        let name = attached ?? words.popFirst() ?? ""
        guard let shell = Shell(rawValue: name) else {
            throw UsageError(
                "The value '\(printable(name))' is invalid for '--generate-completion-script': expected "
                    + Shell.allCases.map(\.rawValue).joined(separator: ", "), path: path)
        }
        return .completions(shell)
    }

    private mutating func apply(_ option: OptionRow, typed: String, attached: String?) throws(UsageError)
        -> Invocation?
    {
        guard option.placeholder != nil else {
            guard attached == nil else {
                throw UsageError("The option '\(typed)' takes no value", path: path)
            }
            if option.long == "help" { return .help(path: path) }
            if option.long == "version" { return .version }
            values[option.long] = [""]
            return nil
        }
        let value: String
        if let attached {
            value = attached
        } else {
            guard let next = words.first, Parser.isValue(next) else {
                throw UsageError("Missing value for '\(typed) <\(option.placeholder ?? "")>'", path: path)
            }
            value = next
            words.removeFirst()
        }
        if !option.choices.isEmpty, !option.choices.contains(value) {
            throw UsageError(
                "The value '\(printable(value))' is invalid for '\(typed) <\(option.placeholder ?? "")>': expected "
                    + option.choices.joined(separator: ", "),
                suggestion: nearMiss(to: value, among: option.choices), path: path)
        }
        guard option.isRepeated || values[option.long] == nil else {
            throw UsageError("The option '\(typed)' is given twice", path: path)
        }
        values[option.long, default: []].append(value)
        return nil
    }

    /// Whether a word may be an option's value: anything but an option; a negative number is none.
    private static func isValue(_ word: String) -> Bool {
        !word.hasPrefix("-") || word == "-" || Double(decimal: word.prefix { $0 != "," }) != nil
    }

    private func checkPositionals() throws(UsageError) {
        var rest = positionals.count
        for argument in command.arguments {
            let least: Int
            var most = 1
            switch argument.count {
            case .optional: least = 0
            case .many(let count): (least, most) = (count, .max)
            }
            guard rest >= least else {
                throw UsageError("Missing expected argument '<\(argument.name)>'", path: path)
            }
            rest -= min(rest, most)
        }
        guard rest == 0 else {
            let extra = positionals[positionals.count - rest]
            throw UsageError("Unexpected argument '\(printable(extra))'", path: path)
        }
    }
}
