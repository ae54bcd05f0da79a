import Synchronization

/// How far an ingest has come.
public struct IngestProgress: Sendable, Equatable {
    /// Files read so far.
    public var filesDone = 0
    /// Files in all.
    public var filesTotal: Int
    /// Bytes of text read so far.
    public var textBytes = 0
}

/// Adds up the progress of several threads.
final class Meter: Sendable {
    private let state: Mutex<IngestProgress>
    private let report: (@Sendable (IngestProgress) -> Void)?

    init(total: Int, report: (@Sendable (IngestProgress) -> Void)?) {
        state = Mutex(IngestProgress(filesTotal: total))
        self.report = report
    }

    func addBytes(_ count: Int) {
        update { $0.textBytes += count }
    }

    func finishFile() {
        update { $0.filesDone += 1 }
    }

    private func update(_ change: (inout IngestProgress) -> Void) {
        guard let report else { return }
        state.withLock { progress in
            change(&progress)
            report(progress)
        }
    }
}
