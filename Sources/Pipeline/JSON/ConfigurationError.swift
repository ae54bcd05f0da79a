/// What is wrong with a configuration file, and where.
public struct ConfigurationError: Error, Sendable, Equatable, CustomStringConvertible {
    /// The file, as it was named.
    public var file: String
    /// Where in it; nil for the file as a whole.
    public var place: TextPlace?
    /// What, in a sentence that says how to mend it.
    public var message: String
    /// What else is wrong with the same file.
    public var others: [ConfigurationError] = []

    /// The first of some errors, with the rest of them; nil where there are none.
    init?(all errors: [ConfigurationError]) {
        guard let first = errors.first else { return nil }
        self = first
        others = Array(errors.dropFirst())
    }

    public init(file: String, place: TextPlace?, message: String) {
        self.file = file
        self.place = place
        self.message = message
    }

    /// `plan.json:3:5: unknown key 'tierz'`, one line for each error.
    public var description: String {
        let own = place.map { "\(file):\($0.line):\($0.column): \(message)" } ?? "\(file): \(message)"
        return ([own] + others.map(\.description)).joined(separator: "\n")
    }
}

/// A place in a text, both from 1; columns count characters.
public struct TextPlace: Sendable, Equatable {
    public var line: Int
    public var column: Int

    public init(line: Int, column: Int) {
        self.line = line
        self.column = column
    }
}
