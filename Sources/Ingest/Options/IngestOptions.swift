import Numerics
import Units

/// How logs are taken in.
public struct IngestOptions: Sendable {
    /// What to do with logs without trade ids that overlap in time with what the tape holds.
    public enum Overlap: String, Sendable, CaseIterable {
        /// Fail the file.
        case refuse
        /// Add them up, as for the logs of two gateways; bars of one interval add up too.
        case keep
    }

    /// The venue of every file, instead of what its name says.
    public var venue: String?
    /// The symbol of every file, instead of what its name says.
    public var symbol: String?
    /// The format that every file must have; nil to find it by content.
    public var format: InputFormat?
    /// What to do with overlapping logs.
    public var overlap = Overlap.refuse
    /// The share of bad rows over which a file fails as a whole, 0 to 1.
    public var badRowShareMax = 0.1
    /// How many bad rows of a file are kept as examples; all are counted.
    public var quarantineKeptMax = 1000
    /// How many files are read at a time.
    public var threads = 1
    /// Which class a request belongs to.
    public var routes = RouteTable()
    /// What a user says about the columns of every file; nil to find the format by content.
    public var map: ColumnMap?
    /// The clock of times that name no zone.
    public var zone = LocalZone.utc
    /// Whether tables of trades are read by columns where that is possible; the outcome is the same, later.
    public var readsByColumn = true
    /// The instruction set of the kernels that do so.
    public var processorLevel = ProcessorLevel.best
    /// The share of a large file that one thread reads at a time, in bytes; nil for one that suits all files together.
    public var partBytes: Int?
    /// Which part of an ingest this is; nil for a whole one.
    public var shard: IngestShard?
    /// Whether each file's SHA-256 is taken by the system's `sha256sum`.
    public var audits = false
    /// Adds up what each stage takes.
    public var timer = StageTimer()

    /// The defaults.
    public init() {}
}
