import Foundation
import Ingest
import Numerics
import Units

/// A made-up log for the ingest benchmark: rows of one format, each later than the one before and with ids of
/// its own, so that every row is one to take in.
struct IngestSample {
    let format: InputFormat
    /// Its file's name.
    let file: String
    let rows: Int
    private let header: String
    private let separator: String
    private let footer: String
    private let row: (inout SampleRow) -> String

    init(
        _ format: InputFormat, _ file: String, rows: Int = 100_000, header: String = "",
        separator: String = "\n", footer: String = "\n", _ row: @escaping (inout SampleRow) -> String
    ) {
        self.format = format
        self.file = file
        self.rows = rows
        self.header = header
        self.separator = separator
        self.footer = footer
        self.row = row
    }

    /// Writes the log below a folder, which is made, and returns its path.
    func write(below folder: String) throws -> String {
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        var next = SampleRow(random: Random(seed: 1, stream: UInt64(rows)))
        var text = header
        for index in 0..<rows {
            next.index = index
            next.milliseconds += 1 + Int64(saturating: next.random.exponential() * 100)
            if index > 0 { text += separator }
            text += row(&next)
        }
        let path = folder + "/" + file
        try Data((text + footer).utf8).write(to: URL(filePath: path))
        return path
    }
}

/// What a row of a made-up log is written from.
struct SampleRow {
    /// The start of all logs.
    static let origin: Int64 = 1_704_067_200

    var random: Random
    var index = 0
    /// The row's time since the epoch.
    var milliseconds = SampleRow.origin * 1000

    var seconds: Int64 { milliseconds / 1000 }

    /// The same as ISO 8601 in UTC.
    var iso: String { Timestamp(nanoseconds: milliseconds * 1_000_000).description }

    /// `01/Jan/2024:00:00:05`, as access logs have it.
    var clock: String {
        let text = iso
        return "\(text.dropFirst(8).prefix(2))/Jan/\(text.prefix(4)):\(text.dropFirst(11).prefix(8))"
    }

    /// The start of the row's interval, where each has one of its own.
    func start(step: Int) -> Int64 { SampleRow.origin + Int64(index * step) }

    /// A price about 60,000.
    mutating func price() -> String { decimal(6_000_000 + random.index(below: 10_000), 2) }

    mutating func quantity() -> String { decimal(10_000 + random.index(below: 90_000), 5) }

    /// Open, high, low and close.
    mutating func prices() -> String {
        let low = 6_000_000 + random.index(below: 10_000)
        let high = low + random.index(below: 1000)
        let open = low + random.index(below: high - low + 1)
        let close = low + random.index(below: high - low + 1)
        return [open, high, low, close].map { decimal($0, 2) }.joined(separator: ",")
    }

    mutating func pick(_ words: [String]) -> String { words[random.index(below: words.count)] }

    mutating func status() -> String { pick(["200", "200", "200", "404", "429", "503"]) }

    mutating func method() -> String { pick(["GET", "POST", "DELETE"]) }

    mutating func path() -> String {
        pick(["/api/v3/order", "/api/v3/depth?symbol=BTCUSDT&limit=100", "/api/v3/account", "/api/v3/klines"])
    }

    mutating func request() -> String { "\(method()) \(path()) HTTP/1.1" }

    /// A whole number with its last digits behind a point.
    private func decimal(_ units: Int, _ digits: Int) -> String {
        let text = String(units)
        let padded = String(repeating: "0", count: max(0, digits + 1 - text.count)) + text
        return padded.dropLast(digits) + "." + padded.suffix(digits)
    }
}
