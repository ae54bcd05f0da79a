import Units

/// The parts of a file's name: venue, symbol, and what is neither.
struct FileNameParts {
    /// The venue and its product; nil where the name has none.
    private(set) var venue: String?
    /// What is left when venue, kind, dates, intervals and the numbers of copies are taken away; may be empty.
    var symbol: String
    /// What is left when remarks stay: what a capture is called, whose frames need not be of one symbol.
    private(set) var withRemarks: String
    /// The name without its dates and the numbers of copies.
    private(set) var withoutDates: String
    /// The name without these and all other bare numbers.
    private(set) var withoutNumbers: String

    /// A word, and what parts it from the word before.
    private struct Word {
        let separator: String
        let text: String
        var lower: String { text.lowercased() }
    }

    /// The parts of a name without folders and endings.
    init(_ stem: String) {
        var words = FileNameParts.words(FileNameParts.removingDates(Array(stem.utf8)))
        // `BTCUSDT (1)` and `BTCUSDT - Copy` are copies.
        while let last = words.last, words.count > 1, last.lower == "copy" || FileNameParts.isCopyNumber(last)
        {
            words.removeLast()
        }
        withoutDates = FileNameParts.joined(words)
        withoutNumbers = FileNameParts.joined(words.filter { !$0.text.allSatisfy(\.isNumber) })
        venue = FileNameParts.takeVenue(&words)
        // `BTCUSDT-trades-part7`, `Copy of BTCUSDT_2`: of several runs of words the one that is a pair is the symbol.
        let runs = words.split { FileNameParts.isNoSymbol($0) || FileNameParts.isRemark($0) }
        let pairs = runs.map { FileNameParts.joined(Array($0)) }.filter {
            FileNameParts.isPair($0.uppercased())
        }
        withRemarks = FileNameParts.joined(words.filter { !FileNameParts.isNoSymbol($0) })
        symbol = Set(pairs).count == 1 ? pairs[0] : withRemarks
        // `trades_2`, `0001`: a number alone is that of a part.
        if symbol.allSatisfy({ !$0.isLetter }) { symbol = "" }
    }

    /// What a person writes beside a symbol: a word in small letters, or the number of a part. The kind of a contract is
    /// of the symbol.
    private static func isRemark(_ word: Word) -> Bool {
        if word.text.allSatisfy({ $0.isASCII && $0.isNumber }) { return word.text.count <= 4 }
        let isWord = word.text.dropFirst().allSatisfy { $0.isLowercase } && word.text.first?.isLetter == true
        return isWord && !contracts.contains(word.lower) && !isPair(word.text.uppercased())
    }

    private static let contracts: Set<String> = [
        "perp", "perpetual", "swap", "future", "futures", "fut", "quarter", "quarterly", "biquarter",
        "linear",
        "inverse", "option", "options", "um", "cm", "usdm", "coinm", "delivery", "margin", "m", "p", "c", "f",
        "index",
        "mark",
    ]

    /// The symbol that a folder is named after; nil for a folder that does not look like one.
    static func symbol(ofFolder name: String) -> String? {
        let value = name.split(separator: "=", maxSplits: 1).last.map(String.init) ?? name
        let isNamed = name.lowercased().hasPrefix("symbol=") || name.lowercased().hasPrefix("pair=")
        let parts = FileNameParts(value)
        guard !parts.symbol.isEmpty, parts.symbol == value else { return nil }
        return isNamed || isPair(value) ? value : nil
    }

    /// Whether a name is upper-case and ends as pairs and contracts do.
    private static func isPair(_ name: String) -> Bool {
        guard name.count >= 5, name.count <= 40, name == name.uppercased() else { return false }
        return quotes.contains { name.hasSuffix($0) && name.count > $0.count }
    }

    private static let quotes = [
        "USD", "USDT", "USDC", "EUR", "GBP", "JPY", "KRW", "BTC", "ETH", "BNB", "DAI", "BUSD", "FDUSD", "TRY",
        "BRL", "AUD", "CAD", "CHF", "PERP", "PERPETUAL", "SWAP",
    ]

    // MARK: Dates

    /// A name without its dates: `2026-02-01`, `2026_02`, `20260201`, each perhaps with the hour behind it; `01-02-2026`,
    /// `01Feb2026`, and counts since the epoch.
    private static func removingDates(_ name: [UInt8]) -> [UInt8] {
        var rest: [UInt8] = []
        var index = 0
        while index < name.count {
            let startsNumber = name[index] &- 0x30 < 10 && (index == 0 || name[index - 1] &- 0x30 >= 10)
            let length =
                startsNumber
                ? name[index...].withUnsafeBytes {
                    dateLength(Bytes($0)) ?? otherDateLength(Bytes($0)) ?? epochLength(Bytes($0))
                } : nil
            if let length {
                index += length
                // A blank keeps what stood on both sides apart; it is no part of a name.
                rest.append(0x20)
            } else {
                rest.append(name[index])
                index += 1
            }
        }
        return rest
    }

    /// The length of a date, with the time behind it, at the start of a text; nil where there is none.
    private static func dateLength(_ text: Bytes) -> Int? {
        func isDigit(_ index: Int) -> Bool { index < text.count && text[index] &- 0x30 < 10 }
        guard let year = ISOTime.digits(text, 0, 4), (1970..<2200).contains(year) else { return nil }
        func day(_ start: Int, _ month: Int) -> Bool {
            guard let day = ISOTime.digits(text, start, 2) else { return false }
            return CivilDate(year: year, month: month, day: day) != nil
        }
        var length: Int
        if text.count > 4, [0x2D, 0x5F, 0x2E].contains(text[4]) {
            guard let month = ISOTime.digits(text, 5, 2), (1...12).contains(month), !isDigit(7) else {
                return nil
            }
            length = 7
            if text.count > 7, text[7] == text[4], day(8, month), !isDigit(10) { length = 10 }
        } else {
            guard let month = ISOTime.digits(text, 4, 2), (1...12).contains(month), day(6, month) else {
                return nil
            }
            length = 8
            // `20240808090000`
            if ISOTime.digits(text, 8, 6) != nil, !isDigit(14) { return 14 }
            guard !isDigit(8) else { return nil }
        }
        // Hours, minutes and seconds: `_09`, `T0900`, `-09-00-00`.
        for _ in 0..<3 {
            guard length < text.count, [0x2D, 0x5F, 0x54, 0x3A].contains(text[length]) else { break }
            let digits = (length + 1..<text.count).prefix { isDigit($0) }.count
            guard [2, 4, 6].contains(digits) else { break }
            length += 1 + digits
        }
        if length < text.count, text[length] == 0x5A { length += 1 }
        return length
    }

    /// The length of `01-02-2026`, `1.2.2026`, `01Feb2026` or `01-Feb-2026` at the start of a text.
    private static func otherDateLength(_ text: Bytes) -> Int? {
        var parts = DateParts(text)
        func mark() -> UInt8? { parts.mark([0x2D, 0x2E, 0x5F]) }
        guard let day = parts.number(2), (1...31).contains(day) else { return nil }
        let one = mark()
        if let month = parts.number(2) {
            // Day and month, or month and day.
            guard let one, mark() == one, (1...31).contains(month), min(day, month) <= 12 else { return nil }
        } else {
            let word = String(decoding: text[parts.position...].prefix(3), as: UTF8.self).lowercased()
            guard monthNames.contains(word) else { return nil }
            parts.position += 3
            guard mark() == one else { return nil }
        }
        let start = parts.position
        guard let year = parts.number(4), parts.position == start + 4, (1970..<2200).contains(year) else {
            return nil
        }
        return parts.position < text.count && text[parts.position] &- 0x30 < 10 ? nil : parts.position
    }

    private static let monthNames: Set<String> = [
        "jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec",
    ]

    /// The length of a count of seconds to nanoseconds since the epoch, of a day of this century, or of a year with its
    /// month.
    private static func epochLength(_ text: Bytes) -> Int? {
        let digits = text.prefix { $0 &- 0x30 < 10 }
        switch digits.count {
        case 10, 13, 16, 19: return digits[0] == 0x31 ? digits.count : nil
        case 6:
            // `202602`; `260327` is the day on which a contract ends.
            guard let year = ISOTime.digits(text, 0, 4), (1990..<2100).contains(year),
                let month = ISOTime.digits(text, 4, 2), (1...12).contains(month),
                let short = ISOTime.digits(text, 2, 2), !(1...12).contains(short)
            else { return nil }
            return 6
        default: return nil
        }
    }

    // MARK: Words

    private static func words(_ name: [UInt8]) -> [Word] {
        var words: [Word] = []
        var separator: [UInt8] = []
        var text: [UInt8] = []
        for byte in name + [0x20] {
            guard [0x20, 0x2D, 0x2E, 0x5F, 0x7E].contains(byte) else {
                text.append(byte)
                continue
            }
            if !text.isEmpty {
                words.append(
                    Word(
                        separator: String(decoding: separator, as: UTF8.self),
                        text: String(decoding: text, as: UTF8.self)))
                text = []
                separator = []
            }
            separator.append(byte)
        }
        return words
    }

    /// Words with what stood between them; two that a date or a kind stood between are parted by a hyphen.
    private static func joined(_ words: [Word]) -> String {
        var text = ""
        for word in words {
            if !text.isEmpty {
                let separator = word.separator.filter { $0 != " " }
                text += separator.first.map(String.init) ?? (word.separator.isEmpty ? "" : "-")
            }
            text += word.text
        }
        return text
    }

    /// `(1)`, as a browser numbers copies.
    private static func isCopyNumber(_ word: Word) -> Bool {
        word.text.hasPrefix("(") && word.text.hasSuffix(")")
            && word.text.dropFirst().dropLast().allSatisfy(\.isNumber)
    }

    /// Words that say what is in a file rather than of which symbol.
    private static let kinds: Set<String> = [
        "trade", "trades", "aggtrades", "alltrades", "tick", "ticks", "kline", "klines", "bar", "bars",
        "candle",
        "candles", "ohlc", "ohlcv", "ohlcvt", "log", "logs", "data", "export", "download", "history",
        "historical",
        "quotes", "book", "orderbook", "messages", "message", "fills", "executions", "raw", "daily", "hourly",
        "monthly", "minute", "minutes", "public", "part", "file", "output", "new", "old", "sample", "test",
        "stdin",
        "http", "incremental", "l2", "l3", "csv", "json", "all",
    ]

    private static func isNoSymbol(_ word: Word) -> Bool {
        if kinds.contains(word.lower) || isCopyNumber(word) || word.text == "(1)" { return true }
        // `15m`, `1h`; and the bare number of a part.
        let digits = word.text.prefix { $0.isASCII && $0.isNumber }
        let rest = word.text[digits.endIndex...]
        // A quarter, `q2`.
        if word.lower.count == 2, word.lower.first == "q", word.lower.last?.isNumber == true { return true }
        guard !digits.isEmpty else { return false }
        // A year.
        if rest.isEmpty, digits.count == 4, let year = Int(digits), (1990..<2200).contains(year) {
            return true
        }
        if ["s", "m", "h", "d", "w", "M", "min", "sec", "mo"].contains(String(rest)) { return true }
        return false
    }

    // MARK: Venues

    private static let venues: [String: String] = [
        "spot": "binance-spot", "um": "binance-usdm", "usdm": "binance-usdm", "cm": "binance-coinm",
        "coinm": "binance-coinm", "binance": "binance-spot", "bitmex": "bitmex", "kraken": "kraken",
        "coinbase": "coinbase", "bitstamp": "bitstamp", "okx": "okx", "okex": "okx", "bybit": "bybit",
        "deribit": "deribit", "bitfinex": "bitfinex", "gemini": "gemini", "huobi": "huobi", "htx": "huobi",
        "kucoin": "kucoin", "gateio": "gate-io", "mexc": "mexc", "bitget": "bitget", "upbit": "upbit",
        "bithumb": "bithumb", "poloniex": "poloniex", "ftx": "ftx", "dydx": "dydx",
        "hyperliquid": "hyperliquid",
        "phemex": "phemex", "bitflyer": "bitflyer", "coincheck": "coincheck",
        "cryptofacilities": "kraken-futures",
    ]

    /// The product of a venue, as the word behind it says: of Binance's, the names that its archive has.
    private static func product(_ venue: String, _ word: String) -> String? {
        switch (venue, word) {
        case ("binance-spot", "futures"), ("binance-spot", "usdm"), ("binance-spot", "um"): "binance-usdm"
        case ("binance-spot", "delivery"), ("binance-spot", "coinm"), ("binance-spot", "cm"): "binance-coinm"
        case ("binance-spot", "spot"): "binance-spot"
        case ("binance-spot", "us"): "binance-us"
        case (_, "spot"), (_, "futures"), (_, "swap"), (_, "options"), (_, "linear"), (_, "inverse"),
            (_, "perp"),
            (_, "derivatives"):
            venue.contains("-") ? nil : "\(venue)-\(word)"
        default: nil
        }
    }

    /// Takes the venue, and its product behind it, out of the words. A word in upper case that more stands behind, as the
    /// `SPOT` of a symbol, is none.
    private static func takeVenue(_ words: inout [Word]) -> String? {
        let place = words.indices.first { index in
            venues[words[index].lower] != nil && (index == 0 || words[index].text == words[index].lower)
        }
        guard let place, words.count > 1 || words[place].text == words[place].lower else { return nil }
        var found = venues[words[place].lower]
        words.remove(at: place)
        if let venue = found, place < words.count, words[place].text == words[place].lower,
            let product = product(venue, words[place].lower)
        {
            found = product
            words.remove(at: place)
        }
        return found
    }
}
