/// What is wrong with a configuration file, and where.
public struct ConfigurationError: Error, Sendable, Equatable, CustomStringConvertible {
    /// The file, as it was named.
    public var file: String
    /// Where in it; nil for the file as a whole.
    public var place: TextPlace?
    /// What, in a sentence that says how to mend it.
    public var message: String

    public init(file: String, place: TextPlace?, message: String) {
        self.file = file
        self.place = place
        self.message = message
    }

    /// `plan.json:3:5: unknown key 'tierz'`.
    public var description: String {
        place.map { "\(file):\($0.line):\($0.column): \(message)" } ?? "\(file): \(message)"
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
