/// What is wrong with an event or a scenario.
public struct ScenarioError: Error, Sendable, Equatable, CustomStringConvertible {
    /// What, in a sentence that says how to mend it.
    public var message: String
    /// The event's text, or its number in a file.
    public var event: String?
    /// Where in the text, from 1; nil where it is no text.
    public var column: Int?
    /// The key at fault, for readers of files who know its place; nil: the event as a whole.
    public var key: String?

    /// A sentence for the user.
    public var description: String {
        let place = column.map { ", column \($0)" } ?? ""
        return event.map { "event '\($0)'\(place): \(message)" } ?? message
    }
}
