import Units

/// Why a tape could not be opened, read or written; each case carries what the reader needs to mend it.
public enum TapeError: Error, Sendable, Equatable, CustomStringConvertible {
    /// There is no tape at this path.
    case notATape(path: String)
    /// A file of the tape does not hold what was written to it.
    case corrupt(file: String, reason: String)
    /// Another process is writing to this tape.
    case locked(path: String)
    /// The operating system refused.
    case system(operation: String, path: String, message: String)
    /// The tape was written in another version of the format.
    case unknownVersion(path: String, version: Int)
    /// No series has this name; `nearest` are some that do exist.
    case unknownSeries(SeriesID, nearest: [SeriesID])
    /// The series has nothing at this step or finer.
    case tooFine(SeriesID, stepSeconds: Int64, available: [Int64])
    /// The step is not positive, or longer than 400 days.
    case badStep(seconds: Int64)
    /// Some rows lie years away from the rest, as a damaged clock writes them; `from` and `to` leave them out.
    case strayRows(SeriesID, strays: [Timestamp], count: Int, main: ClosedRange<Timestamp>)
    /// A regular series over this span would have more than `limit` values.
    case spanTooLong(SeriesID, first: Timestamp, last: Timestamp, values: Int64, limit: Int)
    /// Both tapes hold rows of the same series and time, so that adding them would count twice.
    case overlap(SeriesID, first: Timestamp, last: Timestamp, one: String, other: String)
    /// Both tapes hold the same trade ids, so that adding them would count twice.
    case sharedIDs(SeriesID, ids: ClosedRange<Int64>, one: String, other: String)
    /// Tapes that do not make up a whole; `reason` says why.
    case shards(reason: String)
    /// The tape is a part of an ingest, and not the one that was to be written.
    case otherShard(path: String, holds: String, wanted: String)

    /// The message, in words.
    public var description: String {
        switch self {
        case .notATape(let path):
            "\(path): no tape here (manifest.json is missing); `highwater ingest` writes one"
        case .corrupt(let file, let reason):
            "\(file): damaged: \(reason); restore it from a backup, or ingest the logs again into a new tape"
        case .locked(let path):
            "\(path): another process is writing to this tape; wait for it to finish"
        case .system(let operation, let path, let message):
            "\(path): cannot \(operation): \(message)"
        case .unknownVersion(let path, let version):
            version < Manifest.version
                ? "\(path): written by an earlier version (format \(version)); ingest the logs again into a new tape"
                : "\(path): written by a later version (format \(version)); this one reads format \(Manifest.version)"
        case .unknownSeries(let id, let nearest):
            "no series \(id)" + (nearest.isEmpty ? "" : "; did you mean \(Self.list(nearest))?")
        case .tooFine(let id, let step, let available):
            "\(id): no data at \(step) s or finer; the tape has steps of \(Self.list(available)) s"
        case .badStep(let seconds):
            "the step is \(seconds) s; expected 1 s to 400 d"
        case .strayRows(let id, let strays, let count, let main):
            "\(id): \(count) rows are years away from the rest (\(main.lowerBound) to \(main.upperBound)): "
                + "\(Self.list(strays)); exclude them with --from and --to"
        case .spanTooLong(let id, let first, let last, let values, let limit):
            "\(id): \(values) values from \(first) to \(last) exceed the limit of \(limit); use a longer "
                + "step, or give --from and --to"
        case .overlap(let id, let first, let last, let one, let other):
            "\(id): \(one) and \(other) both have rows between \(first) and \(last), without ids to tell "
                + "whether they are the same; `--overlap keep` adds them up"
        case .sharedIDs(let id, let ids, let one, let other):
            "\(id): \(one) and \(other) both have the trade ids \(ids.lowerBound) to \(ids.upperBound); "
                + "ingest overlapping files into one tape, which drops duplicates"
        case .shards(let reason): reason
        case .otherShard(let path, let holds, let wanted):
            "\(path): this tape is \(holds), not \(wanted); choose another folder"
        }
    }

    private static func list(_ items: [some CustomStringConvertible]) -> String {
        items.map { $0.description }.joined(separator: ", ")
    }
}
