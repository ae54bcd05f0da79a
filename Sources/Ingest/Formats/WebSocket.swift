import Tape
import Units

extension InputFormat {
    /// Captures of WebSocket connections: when a frame came, and the frame.
    public static let webSocketCapture = InputFormat(
        "websocket", rows: .messages, venue: "websocket",
        title: "WebSocket capture: receive time and JSON frame, as message rates",
        grammar: "`<time> {…}` or `<time> […]`, separated by a blank, a tab or a comma",
        recognition: "a time and a JSON frame in half of the first 50 lines",
        series:
            "`messages/<venue>/<stream>`, bytes are the frame's; a frame without a stream name is "
            + "`<file>:other`",
        notes:
            "The stream is taken from `stream`, `topic`, `arg.channel` and `arg.instId`, `channel`, `type` "
            + "and `product_id`, or `e` and `s`. These are the fields of Binance, Bybit, OKX, Kraken, "
            + "Coinbase and Binance's single streams.",
        samples: ["binance_usdm_btcusdt.ws.jsonl"])
}

struct WebSocketFormat: TableFormat {
    let about = InputFormat.webSocketCapture

    static let paths = [
        "stream", "topic", "arg.channel", "arg.instId", "channel", "type", "product_id", "e", "s",
    ]

    var recognition: [Recognition] { [.text(recognise)] }

    private func recognise(_ sample: TextSample) -> Finding? {
        // A bracket alone is no frame: many logs have one behind their time.
        let pieces = sample.lines.prefix(50).compactMap(Self.cut).filter {
            JSONText.faultOffset($0.frame) == nil
        }
        guard 2 * pieces.count >= min(50, sample.lines.count), !pieces.isEmpty,
            let time = TimeColumn(samples: pieces.map(\.time), zone: sample.zone)
        else { return nil }
        let layout = TableLayout(delimiter: 0x20, columnCount: 2, columns: [.time: 0])
        return Finding(self, table: TableReading(layout, time: time))
    }

    func read(_ table: TableReading, _ feed: RowFeed, _ lines: inout LineReader) throws(IngestError) {
        try feed.lines(&lines, WebSocketParser(table, naming: feed.naming, builder: feed.builder))
    }

    func faults(in found: Finding) -> any RowFaults { Faults() }

    /// Finds the fault in the time or in the frame.
    private struct Faults: RowFaults {
        func offset(of reason: BadRow, in row: Bytes) -> Int? {
            if reason == .time || reason == .timeOutOfRange { return 0 }
            guard reason == .json, let (_, frame) = WebSocketFormat.cut(row) else { return nil }
            return JSONText.faultOffset(frame).map { row.count - frame.count + $0 }
        }
    }

    /// The time and the frame of a line.
    static func cut(_ line: Bytes) -> (time: Bytes, frame: Bytes)? {
        guard let start = line.prefix(64).firstIndex(where: { $0 == 0x7B || $0 == 0x5B }), start >= 11 else {
            return nil
        }
        let separator = line[start - 1]
        guard separator == 0x20 || separator == 0x09 || separator == 0x2C else { return nil }
        return (Bytes(rebasing: line[..<(start - 1)]), Bytes(rebasing: line[start...]))
    }
}

/// Counts frames by stream.
struct WebSocketParser: RowParser, ~Copyable {
    private var time: TimeColumn
    private var leaves = JSONLeaves(WebSocketFormat.paths)
    private var directory = SeriesDirectory<Int>()
    private let venue: String
    private let builder: TapeDeltaBuilder
    private var name: [UInt8] = []
    /// What frames count as that name no stream: answers and snapshots of this file's connection.
    private let unnamed: [UInt8]

    init(_ table: TableReading, naming: SeriesNaming, builder: TapeDeltaBuilder) {
        time = table.time
        venue = naming.venue
        unnamed = Array((naming.symbol + ":other").utf8)
        self.builder = builder
    }

    mutating func parse(_ line: Bytes, at position: RowPosition) -> RowOutcome {
        guard let (received, frame) = WebSocketFormat.cut(line) else { return .bad(.time) }
        let stamp: Timestamp
        switch time.read(received) {
        case .success(let read): stamp = read
        case .failure(let problem): return .bad(problem.reason)
        }
        guard leaves.read(frame) else { return .bad(.json) }
        readName()
        let handle = name.withUnsafeBytes { bytes in
            directory.handle(venue: nil, name: bytes) { [venue, builder] _, name in
                let id = SeriesID(kind: "messages", venue: venue, name: name)
                return (id, { builder.eventSeries(id) })
            }
        }
        guard let handle else { return .bad(.tooManySeries) }
        builder.addRequest(
            to: handle, time: stamp, isResolved: time.isResolved, status: 0, bytes: Int64(frame.count))
        return .accepted
    }

    private mutating func readName() {
        name.removeAll(keepingCapacity: true)
        if leaves.has(0) {
            name.append(contentsOf: leaves.value(0))
        } else if leaves.has(1) {
            name.append(contentsOf: leaves.value(1))
        } else if leaves.has(2) {
            join(2, 3)
        } else if leaves.has(4) {
            name.append(contentsOf: leaves.value(4))
        } else if leaves.has(5) {
            join(5, 6)
        } else if leaves.has(7) {
            join(7, 8)
        }
        if name.isEmpty { name.append(contentsOf: unnamed) }
    }

    private mutating func join(_ one: Int, _ two: Int) {
        name.append(contentsOf: leaves.value(one))
        guard leaves.has(two) else { return }
        name.append(0x3A)
        name.append(contentsOf: leaves.value(two))
    }
}
