extension CommandLineTool {
    /// The help of a command, laid out like swift-argument-parser's.
    ///
    /// - Parameters:
    ///   - path: The command's path; empty for the program.
    ///   - width: Columns of the terminal.
    /// - Returns: The text, with a line end at its end.
    public func help(for path: [String], width: Int) -> String {
        let command = command(at: path) ?? CommandSpec(name: name, abstract: abstract, subcommands: [])
        var parts = [wrap("OVERVIEW: \(command.abstract)", width: width, indent: 0)]
        if !command.discussion.isEmpty { parts.append(wrap(command.discussion, width: width, indent: 0)) }
        parts.append("USAGE: \(usage(of: path))")
        if !command.arguments.isEmpty {
            parts.append(
                section("ARGUMENTS", command.arguments.map { ("<\($0.name)>", $0.help) }, width: width))
        }
        let own = command.options.map(entry)
        if !own.isEmpty { parts.append(section("OPTIONS", own, width: width)) }
        parts.append(
            section(
                own.isEmpty ? "OPTIONS" : "GENERAL OPTIONS",
                (globalOptions + CommandLineTool.builtIn).map(entry), width: width))
        if !command.examples.isEmpty {
            parts.append((["EXAMPLES:"] + command.examples.map { "  \($0)" }).joined(separator: "\n"))
        }
        if !command.subcommands.isEmpty {
            parts.append(
                section("SUBCOMMANDS", command.subcommands.map { ($0.name, $0.abstract) }, width: width))
            let prefix = ([name] + (path.isEmpty ? ["help"] : path)).joined(separator: " ")
            let suffix = path.isEmpty ? "<subcommand>" : "<subcommand> --help"
            parts.append("  See '\(prefix) \(suffix)' for detailed help.")
        }
        return parts.joined(separator: "\n\n") + "\n"
    }

    /// `highwater queue [<options>]`.
    func usage(of path: [String]) -> String {
        let command = command(at: path)
        var words = [name] + path
        if let command, !command.subcommands.isEmpty {
            words.append("<subcommand>")
        } else {
            words += command?.arguments.map(\.usage) ?? []
            words.append("[<options>]")
        }
        return words.joined(separator: " ")
    }

    /// The names of an option with its value, and its help with what is said behind it.
    func entry(_ option: OptionRow) -> (String, String) {
        var name = option.names.joined(separator: ", ")
        if let placeholder = option.placeholder { name += " <\(placeholder)>" }
        var help = option.help
        var remarks: [String] = []
        if option.isRequired { remarks.append("required") }
        if !option.choices.isEmpty { remarks.append("values: \(option.choices.joined(separator: ", "))") }
        if let text = option.defaultText { remarks.append("default: \(text)") }
        if !remarks.isEmpty { help += " (\(remarks.joined(separator: "; ")))" }
        return (name, help)
    }

    /// Names to the left, helps wrapped to the right.
    private func section(_ title: String, _ entries: [(String, String)], width: Int) -> String {
        let column = 26
        let lines = entries.map { name, help -> String in
            let label = "  " + name
            let text = wrap(help, width: width, indent: column)
            if label.count + 2 > column { return label + "\n" + String(repeating: " ", count: column) + text }
            return label + String(repeating: " ", count: column - label.count) + text
        }
        return ([title + ":"] + lines).joined(separator: "\n")
    }
}

/// Text in lines of a width, all but the first indented.
func wrap(_ text: String, width: Int, indent: Int) -> String {
    var lines: [String] = []
    var line = ""
    for word in text.split(separator: " ") {
        if !line.isEmpty, indent + line.count + 1 + word.count > width {
            lines.append(line)
            line = ""
        }
        line += line.isEmpty ? String(word) : " \(word)"
    }
    lines.append(line)
    return lines.joined(separator: "\n" + String(repeating: " ", count: indent))
}
