/// Is asked before every step by which a tape writer changes the disk, and may refuse it.
///
/// Writers are given one that lets everything pass. Tests give others, to see what is left of a tape when the disk is full
/// or the machine stops at any one step.
public protocol FileGate: Sendable {
    /// Lets a step pass, or throws what the system would have said.
    func pass(_ step: FileStep, path: String) throws(TapeError)
}

/// A step that changes the disk.
public enum FileStep: String, Sendable {
    /// A folder is made.
    case makeFolder = "create the folder"
    /// A file is made or emptied.
    case create
    /// Bytes are written.
    case write
    /// Bytes are flushed to the disk.
    case flush
    /// A file takes the place of another.
    case rename
    /// A file goes.
    case remove
}

/// Lets every step pass.
public struct OpenGate: FileGate {
    public init() {}

    /// Passes.
    public func pass(_ step: FileStep, path: String) throws(TapeError) {}
}
