/// What was given on a command line, after its names were checked against the table; an `OptionGroup` reads the values.
public struct ParsedArguments: Sendable {
    /// The command's path, as `["config", "check"]`.
    public let command: [String]
    /// The values without a name, in order.
    let arguments: [String]
    /// The texts of each option that was given, by its long name; one empty text for a flag.
    let values: [String: [String]]
}
