import Files
import Foundation
import Generation
import Ingest
import Tape
import Units

extension BenchGroup {
    /// Logs to tape, by format; and reading one series back.
    static let ingest = BenchGroup(
        name: "ingest",
        abstract: "Bytes of logs ingested into a tape per second, including the write to disk."
    ) { settings in
        let folder = try WorkFolder()
        defer { withExtendedLifetime(folder) {} }
        let work = URL(filePath: folder.path)
        if let input = settings.input {
            return [try measure("ingest \(input)", [input], work: work, settings)]
        }
        var results = try exchange(work: work, settings)
        for format in InputFormat.allCases {
            guard let sample = IngestSample(format) else { continue }
            let path = try sample.write(below: work.appending(path: format.rawValue).path)
            results.append(
                try measure("ingest \(format.rawValue)", [path], work: work, settings, expecting: sample))
            try FileManager.default.removeItem(atPath: path)
        }
        results.append(try show(work: work, settings))
        return results
    }

    /// The logs of a day of the demo exchange, in many files.
    private static func exchange(work: URL, _ settings: BenchSettings) throws -> [BenchResult] {
        let logs = work.appending(path: "logs").path
        var made = GenerationSettings(
            symbols: 4, days: 1, tradesPerSecond: 60, requestsPerTrade: 0.3, seed: 1)
        made.threads = settings.threads
        _ = try Generation.generate(made, into: logs)
        return [
            try measure("ingest a day of trades", [logs + "/trades"], work: work, settings),
            try measure("ingest a day of access logs", [logs + "/access"], work: work, settings),
        ]
    }

    private static func measure(
        _ name: String, _ inputs: [String], work: URL, _ settings: BenchSettings,
        expecting sample: IngestSample? = nil
    ) throws -> BenchResult {
        var options = IngestOptions()
        options.threads = settings.threads
        var files: [FileReport] = []
        let tape = work.appending(path: "tape").path
        let seconds = try settings.medianSeconds {
            try? FileManager.default.removeItem(atPath: tape)
            files = try Ingestor(options).ingest(inputs, into: tape).files
        }
        // The stages come from a run of their own, since reading the clock takes time as well.
        let timer = StageTimer { DispatchTime.now().uptimeNanoseconds }
        options.timer = timer
        try? FileManager.default.removeItem(atPath: tape)
        files = try Ingestor(options).ingest(inputs, into: tape).files
        if let sample, files.map(\.format) != [sample.format] || files.map(\.accepted) != [sample.rows] {
            throw UnreadSample(format: sample.format)
        }
        let stages = timer.nanosecondsByStage
        let total = max(1, stages.values.reduce(0, +))
        let bytes = files.reduce(0) { $0 + $1.textBytes }
        let rows = files.reduce(0) { $0 + $1.rows }
        let tapeBytes = try size(of: tape)
        var figures: [(name: String, value: Double)] = [
            ("bytes_per_second", Double(bytes) / seconds), ("rows_per_second", Double(rows) / seconds),
            ("bytes", Double(bytes)), ("rows", Double(rows)), ("seconds", seconds),
            ("tape_bytes", Double(tapeBytes)),
            ("tape_share_of_text", Double(tapeBytes) / Double(max(1, bytes))),
        ]
        for stage in IngestStage.allCases {
            figures.append(("share_\(stage.rawValue)", Double(stages[stage] ?? 0) / Double(total)))
        }
        figures.append(("threads", Double(settings.threads)))
        return BenchResult(name: name, figures: figures)
    }

    /// A month of one series out of a year of a thousand, from opening the tape on.
    private static func show(work: URL, _ settings: BenchSettings) throws -> BenchResult {
        let path = work.appending(path: "year").path
        let start = Timestamp(seconds: 1_704_067_200)
        try YearOfSeries.write(1000, from: start, to: path)
        let id = SeriesID("trades/bench/S0500")
        let from = start.advanced(bySeconds: 150 * 86_400)
        let to = from.advanced(bySeconds: 30 * 86_400)
        var rows = 0
        let seconds = try settings.medianSeconds {
            rows = try Tape.open(path).read(id, from: from, to: to).count
        }
        return BenchResult(
            name: "show a month of one series of a year of 1000",
            figures: [
                ("reads_per_second", 1 / seconds), ("milliseconds", seconds * 1000), ("rows", Double(rows)),
                ("tape_bytes", Double(try size(of: path))),
            ])
    }

    private static func size(of folder: String) throws -> Int {
        try FileManager.default.subpathsOfDirectory(atPath: folder).reduce(0) { sum, name in
            let attributes = try FileManager.default.attributesOfItem(atPath: folder + "/" + name)
            return sum
                + (attributes[.type] as? FileAttributeType == .typeRegular
                    ? attributes[.size] as? Int ?? 0 : 0)
        }
    }
}

/// A made-up log was not taken in to the last row, so that its figures would mean little.
private struct UnreadSample: Error, CustomStringConvertible {
    let format: InputFormat
    var description: String { "not every row of the synthetic log of \(format.rawValue) was accepted" }
}
