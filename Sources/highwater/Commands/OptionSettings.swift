import CommandLineKit
import Units

/// `key=value,…`, the value of an option with several settings.
struct OptionSettings {
    private let option: String
    private var values: [String: String] = [:]
    private let context: Context

    /// Reads the value of an option; nil where it is not given.
    init?(
        _ option: String, _ text: String?, needs needed: [String], allows allowed: [String],
        _ context: Context
    ) throws {
        guard let text else { return nil }
        self.option = option
        self.context = context
        let known = needed + allowed
        for part in text.split(separator: ",", omittingEmptySubsequences: false) {
            let pair = part.split(separator: "=", maxSplits: 1).map(String.init)
            guard pair.count == 2, known.contains(pair[0]), values[pair[0]] == nil else {
                throw context.refusal(
                    "'\(printable(String(part)))' is not a setting of '--\(option)'; expected "
                        + known.map { "\($0)=…" }.joined(separator: ", ") + ", each once")
            }
            values[pair[0]] = pair[1]
        }
        for key in needed where values[key] == nil {
            throw context.refusal("'--\(option)' needs \(key)=…")
        }
    }

    func number(_ key: String, _ range: ClosedRange<Double>, or fallback: Double? = nil) throws -> Double {
        guard let text = values[key] else { return fallback ?? range.lowerBound }
        guard let value = Double(decimal: text), range.contains(value) else {
            throw invalid(key, "a number from \(range.lowerBound) to \(range.upperBound)")
        }
        return value
    }

    /// A length of time, in seconds; 0 only where that is the fallback.
    func time(_ key: String, or fallback: Double? = nil) throws -> Double {
        guard let text = values[key] else { return fallback ?? 0 }
        guard let value = Duration(text: text)?.inSeconds, value > 0 || (value == 0 && fallback == 0)
        else {
            throw invalid(key, "a duration such as 5ms")
        }
        return value
    }

    private func invalid(_ key: String, _ expected: String) -> UsageError {
        context.refusal(
            "The value '\(printable(values[key] ?? ""))' is invalid for '\(key)' of '--\(option)': expected "
                + expected)
    }
}
