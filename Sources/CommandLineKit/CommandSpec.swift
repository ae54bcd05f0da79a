/// A command: its name, the table of its options, and its subcommands.
public struct CommandSpec: Sendable {
    /// What it is called by.
    public let name: String
    let abstract: String
    let discussion: String
    let examples: [String]
    let arguments: [ArgumentRow]
    let options: [OptionRow]
    let subcommands: [CommandSpec]

    /// A command that does something, with the options that a group declares; `abstract` says in a line what, and
    /// `examples` are whole commands for the end of the help.
    public init(
        name: String, abstract: String, discussion: String = "", examples: [String] = [],
        options: any OptionGroup.Type
    ) {
        let declared = options.init().declarations
        self.init(
            name: name, abstract: abstract, discussion: discussion, examples: examples,
            arguments: declared.compactMap(\.argument), options: declared.compactMap(\.option),
            subcommands: [])
    }

    /// A command that does nothing without one of its subcommands.
    public init(name: String, abstract: String, examples: [String] = [], subcommands: [CommandSpec]) {
        self.init(
            name: name, abstract: abstract, discussion: "", examples: examples, arguments: [], options: [],
            subcommands: subcommands)
    }

    private init(
        name: String, abstract: String, discussion: String, examples: [String], arguments: [ArgumentRow],
        options: [OptionRow], subcommands: [CommandSpec]
    ) {
        let names = options.flatMap(\.names)
        precondition(Set(names).count == names.count, "'\(name)' declares an option twice")
        self.name = name
        self.abstract = abstract
        self.discussion = discussion
        self.examples = examples
        self.arguments = arguments
        self.options = options
        self.subcommands = subcommands
    }
}

/// One row of a command's option table, from which parsing, help and completions are made.
struct OptionRow: Sendable {
    /// The long name, without its hyphens.
    var long: String
    var short: Character?
    /// What stands for the value in the help; nil for a flag.
    var placeholder: String?
    var help: String
    /// What happens without it, in words.
    var defaultText: String?
    /// The values that are allowed; empty: any.
    var choices: [String] = []
    var completion = Completion.none
    var isRepeated = false
    var isRequired = false

    /// The names as they are typed: `-o, --output`.
    var names: [String] { (short.map { ["-\($0)"] } ?? []) + ["--\(long)"] }
}

/// A value without a name, by its place.
struct ArgumentRow: Sendable {
    /// What stands for it in the help.
    var name: String
    var help: String
    var count: ArgumentCount
    var completion: Completion

    /// As it stands in a line of usage.
    var usage: String {
        switch count {
        case .optional: "[<\(name)>]"
        case .many(let least): least > 0 ? "<\(name)> ..." : "[<\(name)> ...]"
        }
    }
}

/// How many values an argument takes.
enum ArgumentCount: Sendable, Equatable {
    /// One or none.
    case optional
    /// Any number from this on; only the last argument of a command may take many.
    case many(atLeast: Int)
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
