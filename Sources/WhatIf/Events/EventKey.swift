import Units

/// A key of a kind of disturbance.
public struct EventKey: Sendable, Equatable {
    public let name: String
    /// What it takes.
    public let type: ValueType
    /// What its value counts or measures, as `clients`.
    public let unit: String
    /// Its value, as text, where none is given; nil: it must be given.
    public let defaultText: String?
    /// What it means, in a sentence.
    public let meaning: String

    /// What a key takes.
    public enum ValueType: Sendable, Equatable {
        /// A number within a range.
        case number(ClosedRange<Double>)
        /// A whole number within a range.
        case count(ClosedRange<Int>)
        /// A length of time with its unit, up to `longestSeconds`.
        case duration
        /// The name of a tier that there is.
        case tier
        /// The name of a zone that there is.
        case zone
        /// The name of a region that there is.
        case region
        /// The name of a placement group that there is.
        case group
        /// A pattern that some symbol matches.
        case symbols
        /// One of a few words; any where none are listed.
        case word([String])
    }

    /// The longest time that an event may last or wait: a day.
    public static let longestSeconds = 86_400.0

    /// Whether a text is a value of it.
    func takes(_ text: String) -> Bool {
        switch type {
        case .number(let range): Double(decimal: text).map(range.contains) ?? false
        case .count(let range): Int(text).map(range.contains) ?? false
        case .duration: Duration(text: text).map { $0.inSeconds <= EventKey.longestSeconds } ?? false
        case .tier, .zone, .region, .group, .symbols: !text.isEmpty
        case .word(let words): words.isEmpty ? !text.isEmpty : words.contains(text)
        }
    }

    /// What it takes, in words.
    var expectation: String {
        switch type {
        case .number(let range): "a number from \(range.lowerBound) to \(range.upperBound)"
        case .count(let range): "a whole number from \(range.lowerBound) to \(range.upperBound)"
        case .duration: "a duration up to a day, such as 30s, 4m or 1h"
        case .tier, .zone, .region, .group, .symbols: "a name"
        case .word(let words): words.isEmpty ? "a name" : words.joined(separator: ", ")
        }
    }
}
