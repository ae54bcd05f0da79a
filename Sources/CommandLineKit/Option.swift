/// An option with a value, declared as a property of an `OptionGroup`.
///
///     @Option(.integer(in: 1...5000), placeholder: "n", help: "Number of symbols.") var symbols = 12
///     @Option(.text, placeholder: "file", help: "Write the costs to FILE.") var costs: String?
///     @Option(.text, placeholder: "folder", help: "The tape.", required: "the tape's folder") var tape: String
///
/// The property's name gives the option's: `tradesPerSecond` is `--trades-per-second`. With an initial value the option
/// has that default; an optional property is nil without the option; and a `required` one ends the command.
@propertyWrapper
public struct Option<Value>: Declaration {
    private let row: OptionRow
    private let read:
        @Sendable (_ texts: [String], _ name: String, _ path: [String]) throws(UsageError) -> Value
    private let storage = Storage<Value>()

    /// What was given on the command line.
    public var wrappedValue: Value { storage.read() }

    /// An option with a default, which the help shows as `defaultText` or, without that, as it would be typed.
    public init(
        wrappedValue: Value, _ reader: ValueReader<Value>, name: String = "", short: Character? = nil,
        placeholder: String, help: String, defaultText: String? = nil
    ) where Value: Sendable {
        row = OptionRow(
            long: name, short: short, placeholder: placeholder, help: help,
            defaultText: defaultText ?? reader.write(wrappedValue), choices: reader.choices)
        read = { (texts, name, path) throws(UsageError) in
            guard let text = texts.last else { return wrappedValue }
            return try reader.value(of: text, option: name, path: path)
        }
    }

    /// An option that is nil where it is not given.
    public init<Wrapped>(
        _ reader: ValueReader<Wrapped>, name: String = "", short: Character? = nil, placeholder: String,
        help: String, defaultText: String? = nil, completion: Completion = .none
    ) where Value == Wrapped? {
        row = OptionRow(
            long: name, short: short, placeholder: placeholder, help: help, defaultText: defaultText,
            choices: reader.choices, completion: completion)
        read = { (texts, name, path) throws(UsageError) in
            guard let text = texts.last else { return nil }
            return try reader.value(of: text, option: name, path: path)
        }
    }

    /// An option that the command cannot do without; the error where it is missing says `hint`.
    public init(
        _ reader: ValueReader<Value>, name: String = "", short: Character? = nil, placeholder: String,
        help: String, required hint: String, completion: Completion = .none
    ) {
        row = OptionRow(
            long: name, short: short, placeholder: placeholder, help: help, choices: reader.choices,
            completion: completion, isRequired: true)
        read = { (texts, name, path) throws(UsageError) in
            guard let text = texts.last else {
                throw UsageError("Missing expected option '--\(name)': \(hint)", path: path)
            }
            return try reader.value(of: text, option: name, path: path)
        }
    }

    /// An option that may be given any number of times.
    public init<Element>(
        each reader: ValueReader<Element>, name: String = "", short: Character? = nil, placeholder: String,
        help: String
    ) where Value == [Element] {
        row = OptionRow(
            long: name, short: short, placeholder: placeholder, help: help, choices: reader.choices,
            isRepeated: true)
        read = { (texts, name, path) throws(UsageError) in
            var values: [Element] = []
            for text in texts { values.append(try reader.value(of: text, option: name, path: path)) }
            return values
        }
    }

    /// An option that several groups share: `@Option(.format) var format: Format`.
    public init(_ shared: Option) {
        row = shared.row
        read = shared.read
    }

    func rows(named name: String) -> DeclaredRow { DeclaredRow(option: row.named(name)) }

    func take(named name: String, from words: inout GivenWords) throws(UsageError) {
        let long = row.named(name).long
        storage.write(try read(words.values[long] ?? [], long, words.path))
    }
}

/// An option without a value, declared as a property of an `OptionGroup`.
@propertyWrapper
public struct Flag: Declaration {
    private let row: OptionRow
    private let storage = Storage<Bool>()

    /// Whether it was given.
    public var wrappedValue: Bool { storage.read() }

    public init(name: String = "", short: Character? = nil, help: String) {
        row = OptionRow(long: name, short: short, help: help)
    }

    /// A flag that several groups share.
    public init(_ shared: Flag) { row = shared.row }

    func rows(named name: String) -> DeclaredRow { DeclaredRow(option: row.named(name)) }

    func take(named name: String, from words: inout GivenWords) throws(UsageError) {
        storage.write(words.values[row.named(name).long] != nil)
    }
}

/// Values without a name, declared as the last property of an `OptionGroup`.
@propertyWrapper
public struct Argument<Value>: Declaration {
    private let row: ArgumentRow
    private let read: @Sendable (inout ArraySlice<String>) -> Value
    private let storage = Storage<Value>()

    /// What was given on the command line.
    public var wrappedValue: Value { storage.read() }

    /// An argument that may be left out.
    public init(_ name: String, help: String, completion: Completion = .file(extensions: []))
    where Value == String? {
        row = ArgumentRow(name: name, help: help, count: .optional, completion: completion)
        read = { $0.popFirst() }
    }

    public init(
        _ name: String, help: String, atLeast least: Int, completion: Completion = .file(extensions: [])
    ) where Value == [String] {
        row = ArgumentRow(name: name, help: help, count: .many(atLeast: least), completion: completion)
        read = { words in
            defer { words = [] }
            return Array(words)
        }
    }

    func rows(named name: String) -> DeclaredRow { DeclaredRow(argument: row) }

    func take(named name: String, from words: inout GivenWords) throws(UsageError) {
        storage.write(read(&words.arguments))
    }
}

extension OptionRow {
    /// The row under its own name or, where it has none, that of its property.
    fileprivate func named(_ property: String) -> OptionRow {
        guard long.isEmpty else { return self }
        var row = self
        row.long = property
        return row
    }
}

/// The value of a declared property, which reading the command line fills in.
private final class Storage<Value> {
    private var value: Value?

    func write(_ value: Value) { self.value = value }

    func read() -> Value {
        guard let value else { preconditionFailure("an option is read before the command line is") }
        return value
    }
}
