import Tape
import Units

extension InputFormat {
    /// Prometheus's answer to a range query.
    public static let prometheusMatrix = InputFormat(
        "prometheus-matrix", rows: .counts, venue: "prometheus",
        title: "Prometheus `query_range` response (matrix)",
        grammar:
            "`{\"data\":{\"resultType\":\"matrix\",\"result\":[{\"metric\":{…},\"values\":[[time,\"value\"],…]},…]}}`",
        recognition: "a JSON object with `data`, `result` and pairs in `values`",
        series:
            "`metrics/<venue>/name{label=\"value\",…}`, labels sorted by name; for native histograms the "
            + "count, as `name_count{…}`",
        notes:
            "`NaN`, `+Inf` and `-Inf` are missing values: the row is accepted and nothing is stored. A "
            + "response that is empty, reports an error, or is an instant vector is rejected, and the "
            + "message says which. A counter (`…_total`, `…_count`, `…_bucket`, or a native histogram with a name) "
            + "whose values only rise is rejected: export its `increase` by step.",
        samples: ["prometheus.json"])
}

struct PrometheusFormat: LogFormat {
    let about = InputFormat.prometheusMatrix

    private static func isPair(_ place: JSONElements.Place) -> Bool {
        place.isArray && standsForPair(place)
    }

    /// Whether a value stands where pairs do, whether it is one or not.
    private static func standsForPair(_ place: JSONElements.Place) -> Bool {
        place.depth == 5 && (place.keys[3] == values || place.keys[3] == histograms) && isResult(place)
    }

    private static func isMetric(_ place: JSONElements.Place) -> Bool {
        place.kind == .object && place.depth == 4 && place.keys[3] == metric && isResult(place)
    }

    private static func isResult(_ place: JSONElements.Place) -> Bool {
        place.keys.count >= 3 && place.keys[0] == data && place.keys[1] == result
    }

    private static let data = Array("data".utf8)
    private static let result = Array("result".utf8)
    private static let values = Array("values".utf8)
    private static let histograms = Array("histograms".utf8)
    private static let metric = Array("metric".utf8)

    var recognition: [Recognition] { [.text(recognise)] }

    private func recognise(_ sample: TextSample) -> Finding? {
        guard sample.lines.first?.first == 0x7B else { return nil }
        let pairs = JSONDocumentSample.rows(sample, limit: 2, wants: Self.isPair) { raw, _ in
            var count = 0
            return PrometheusParser.forEachPart(raw) { _, _ in count += 1 } ? count : nil
        }
        let isMatrix = String(decoding: sample.head.prefix(4096), as: UTF8.self).contains("\"matrix\"")
        guard
            pairs.contains(2) || (isMatrix && pairs.isEmpty && Self.hasResult(sample))
        else { return nil }
        return Finding(self, .jsonDocument)
    }

    func read(_ feed: RowFeed, _ lines: inout LineReader) throws(IngestError) {
        var parser = PrometheusParser(venue: feed.naming.venue, builder: feed.builder)
        let opened = SeriesCounter()
        try feed.document(
            &lines,
            wants: { place in
                if place.depth == 3, Self.isResult(place) { opened.count += 1 }
                return Self.standsForPair(place) || Self.isMetric(place)
            },
            { raw, element in
                if element.depth == 4 {
                    parser.name(raw, number: opened.count)
                    return nil
                }
                return parser.parse(
                    raw, number: opened.count, isHistogram: element.keys[3] == Self.histograms,
                    at: RowPosition(line: element.line, byteOffset: element.byteOffset))
            })
        let clock = feed.options.timer.start()
        lines.apply(parser.finish())
        feed.options.timer.stop(.rows, clock)
    }

    func faults(in found: Finding) -> any RowFaults { ElementFaults(places: [.time: 0, .value: 1]) }

    private static func hasResult(_ sample: TextSample) -> Bool {
        String(decoding: sample.head.prefix(4096), as: UTF8.self).contains("\"resultType\"")
    }

    /// `name{label="value"}` of a metric's labels.
    static func name(_ labels: [(key: [UInt8], value: [UInt8])], isHistogram: Bool = false) -> String {
        var name = ""
        var texts: [String] = []
        for (key, value) in labels.sorted(by: { $0.key.lexicographicallyPrecedes($1.key) }) {
            let text = String(decoding: value, as: UTF8.self)
            if key == Array("__name__".utf8) {
                name = text
            } else {
                texts.append("\(String(decoding: key, as: UTF8.self))=\"\(text)\"")
            }
        }
        if isHistogram { name += "_count" }
        return texts.isEmpty && !name.isEmpty ? name : name + "{" + texts.joined(separator: ",") + "}"
    }
}

/// Counts the series of a document as they begin.
private final class SeriesCounter {
    var count = 0
}

/// Collects the points of each series of a matrix.
struct PrometheusParser: ~Copyable {
    private let venue: String
    private let builder: TapeDeltaBuilder
    private var time = TimeColumn(
        unit: .seconds, isResolved: false, reference: Timestamp(seconds: 1_767_225_600))
    private var store = CountStore()
    /// The series of a document's element: one for its values, one for its histograms.
    private var current:
        (number: Int, labels: [(key: [UInt8], value: [UInt8])]?, values: Int?, histograms: Int?)?
    private var histogram = JSONLeaves(["count"])

    init(venue: String, builder: TapeDeltaBuilder) {
        self.venue = venue
        self.builder = builder
    }

    /// The labels of series `number`, which may come before or behind its values.
    mutating func name(_ labels: Bytes, number: Int) {
        guard let pairs = JSONText.pairs(labels) else { return }
        begin(number)
        current?.labels = pairs
        if let made = current?.values {
            store.rename(made, to: id(number, isHistogram: false))
            noteCounter(made, isHistogram: false)
        }
        if let made = current?.histograms {
            store.rename(made, to: id(number, isHistogram: true))
            noteCounter(made, isHistogram: true)
        }
    }

    /// A pair of a time and a value, or a histogram, of series `number`.
    mutating func parse(
        _ raw: Bytes, number: Int, isHistogram: Bool, at position: RowPosition
    ) -> RowOutcome {
        var read: Result<Timestamp, TimeColumn.TimeProblem> = .failure(.unreadable)
        var value = CountValue.unreadable
        var count = 0
        let isWhole = PrometheusParser.forEachPart(raw) { index, text in
            count += 1
            if index == 0 { read = time.read(text) }
            if index == 1 { value = isHistogram ? observations(text) : CountValue.read(text) }
        }
        guard isWhole, count == 2 else { return .bad(.json) }
        let stamp: Timestamp
        switch read {
        case .success(let time): stamp = time
        case .failure(let problem): return .bad(problem.reason)
        }
        switch value {
        case .unreadable: return .bad(.value)
        case .missing: break
        case .units(let units):
            store.add(units, at: stamp, to: series(number, isHistogram: isHistogram), position)
        }
        return .accepted
    }

    /// How many observations a histogram holds.
    private mutating func observations(_ text: Bytes) -> CountValue {
        guard histogram.read(text), histogram.has(0) else { return .unreadable }
        return CountValue.read(histogram.value(0))
    }

    /// Hands on the parts of an array, which are scalars or objects; false where it holds anything else.
    static func forEachPart(_ text: Bytes, _ body: (Int, Bytes) -> Void) -> Bool {
        if text.last == 0x5D, let start = text.firstIndex(of: 0x7B), let end = text.lastIndex(of: 0x7D),
            end > start
        {
            // `[time, {…}]`: the object is cut out, what stands before it is read as an array of its own.
            let front = NumberParsing.trimmed(Bytes(rebasing: text[..<start]))
            let behind = NumberParsing.trimmed(Bytes(rebasing: text[(end + 1)..<(text.count - 1)]))
            guard front.last == 0x2C, behind.isEmpty else { return false }
            let scalars = Array(front.dropLast()) + [0x5D]
            guard let count = scalars.withUnsafeBytes({ JSONText.forEachScalar($0, body) }) else {
                return false
            }
            body(count, Bytes(rebasing: text[start...end]))
            return true
        }
        return JSONText.forEachScalar(text, body) != nil
    }

    func finish() -> [(position: RowPosition, outcome: RowOutcome)] {
        store.finish(builder, sharesRows: true)
    }

    private mutating func begin(_ number: Int) {
        if current?.number != number { current = (number, nil, nil, nil) }
    }

    private mutating func series(_ number: Int, isHistogram: Bool) -> Int {
        begin(number)
        if let made = isHistogram ? current?.histograms : current?.values { return made }
        let made = store.addSeries(id(number, isHistogram: isHistogram))
        noteCounter(made, isHistogram: isHistogram)
        if isHistogram { current?.histograms = made } else { current?.values = made }
        return made
    }

    /// A counter keeps its name: `increase` and `rate` leave it out.
    private mutating func noteCounter(_ series: Int, isHistogram: Bool) {
        guard let name = current?.labels?.first(where: { $0.key == Array("__name__".utf8) })?.value else {
            return
        }
        let endings = ["_total", "_count", "_bucket"]
        if isHistogram || endings.contains(where: { name.suffix($0.utf8.count) == Array($0.utf8)[...] }) {
            store.suspectCounter(series)
        }
    }

    private func id(_ number: Int, isHistogram: Bool) -> SeriesID {
        let name =
            current?.labels.map { PrometheusFormat.name($0, isHistogram: isHistogram) }
            ?? "series \(number)" + (isHistogram ? "_count" : "")
        return SeriesID(kind: "metrics", venue: venue, name: name)
    }
}
