import CommandLineKit
import Ingest
import Units

extension ValueReader where Value == Int64 {
    /// A length of time in whole seconds, one at least.
    static var wholeSeconds: ValueReader {
        ValueReader(expected: "a duration in whole seconds such as 1m, 1h or 7d") { text in
            guard let seconds = Duration(text: text)?.inSeconds, seconds >= 1, seconds == seconds.rounded()
            else { return nil }
            return Int64(exactly: seconds)
        }
    }
}

extension ValueReader where Value == Double {
    /// A length of time above 0, in seconds.
    static func seconds(as example: String) -> ValueReader {
        ValueReader(expected: "a duration such as \(example)") { positiveSeconds($0) }
    }

    /// A length of time of 0 or more, in seconds.
    static func secondsOrNone(as example: String) -> ValueReader {
        ValueReader(expected: "a duration such as \(example)") { text in
            Duration(text: text).map(\.inSeconds).flatMap { $0 >= 0 ? $0 : nil }
        }
    }
}

extension ValueReader where Value == [Double] {
    /// Lengths of time above 0, in seconds, comma separated.
    static func secondsList(expected: String) -> ValueReader {
        ValueReader(expected: expected) { text in
            let times = text.split(separator: ",", omittingEmptySubsequences: false).map {
                positiveSeconds(String($0))
            }
            return times.contains { $0 == nil } ? nil : times.compactMap { $0 }
        }
    }
}

extension ValueReader where Value == Timestamp {
    /// An instant, in ISO 8601.
    static var instant: ValueReader {
        ValueReader(expected: "a time such as 2026-01-05T00:00:00Z") { Timestamp(iso8601: $0) }
    }
}

extension ValueReader where Value == LocalZone {
    /// An offset or a name of the time zone database.
    static var zone: ValueReader {
        ValueReader(
            expected: "an offset or a time zone name, such as +05:30 or America/Chicago"
        ) { LocalZone($0) }
    }
}

private func positiveSeconds(_ text: String) -> Double? {
    Duration(text: text).map(\.inSeconds).flatMap { $0 > 0 ? $0 : nil }
}
