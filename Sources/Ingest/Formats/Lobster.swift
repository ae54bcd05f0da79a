import Tape
import Units

extension InputFormat {
    /// LOBSTER's message files.
    public static let lobsterMessages = InputFormat(
        "lobster-messages", rows: .messages, venue: "nasdaq", joinsArrivals: true, title: "LOBSTER messages",
        grammar:
            "`seconds after midnight,type 1–7,order id,size,price × 10,000,direction ±1`; the file name has "
            + "the date",
        recognition: "six such numbers in half of the first 50 lines",
        series:
            "`trades/nasdaq/<symbol>` for executions (types 4, 5 and 6), `messages/nasdaq/<symbol>` for "
            + "the others",
        notes:
            "Times are New York's: `--zone America/New_York` converts them to UTC; without it they are read "
            + "as UTC. The direction is that of the resting order, and is inverted. The accompanying "
            + "orderbook file is not a log; `highwater book` reads it.",
        samples: ["GOOG_2026-01-05_34200000_57600000_message_1.csv"])
}

struct LobsterFormat: LogFormat {
    let about = InputFormat.lobsterMessages

    var recognition: [Recognition] { [.text(recognise)] }

    private func recognise(_ sample: TextSample) -> Finding? {
        var splitter = FieldSplitter(delimiter: 0x2C)
        let fits = sample.mostLines { line in
            if case .success = Message.read(line, &splitter) { true } else { false }
        }
        return fits ? Finding(self) : nil
    }

    func read(_ feed: RowFeed, _ lines: inout LineReader) throws(IngestError) {
        guard let (symbol, day) = Self.name(feed.path) else {
            throw .unrecognised(
                path: feed.path,
                near:
                    "LOBSTER times count from midnight, but the file name has no date such as 2012-06-21"
            )
        }
        try feed.lines(
            &lines,
            LobsterParser(
                symbol: feed.options.symbol ?? symbol, daySeconds: day, venue: feed.naming.venue,
                zone: feed.options.zone, builder: feed.builder))
    }

    func faults(in found: Finding) -> any RowFaults {
        TableFaults(
            columnCount: 6, columns: [.time: 0, .kind: 1, .id: 2, .quantity: 3, .price: 4, .side: 5])
    }

    /// The symbol and the day of `GOOG_2012-06-21_34200000_57600000_message_10.csv`; nil where the name has
    /// no date.
    static func name(_ path: String) -> (symbol: String, daySeconds: Int64)? {
        let parts = SeriesNaming.stem(path).split(separator: "_")
        for (index, part) in parts.enumerated() {
            let days = Array(part.utf8).withUnsafeBytes { $0.count == 10 ? ISOTime.days($0) : nil }
            if let days { return (parts[..<index].joined(separator: "_"), days * 86_400) }
        }
        return nil
    }

    /// One line.
    struct Message {
        /// Nanoseconds after midnight.
        let nanoseconds: Int64
        let type: Int64
        let size: Int64
        let price: Int64
        let direction: Int64

        static func read(_ line: Bytes, _ splitter: inout FieldSplitter) -> Result<Message, BadRow> {
            guard let count = splitter.split(line) else { return .failure(.quotes) }
            guard count == 6 else { return .failure(.fieldCount) }
            guard let nanoseconds = time(splitter.field(0)) else { return .failure(.time) }
            guard let type = NumberParsing.unsigned(splitter.field(1)), (1...7).contains(type) else {
                return .failure(.kind)
            }
            guard NumberParsing.signed(splitter.field(2)) != nil else { return .failure(.id) }
            guard let size = NumberParsing.signed(splitter.field(3)), size >= (type == 7 ? -1 : 0) else {
                return .failure(.quantity)
            }
            guard let price = NumberParsing.signed(splitter.field(4)), price > 0 || type == 7,
                price < 1_000_000_000_000
            else { return .failure(.price) }
            guard let direction = NumberParsing.signed(splitter.field(5)), abs(direction) == 1 else {
                return .failure(.side)
            }
            return .success(
                Message(
                    nanoseconds: nanoseconds, type: type, size: size, price: price, direction: direction))
        }

        private static func time(_ field: Bytes) -> Int64? {
            let point = field.firstIndex(of: 0x2E) ?? field.count
            guard let seconds = NumberParsing.unsigned(Bytes(rebasing: field[..<point])), seconds < 86_400
            else {
                return nil
            }
            if point == field.count { return seconds * 1_000_000_000 }
            guard let fraction = ISOTime.fraction(Bytes(rebasing: field[(point + 1)...])) else { return nil }
            return seconds * 1_000_000_000 + fraction
        }
    }
}

/// Counts messages and executions.
struct LobsterParser: RowParser, ~Copyable {
    private var splitter = FieldSplitter(delimiter: 0x2C)
    private let builder: TapeDeltaBuilder
    private let midnightSeconds: Int64
    private let zone: LocalZone
    private let trades: Int
    private let messages: Int

    init(symbol: String, daySeconds: Int64, venue: String, zone: LocalZone, builder: TapeDeltaBuilder) {
        self.builder = builder
        self.zone = zone
        midnightSeconds = daySeconds
        trades = builder.eventSeries(SeriesID(kind: "trades", venue: venue, name: symbol))
        messages = builder.eventSeries(SeriesID(kind: "messages", venue: venue, name: symbol))
    }

    mutating func parse(_ line: Bytes, at position: RowPosition) -> RowOutcome {
        let message: LobsterFormat.Message
        switch LobsterFormat.Message.read(line, &splitter) {
        case .success(let read): message = read
        case .failure(let reason): return .bad(reason)
        }
        let local = midnightSeconds + message.nanoseconds / 1_000_000_000
        if zone.isSkipped(local) { return .bad(.skippedTime) }
        let second = zone.utc(local)
        let time = Timestamp(nanoseconds: second * 1_000_000_000 + message.nanoseconds % 1_000_000_000)
        guard (4...6).contains(message.type) else {
            builder.addRequest(to: messages, time: time, isResolved: true, status: 0, bytes: 0)
            return .accepted
        }
        let price = message.price * 10_000
        let quantity = Int128(message.size) * 100_000_000
        // The order that rested bought: whoever hit it sold. A cross has no taker.
        let side: TradeSide = message.type == 6 ? .unknown : message.direction == 1 ? .sell : .buy
        let trade = TradeEvent(
            time: time, isResolved: true, ids: nil, price: price, quantity: quantity,
            notional: NumberParsing.notional(price: price, quantity: quantity), side: side)
        return builder.add(trade, to: trades) ? .accepted : .duplicate
    }
}
