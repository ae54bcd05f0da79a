/// One row of a command's option table, from which parsing, help and completions are made.
public struct Option: Sendable {
    /// The long name, without its hyphens.
    public var long: String
    /// The short name, as `o`.
    public var short: Character?
    /// What stands for the value in the help; nil for a flag.
    public var placeholder: String?
    /// What it does.
    public var help: String
    /// What happens without it, in words.
    public var defaultText: String?
    /// The values that are allowed; empty: any.
    public var choices: [String]
    /// How a shell completes its value.
    public var completion: Completion
    /// Whether it may be given more than once.
    public var isRepeated: Bool

    /// An option without a value.
    public static func flag(_ long: String, short: Character? = nil, help: String) -> Option {
        Option(
            long: long, short: short, placeholder: nil, help: help, defaultText: nil, choices: [],
            completion: .none, isRepeated: false)
    }

    /// An option with a value.
    public static func value(
        _ long: String, short: Character? = nil, placeholder: String, help: String,
        defaultText: String? = nil, choices: [String] = [], completion: Completion = .none,
        isRepeated: Bool = false
    ) -> Option {
        Option(
            long: long, short: short, placeholder: placeholder, help: help, defaultText: defaultText,
            choices: choices, completion: completion, isRepeated: isRepeated)
    }

    /// The names as they are typed: `-o, --output`.
    var names: [String] { (short.map { ["-\($0)"] } ?? []) + ["--\(long)"] }
}

/// How a shell completes a value.
public enum Completion: Sendable, Equatable {
    /// Not at all.
    case none
    /// By files; with these endings, where there are any.
    case file(extensions: [String])
    /// By folders.
    case directory
}

/// A value without a name, by its place.
public struct Argument: Sendable {
    /// What stands for it in the help.
    public var name: String
    /// What it is.
    public var help: String
    /// How many there may be.
    public var count: ArgumentCount
    /// How a shell completes it.
    public var completion: Completion

    /// An argument.
    public init(
        _ name: String, help: String, count: ArgumentCount = .one,
        completion: Completion = .file(extensions: [])
    ) {
        self.name = name
        self.help = help
        self.count = count
        self.completion = completion
    }

    /// As it stands in a line of usage.
    var usage: String {
        switch count {
        case .one: "<\(name)>"
        case .optional: "[<\(name)>]"
        case .many(let least): least > 0 ? "<\(name)> ..." : "[<\(name)> ...]"
        }
    }
}

/// How many values an argument takes.
public enum ArgumentCount: Sendable, Equatable {
    /// Exactly one.
    case one
    /// One or none.
    case optional
    /// Any number from this on; only the last argument of a command may take many.
    case many(atLeast: Int)
}

/// A command: its name, its table and its subcommands.
public struct CommandSpec: Sendable {
    /// The name.
    public var name: String
    /// What it does, in a line.
    public var abstract: String
    /// More than that.
    public var discussion: String
    /// Its arguments, in order.
    public var arguments: [Argument]
    /// Its options.
    public var options: [Option]
    /// Its subcommands; a command that has any does nothing without one.
    public var subcommands: [CommandSpec]
    /// Whether the help passes over it.
    public var isHidden: Bool

    /// A command.
    public init(
        name: String, abstract: String, discussion: String = "", arguments: [Argument] = [],
        options: [Option], subcommands: [CommandSpec] = [], isHidden: Bool = false
    ) {
        self.name = name
        self.abstract = abstract
        self.discussion = discussion
        self.arguments = arguments
        self.options = options
        self.subcommands = subcommands
        self.isHidden = isHidden
    }
}
