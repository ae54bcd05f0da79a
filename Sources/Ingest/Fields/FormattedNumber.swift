/// Numbers that were made for a reader: with a unit, a per cent sign or a letter for thousands behind them.
///
/// They are not read as numbers: `1.2 K` was rounded, and where one row has `950 req/s` the next may have `1.2 kreq/s`.
enum FormattedNumber {
    /// The suffix of `70.5 req/s`, `45 %`, `1.2K`; nil for a plain number, and for what is none.
    static func suffix(_ raw: [UInt8]) -> String? {
        let text = String(decoding: raw, as: UTF8.self)
        let field = text.drop { $0 == " " || $0 == "-" || $0 == "+" || $0 == "$" || $0 == "€" }
        guard let first = field.first, first.isASCII, first.isNumber else { return nil }
        let number = field.prefix { ($0.isASCII && $0.isNumber) || $0 == "." || $0 == "," || $0 == "'" }
        let suffix = field[number.endIndex...].drop { $0.isWhitespace }
        guard !suffix.isEmpty, suffix.count <= 16,
            suffix.allSatisfy({ $0.isLetter || "%/²³°·* .".contains($0) }),
            suffix.first != "e" || suffix.count > 1
        else { return nil }
        return String(suffix)
    }

    /// Whether a number has a mark before it that makes it one for a reader: `$70.50`, `~70`, `<70`, `(70)`, `USD 70`.
    static func hasMark(_ raw: [UInt8]) -> Bool {
        var text = Substring(String(decoding: raw, as: UTF8.self)).drop { $0 == " " }
        let code = text.prefix { $0.isASCII && $0.isUppercase }
        if (1...4).contains(code.count), [" ", "$"].contains(text[code.endIndex...].first) {
            text = text[code.endIndex...]
        }
        let mark = text.prefix { " $€£¥₿₹₩₽₺~≈<>≤≥=±(".contains($0) }
        guard !mark.isEmpty || !code.isEmpty else { return false }
        let rest = text[mark.endIndex...].drop { $0 == "-" || $0 == "+" }
        guard let first = rest.first, first.isASCII, first.isNumber else { return false }
        return rest.allSatisfy { ($0.isASCII && $0.isNumber) || ".,' )%kKMmB".contains($0) }
    }

    /// Whether a number is in digits or signs that are not read: `٧٠`, `７０`, `∞`, `Ⅻ`, `½`.
    static func isForeign(_ raw: [UInt8]) -> Bool {
        guard raw.contains(where: { $0 >= 0x80 }) else { return false }
        let text = String(decoding: raw, as: UTF8.self)
        let numbers = text.count { $0 == "∞" || ($0.isNumber && !$0.isASCII) }
        return numbers > 0
            && text.allSatisfy { $0 == "∞" || $0.isNumber || $0.isWhitespace || ".,'+-−٫٬%".contains($0) }
    }

    /// Whether a suffix says that the number is a rate, a share or a rounded count, and no mark of an event, as a length
    /// of time or a size is.
    static func isOfRate(_ suffix: String) -> Bool {
        let word = suffix.lowercased()
        let isScale = ["k", "m", "g", "b", "t", "mil", "mn", "mio", "bil", "bn", "tri"].contains(word)
        let rates = [
            "rps", "qps", "ops", "tps", "rpm", "cps", "iops", "wps", "req", "reqs", "requests", "hits",
        ]
        return word.contains("/") || word.contains("%") || isScale || rates.contains { word.hasSuffix($0) }
            || word.contains(" per ")
    }
}
