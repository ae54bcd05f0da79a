/// Options and arguments that are declared together, as the properties of a structure.
///
/// The structure is the one source of parsing, help, completions and near-miss errors, in the order of its properties.
/// A property that is a group itself stands for its own properties. An option that is not declared, or is read as
/// another type, does not compile.
///
///     struct CopyOptions: OptionGroup {
///         @Flag(short: "n", help: "Do nothing.") var dryRun: Bool
///         @Option(.choice, placeholder: "mode", help: "How.") var mode = Mode.fast
///         let output = OutputOptions()
///         @Argument("source", help: "What to copy.", atLeast: 1) var sources: [String]
///     }
public protocol OptionGroup: SendableMetatype {
    init()
}

extension OptionGroup {
    /// Reads the values from a command line.
    ///
    /// - Throws: `UsageError` at the first value that cannot be read, or the first required one that is missing.
    public init(_ parsed: ParsedArguments) throws(UsageError) {
        self.init()
        var words = GivenWords(values: parsed.values, arguments: parsed.arguments[...], path: parsed.command)
        for (name, declaration) in declared { try declaration.take(named: name, from: &words) }
    }

    /// The rows of the option table.
    var declarations: [DeclaredRow] { declared.map { $1.rows(named: $0) } }

    private var declared: [(name: String, declaration: any Declaration)] {
        var found: [(name: String, declaration: any Declaration)] = []
        for (label, value) in Mirror(reflecting: self).children {
            if let declaration = value as? any Declaration {
                found.append((optionName(ofProperty: label ?? ""), declaration))
            } else if let group = value as? any OptionGroup {
                found += group.declared
            }
        }
        return found
    }
}

public struct NoOptions: OptionGroup {
    public init() {}
}

/// What an `OptionGroup` finds among its properties.
protocol Declaration {
    func rows(named name: String) -> DeclaredRow
    /// Takes its value out of the words of a command line.
    func take(named name: String, from words: inout GivenWords) throws(UsageError)
}

/// A row of either table.
struct DeclaredRow: Sendable {
    var option: OptionRow?
    var argument: ArgumentRow?
}

/// What is left of a command line to be read.
struct GivenWords {
    var values: [String: [String]]
    var arguments: ArraySlice<String>
    var path: [String]
}

/// `trades-per-second` of the storage `_tradesPerSecond`.
private func optionName(ofProperty label: String) -> String {
    label.drop { $0 == "_" }.reduce(into: "") { name, letter in
        name += letter.isUppercase ? "-" + letter.lowercased() : String(letter)
    }
}
