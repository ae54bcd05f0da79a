/// Text that is already markup, made only from literals and escaped text.
struct Markup: Sendable, ExpressibleByStringInterpolation {
    var text: String

    init(stringLiteral value: String) {
        text = value
    }

    init(stringInterpolation: Interpolation) {
        text = stringInterpolation.text
    }

    /// Interpolated strings are escaped; interpolated markup is not.
    struct Interpolation: StringInterpolationProtocol {
        var text = ""

        init(literalCapacity: Int, interpolationCount: Int) {
            text.reserveCapacity(literalCapacity + interpolationCount * 16)
        }

        mutating func appendLiteral(_ literal: String) {
            text += literal
        }

        mutating func appendInterpolation(_ value: String) {
            text += escaped(value)
        }

        mutating func appendInterpolation(_ value: Int) {
            text += String(value)
        }

        mutating func appendInterpolation(_ markup: Markup) {
            text += markup.text
        }
    }

    static func + (one: Markup, other: Markup) -> Markup {
        var sum = one
        sum.text += other.text
        return sum
    }

    static func += (one: inout Markup, other: Markup) {
        one.text += other.text
    }
}

extension Sequence where Element == Markup {
    func joined() -> Markup {
        reduce(into: "") { $0 += $1 }
    }
}

/// Text that is safe between tags and inside a quoted attribute of HTML and XML; control characters become `␀`-style
/// pictures, since XML has no way to hold them.
func escaped(_ text: String) -> String {
    var result = ""
    result.reserveCapacity(text.utf8.count)
    for scalar in text.unicodeScalars {
        switch scalar {
        case "&": result += "&amp;"
        case "<": result += "&lt;"
        case ">": result += "&gt;"
        case "\"": result += "&quot;"
        case "'": result += "&#39;"
        case "\u{0}"..."\u{1F}": result.unicodeScalars.append(Unicode.Scalar(0x2400 + scalar.value) ?? " ")
        case "\u{7F}": result += "␡"
        default:
            // What turns the direction of writing, or cannot be seen, makes one name look like another.
            switch scalar.properties.generalCategory {
            case .control, .format, .lineSeparator, .paragraphSeparator, .privateUse:
                result += "\\u{\(String(scalar.value, radix: 16))}"
            default: result.unicodeScalars.append(scalar)
            }
        }
    }
    return result
}
