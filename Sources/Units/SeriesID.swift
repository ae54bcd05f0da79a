/// The name of a series: `<class>/<venue-product>/<symbol or route class>`, as `trades/binance-spot/BTCUSDT`.
///
/// The name comes from a log and may hold anything: slashes, newlines, markup. The first two parts never hold a slash;
/// the third may. `fileName` is safe on every file system.
public struct SeriesID: Hashable, Comparable, Sendable, CustomStringConvertible {
    /// What is counted: `trades`, `requests`, `messages` or `metrics`.
    public let kind: String
    /// The venue and its product, as `binance-spot` or `binance-usdm`.
    public let venue: String
    /// The symbol or the route class.
    public let name: String

    /// A series name from its parts; a slash in the first two becomes a hyphen.
    public init(kind: String, venue: String, name: String) {
        self.kind = String(kind.map { $0 == "/" ? "-" : $0 })
        self.venue = String(venue.map { $0 == "/" ? "-" : $0 })
        self.name = name
    }

    /// Reads `kind/venue/name`; a text with fewer than three parts becomes `metrics/generic/<text>`.
    public init(_ text: String) {
        let parts = text.split(separator: "/", maxSplits: 2, omittingEmptySubsequences: false)
        if parts.count == 3, !parts[0].isEmpty, !parts[1].isEmpty, !parts[2].isEmpty {
            self.init(kind: String(parts[0]), venue: String(parts[1]), name: String(parts[2]))
        } else {
            self.init(kind: "metrics", venue: "generic", name: text)
        }
    }

    /// The full name, `kind/venue/name`.
    public var description: String { "\(kind)/\(venue)/\(name)" }

    /// Orders series by class, then venue, then name, by Unicode scalars, so that no locale has a say.
    public static func < (one: SeriesID, other: SeriesID) -> Bool {
        (one.kind, one.venue, one.name) < (other.kind, other.venue, other.name)
    }

    /// The full name with every byte outside `A-Z a-z 0-9 . _ -` as `%XX`, and a leading dot likewise.
    public var fileName: String {
        var result = ""
        for byte in description.utf8 {
            switch byte {
            case 0x41...0x5A, 0x61...0x7A, 0x30...0x39, 0x5F, 0x2D:
                result.unicodeScalars.append(Unicode.Scalar(byte))
            case 0x2E where !result.isEmpty: result += "."
            default: result += "%" + (byte < 16 ? "0" : "") + String(byte, radix: 16, uppercase: true)
            }
        }
        return result
    }
}
