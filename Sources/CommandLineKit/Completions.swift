extension CommandLineTool {
    /// A completion script for a shell, made from the option table.
    public func completionScript(for shell: Shell) -> String {
        switch shell {
        case .bash: bashScript()
        case .zsh: zshScript()
        case .fish: fishScript()
        }
    }

    /// Every command with its path; the program first.
    private func allCommands() -> [(path: [String], command: CommandSpec)] {
        func below(_ path: [String], _ command: CommandSpec) -> [(path: [String], command: CommandSpec)] {
            [(path, command)] + command.subcommands.flatMap { below(path + [$0.name], $0) }
        }
        return command(at: []).map { below([], $0) } ?? []
    }

    private func options(of command: CommandSpec) -> [OptionRow] {
        command.options + globalOptions + CommandLineTool.builtIn
    }

    private func bashScript() -> String {
        var text = """
            # Completions of \(name) for bash.
            _\(identifier)() {
                local current="${COMP_WORDS[COMP_CWORD]}" previous="${COMP_WORDS[COMP_CWORD-1]}"
                local path="" word index=1
                COMPREPLY=()
                while [ "$index" -lt "$COMP_CWORD" ]; do
                    word="${COMP_WORDS[index]}"
                    case "$path/$word" in

            """
        for (path, command) in allCommands() where !path.isEmpty {
            let before = path.dropLast().isEmpty ? "" : "/" + path.dropLast().joined(separator: "/")
            text += "            \(quoted("\(before)/\(command.name)"))) path=\"$path/$word\" ;;\n"
        }
        text += """
                    esac
                    index=$((index + 1))
                done
                case "$path" in

            """
        for (path, command) in allCommands() {
            text += "        \(quoted(path.isEmpty ? "" : "/" + path.joined(separator: "/"))))\n"
            text += bashCommand(path, command)
            text += "            ;;\n"
        }
        text += """
                esac
            }
            complete -F _\(identifier) \(name)

            """
        return text
    }

    private func bashCommand(_ path: [String], _ command: CommandSpec) -> String {
        var text = "            case \"$previous\" in\n"
        for option in options(of: command) where option.placeholder != nil {
            let names = option.names.joined(separator: "|")
            text += "                \(names)) \(bashReply(option.choices, option.completion)); return ;;\n"
        }
        text += "            esac\n"
        let words = options(of: command).flatMap(\.names) + command.subcommands.map(\.name)
        let all = words + (path.isEmpty ? ["help"] : [])
        text += "            COMPREPLY=($(compgen -W \"\(all.joined(separator: " "))\" -- \"$current\"))\n"
        if let argument = command.arguments.last {
            let files = argument.completion == .directory ? "-d" : "-f"
            text += "            COMPREPLY+=($(compgen \(files) -- \"$current\"))\n"
        }
        return text
    }

    private func bashReply(_ choices: [String], _ completion: Completion) -> String {
        if !choices.isEmpty {
            return "COMPREPLY=($(compgen -W \"\(choices.joined(separator: " "))\" -- \"$current\"))"
        }
        switch completion {
        case .none: return "COMPREPLY=()"
        case .file: return "COMPREPLY=($(compgen -f -- \"$current\"))"
        case .directory: return "COMPREPLY=($(compgen -d -- \"$current\"))"
        }
    }

    private func zshScript() -> String {
        var text = "#compdef \(name)\n# Completions of \(name) for zsh.\n\n"
        for (path, command) in allCommands() {
            text += "_\(([identifier] + path.map(identifier)).joined(separator: "_"))() {\n"
            let specs = options(of: command).map(zshOption)
            if command.subcommands.isEmpty {
                let rest = command.arguments.map { argument in
                    "'\(argument.count == .many(atLeast: 1) ? "*" : ""):\(argument.name):\(zshAction([], argument.completion))'"
                }
                text +=
                    "    _arguments -s \(([String]() + specs + rest).joined(separator: " \\\n        "))\n"
            } else {
                text += "    local -a commands=(\n"
                for sub in command.subcommands {
                    text += "        '\(zshText("\(sub.name):\(sub.abstract)"))'\n"
                }
                text += "    )\n    local line state\n"
                text +=
                    "    _arguments -C \((specs + ["'1: :->command'", "'*:: :->rest'"]).joined(separator: " \\\n        "))\n"
                text +=
                    "    case $state in\n    command) _describe command commands ;;\n    rest) case $line[1] in\n"
                for sub in command.subcommands {
                    let function = ([identifier] + (path + [sub.name]).map(identifier)).joined(separator: "_")
                    text += "        \(sub.name)) _\(function) ;;\n"
                }
                text += "    esac ;;\n    esac\n"
            }
            text += "}\n\n"
        }
        return text + "_\(identifier) \"$@\"\n"
    }

    private func zshOption(_ option: OptionRow) -> String {
        let group = option.names.count > 1 ? "(\(option.names.joined(separator: " ")))" : ""
        let value = option.placeholder.map { ":\($0):\(zshAction(option.choices, option.completion))" } ?? ""
        return option.names.map { name in
            "'\(option.isRepeated ? "*" : group)\(name)[\(zshText(option.help))]\(value)'"
        }.joined(separator: " ")
    }

    private func zshAction(_ choices: [String], _ completion: Completion) -> String {
        if !choices.isEmpty { return "(\(choices.joined(separator: " ")))" }
        switch completion {
        case .none: return " "
        case .file: return "_files"
        case .directory: return "_files -/"
        }
    }

    private func zshText(_ text: String) -> String {
        text.replacing("'", with: "'\\''").replacing("[", with: "\\[").replacing("]", with: "\\]")
    }

    private func fishScript() -> String {
        var text = "# Completions of \(name) for fish.\n"
        let top = commands.map(\.name).joined(separator: " ")
        for option in globalOptions + CommandLineTool.builtIn { text += fishOption(option, condition: nil) }
        for command in commands {
            text +=
                "complete -c \(name) -f -n 'not __fish_seen_subcommand_from \(top)' -a \(command.name) -d \(quoted(command.abstract))\n"
            let seen = "__fish_seen_subcommand_from \(command.name)"
            for option in command.options { text += fishOption(option, condition: seen) }
            for sub in command.subcommands {
                text +=
                    "complete -c \(name) -f -n '\(seen)' -a \(sub.name) -d \(quoted(sub.abstract))\n"
            }
        }
        return text
    }

    private func fishOption(_ option: OptionRow, condition: String?) -> String {
        var line = "complete -c \(name)"
        if let condition { line += " -n '\(condition)'" }
        if let short = option.short { line += " -s \(short)" }
        line += " -l \(option.long) -d \(quoted(option.help))"
        guard option.placeholder != nil else { return line + "\n" }
        if !option.choices.isEmpty {
            line += " -x -a '\(option.choices.joined(separator: " "))'"
        } else if option.completion == .directory {
            line += " -x -a '(__fish_complete_directories)'"
        } else {
            line += option.completion == .none ? " -x" : " -r"
        }
        return line + "\n"
    }

    private var identifier: String { identifier(name) }

    private func identifier(_ text: String) -> String {
        String(text.map { $0.isLetter || $0.isNumber ? $0 : "_" })
    }

    /// Text in single quotes, as all three shells take it.
    private func quoted(_ text: String) -> String {
        "'" + text.replacing("'", with: "'\\''") + "'"
    }
}
