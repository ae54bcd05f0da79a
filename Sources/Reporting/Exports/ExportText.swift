import Foundation
import Units

/// Text for the formats of other tools, whatever a plan file or a log has put into it.
public enum ExportText {
    /// A JSON string, which is a YAML string too.
    public static func quoted(_ text: String) -> String {
        var result = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"", "\\": result += "\\\(scalar)"
            case "\u{0}"..<" ", "\u{7F}"..."\u{9F}", "\u{2028}", "\u{2029}":
                let digits = String(scalar.value, radix: 16)
                result += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result + "\""
    }

    /// A name that Kubernetes takes (RFC 1123): lower-case letters, digits and inner hyphens, at most 63.
    public static func label(_ text: String) -> String {
        var result = ""
        for scalar in text.lowercased().unicodeScalars {
            let isPlain = ("a"..."z").contains(scalar) || ("0"..."9").contains(scalar)
            if isPlain {
                result.unicodeScalars.append(scalar)
            } else if !result.isEmpty, !result.hasSuffix("-") {
                result += "-"
            }
        }
        let cut = result.prefix(63)
        let end = cut.lastIndex { $0 != "-" }
        return end.map { String(cut[...$0]) } ?? "tier"
    }

    /// Labels of several names, told apart by numbers where two would be the same.
    public static func labels(_ names: [String]) -> [String] {
        var taken: Set<String> = []
        return names.map { name in
            let plain = label(name)
            var unique = plain
            var number = 2
            while !taken.insert(unique).inserted {
                unique = "\(plain.prefix(56))-\(number)"
                number += 1
            }
            return unique
        }
    }

    /// An instant as a file name has it: `2026-01-26T0000Z`.
    static func fileStamp(_ time: Timestamp) -> String {
        String(time.description.prefix(16)).replacing(":", with: "") + "Z"
    }

    /// A value as JSON with sorted keys and a line end; dictionaries, lists, strings and numbers alone.
    public static func json(_ value: Any) -> [UInt8] {
        let options: JSONSerialization.WritingOptions = [
            .prettyPrinted, .sortedKeys, .withoutEscapingSlashes,
        ]
        guard let data = try? JSONSerialization.data(withJSONObject: value, options: options) else {
            preconditionFailure("an export that cannot be written as JSON")
        }
        return Array(data) + [0x0A]
    }
}
