import Synchronization

/// A part of the work of an ingest.
public enum IngestStage: String, Sendable, CaseIterable {
    /// Reading the file, unpacking included.
    case read
    /// Hashing the text.
    case hash
    /// Finding the format.
    case sniff
    /// Reading rows and summing them up.
    case rows
    /// Coding what was summed up.
    case code
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

    public var nanosecondsByStage: [IngestStage: UInt64] { sums.withLock { $0 } }

    var clock: (@Sendable () -> UInt64)? { nanoseconds }

    /// Takes note of time that was part of one stage and belongs to another.
    func move(_ took: UInt64, from: IngestStage, to other: IngestStage) {
        guard nanoseconds != nil else { return }
        sums.withLock {
            $0[from, default: 0] &-= took
            $0[other, default: 0] &+= took
        }
    }

    func start() -> UInt64 { nanoseconds?() ?? 0 }

    func stop(_ stage: IngestStage, _ start: UInt64) {
        guard let nanoseconds else { return }
        let took = nanoseconds() &- start
        sums.withLock { $0[stage, default: 0] &+= took }
    }
}
