extension CommandLineTool {
    /// The manual page of the program and all its commands, in the macros of man(7), made from the option table as the help is.
    ///
    /// It has no date, so that the same program always writes the same page.
    public var manual: String {
        var page = Roff()
        page.macro("TH", name.uppercased(), "1", "", "\(name) \(version)", "User Commands")
        page.macro("SH", "NAME")
        page.text("\(name) - \(abstract.hasSuffix(".") ? String(abstract.dropLast()) : abstract)")
        page.macro("SH", "SYNOPSIS")
        page.text("\(name) <subcommand> [<options>]")
        page.macro("SH", "COMMANDS")
        for command in commands { append(command, path: [command.name], to: &page) }
        page.macro("SH", "GENERAL OPTIONS")
        for option in globalOptions + CommandLineTool.builtIn { append(option, to: &page) }
        page.macro("SH", "EXIT STATUS")
        for status in ExitStatus.allCases { page.item("\(status.rawValue)", status.meaning) }
        return page.source
    }

    private func append(_ command: CommandSpec, path: [String], to page: inout Roff) {
        page.macro("SS", usage(of: path))
        page.text(command.abstract)
        if !command.discussion.isEmpty {
            page.macro("PP")
            page.text(command.discussion)
        }
        for argument in command.arguments { page.item("<\(argument.name)>", argument.help) }
        for option in command.options { append(option, to: &page) }
        if !command.examples.isEmpty {
            page.macro("PP")
            page.text("Examples:")
            page.block(command.examples)
        }
        for subcommand in command.subcommands {
            append(subcommand, path: path + [subcommand.name], to: &page)
        }
    }

    private func append(_ option: OptionRow, to page: inout Roff) {
        let (names, help) = entry(option)
        page.item(names, help)
    }
}

extension ExitStatus {
    /// What it says, for a reader.
    var meaning: String {
        switch self {
        case .success: "Done."
        case .failure: "Failed."
        case .changed: "What was compared differs, where that was asked for."
        case .conditionHolds: "A condition of --fail-on holds."
        case .usage: "The command line is wrong."
        case .badInput: "The input data is wrong."
        case .badConfiguration: "The configuration is wrong."
        }
    }
}

/// The source of a manual page.
private struct Roff {
    private(set) var source = ""

    /// A line with a macro, its arguments quoted.
    mutating func macro(_ name: String, _ arguments: String...) {
        source += ".\(name)" + arguments.map { " \"\(Roff.escaped($0, isQuoted: true))\"" }.joined() + "\n"
    }

    /// A paragraph's text.
    mutating func text(_ text: String) {
        source += Roff.line(text) + "\n"
    }

    /// A term in bold, and what it means, indented.
    mutating func item(_ term: String, _ meaning: String) {
        source += ".TP\n\\fB\(Roff.escaped(term))\\fR\n" + Roff.line(meaning) + "\n"
    }

    /// Lines as they stand.
    mutating func block(_ lines: [String]) {
        source += ".RS 4\n.nf\n" + lines.map { Roff.line($0) + "\n" }.joined() + ".fi\n.RE\n"
    }

    /// A line of text, which must not begin as a macro does.
    private static func line(_ text: String) -> String {
        let line = escaped(text.split(whereSeparator: \.isNewline).joined(separator: " "))
        return line.hasPrefix(".") || line.hasPrefix("'") ? "\\&" + line : line
    }

    /// Backslashes, hyphens that stand for themselves, and quotation marks of a macro's argument.
    private static func escaped(_ text: String, isQuoted: Bool = false) -> String {
        text.reduce(into: "") { result, letter in
            switch letter {
            case "\\": result += "\\e"
            case "-": result += "\\-"
            case "\"" where isQuoted: result += "\\(dq"
            default: result.append(letter)
            }
        }
    }
}
