import Units

/// A key with the values that a sweep gives it: `surge.x=1:40:1`, `halt.for=30s:5m:30s` or `halt.tier=risk,matching`.
public struct SweepAxis: Sendable, Equatable {
    public let key: VariedKey
    /// The values, as texts that the key takes.
    public let values: [String]

    /// An axis has no more values than this.
    static let valuesMax = 1000

    /// Reads `KEY=from:to:step` or `KEY=a,b,c`.
    ///
    /// - Throws: `ScenarioError`.
    public init(text: String) throws(ScenarioError) {
        guard let equals = text.firstIndex(of: "=") else {
            throw ScenarioError(
                message: "'\(text)' is not in the form KEY=FROM:TO:STEP, such as 'surge.x=1:40:1'")
        }
        let key = try VariedKey(text: String(text[..<equals]))
        let range = String(text[text.index(after: equals)...])
        self.key = key
        values =
            range.contains(":")
            ? try SweepAxis.steps(range, of: key)
            : range.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
        guard values.count <= SweepAxis.valuesMax else {
            throw ScenarioError(message: "'\(text)' has more than \(SweepAxis.valuesMax) values")
        }
    }

    private static func steps(_ text: String, of key: VariedKey) throws(ScenarioError) -> [String] {
        let parts = text.split(separator: ":", omittingEmptySubsequences: false).map(String.init)
        let numbers = parts.compactMap { key.number($0) }
        guard parts.count == 3, numbers.count == 3, numbers[2] > 0, numbers[1] >= numbers[0] else {
            throw ScenarioError(
                message: "'\(text)' is not in the form FROM:TO:STEP with FROM below TO, such as '1:40:1'")
        }
        // A last step that rounding has lost counts.
        let steps = ((numbers[1] - numbers[0]) / numbers[2] + 1e-9).rounded(.down)
        guard steps < Double(valuesMax) else {
            throw ScenarioError(message: "'\(text)' has more than \(valuesMax) values")
        }
        return (0...Int(saturating: steps)).map { key.text(numbers[0] + Double($0) * numbers[2]) }
    }
}

extension VariedKey {
    /// A text as a number of its unit; of a duration its seconds; nil where it is none.
    func number(_ text: String) -> Double? {
        switch type {
        case .duration: Duration(text: text)?.inSeconds
        case .number, .count: Double(decimal: text)
        case .tier, .zone, .region, .group, .symbols, .word: nil
        }
    }

    /// A number as a text that the key takes, rounded to a millionth, or to a whole one where it counts.
    func text(_ number: Double) -> String {
        let rounded = (number * 1e6).rounded() / 1e6
        let plain = Int(exactly: rounded).map { "\($0)" } ?? "\(rounded)"
        switch type {
        case .duration: return plain + "s"
        case .count: return "\(Int(saturating: number.rounded()))"
        case .number, .tier, .zone, .region, .group, .symbols, .word: return plain
        }
    }

    /// The least and the largest number that it takes; nil where it takes names.
    var range: ClosedRange<Double>? {
        switch type {
        case .number(let range): range
        case .count(let range): Double(range.lowerBound)...Double(range.upperBound)
        case .duration: 0...EventKey.longestSeconds
        case .tier, .zone, .region, .group, .symbols, .word: nil
        }
    }
}
