/// What is wrong with a text file, and where.
public struct TableError: Error, Equatable, Sendable, CustomStringConvertible {
    /// The file as it was named.
    public let file: String
    /// The line, from 1; 0 where it is about the whole file.
    public let line: Int
    /// The column in bytes, from 1; 0 where it is about the whole line.
    public let column: Int
    /// What was found and what was expected.
    public let message: String

    /// An error at a place.
    public init(file: String, line: Int, column: Int, message: String) {
        self.file = file
        self.line = line
        self.column = column
        self.message = message
    }

    /// `file:line:column: message`.
    public var description: String {
        var place = file
        if line > 0 { place += ":\(line)" }
        if column > 0 { place += ":\(column)" }
        return "\(place): \(message)"
    }
}
