import Synchronization

/// A part of the work of an ingest.
public enum IngestStage: String, Sendable, CaseIterable {
    /// Reading the file, unpacking included.
    case read
    /// Hashing the text.
    case hash
    /// Finding the format.
    case sniff
    /// Reading rows, summing them up and coding them.
    case rows
    /// Writing the tape.
    case write
}

/// Adds up how long each stage takes, over all threads, by a clock that the caller brings; without one it does nothing.
public final class StageTimer: Sendable {
    private let nanoseconds: (@Sendable () -> UInt64)?
    private let sums = Mutex<[IngestStage: UInt64]>([:])

    /// A timer; the clock gives nanoseconds from any origin.
    public init(nanoseconds: (@Sendable () -> UInt64)? = nil) {
        self.nanoseconds = nanoseconds
    }

    /// Nanoseconds by stage.
    public var nanosecondsByStage: [IngestStage: UInt64] { sums.withLock { $0 } }

    func start() -> UInt64 { nanoseconds?() ?? 0 }

    func stop(_ stage: IngestStage, _ start: UInt64) {
        guard let nanoseconds else { return }
        let took = nanoseconds() &- start
        sums.withLock { $0[stage, default: 0] &+= took }
    }
}
