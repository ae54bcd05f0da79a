import Numerics
import Tape
import Units

/// When the arrivals of one series came.
public struct ArrivalSeries: Sendable {
    /// The name, as ingest gives it.
    public let id: SeriesID
    /// Nanoseconds since the epoch, ascending.
    public let nanoseconds: [Int64]
    /// Whether the clock said more than whole seconds for every row.
    public let isResolved: Bool
}

/// What counts as an arrival of a log of trades.
public enum ArrivalCount: String, Sendable, CaseIterable {
    /// Each taker order: its fills are merged.
    case orders
    /// Each row.
    case rows
}

/// More arrivals than are kept in memory.
public struct ArrivalLimitError: Error, CustomStringConvertible {
    /// The file with which there were too many.
    public let path: String
    /// How many are kept.
    public let limit: Int

    /// The message, in words.
    public var description: String {
        "\(path): more than \(limit) arrivals; read fewer files or days at a time"
    }
}

/// Reads from logs when orders, messages and requests came, as far as one may hold them in memory (8 bytes each).
///
/// All messages and executions of a LOBSTER file are one series, `messages/nasdaq/<symbol>`, each row an arrival. A file
/// that was read already, by its content, is passed over; the same trades in two files count twice.
public struct ArrivalReader: Sendable {
    /// What was read.
    public struct Result: Sendable {
        /// By name.
        public var series: [ArrivalSeries] = []
        /// Why files were not read; the others were.
        public var failures: [IngestError] = []
        /// Files of archives that are no logs.
        public var passedOver: [String] = []
    }

    /// How files are read; threads, shards and what concerns a tape are not used.
    public var options: IngestOptions
    public var count: ArrivalCount
    /// So many arrivals are kept, over all series.
    public var arrivalsMax = arrivalsMaxDefault

    /// 33,554,432 arrivals: a quarter of a gigabyte.
    public static let arrivalsMaxDefault = 1 << 25

    public init(_ options: IngestOptions = IngestOptions(), counting count: ArrivalCount = .orders) {
        self.options = options
        self.count = count
    }

    /// Reads files, folders and `-` (standard input).
    public func read(_ paths: [String]) throws(ArrivalLimitError) -> Result {
        let inputs = InputPath.walk(paths)
        let meter = Meter(total: inputs.count, report: nil)
        let reader = FileIngest(options: options, known: .nothing, store: nil, meter: meter)
        let collector = ArrivalCollector(counting: count, limit: arrivalsMax)
        var sources: Set<ContentHash> = []
        var result = Result()
        for input in inputs {
            let outcome = Swift.Result { () throws(IngestError) in try read(input, reader, collector) }
            if collector.isFull { throw ArrivalLimitError(path: input.path, limit: arrivalsMax) }
            switch outcome {
            case .success(let source):
                if let source, !sources.insert(source).inserted { collector.drop() }
                collector.keep()
            case .failure(let error):
                collector.drop()
                if case .unrecognised = error, input.member != nil {
                    result.passedOver.append(input.path)
                } else {
                    result.failures.append(error)
                }
            }
        }
        result.series = collector.series()
        return result
    }

    /// Reads one input and returns what its content is told by.
    private func read(
        _ input: InputPath, _ reader: FileIngest, _ collector: ArrivalCollector
    ) throws(IngestError) -> ContentHash? {
        let read = reader.read(input, spool: try Spool(input), observer: collector)
        let whole = FileResult(joining: [read], options) ?? read
        if let failure = whole.report.failure { throw failure }
        return whole.delta?.source
    }
}
