import Foundation
import Synchronization
import Units

/// Colours for a terminal, or none.
public struct TerminalStyle: Sendable {
    private let isColoured: Bool

    /// A style with or without colours.
    public init(isColoured: Bool) {
        self.isColoured = isColoured
    }

    public func bold(_ text: String) -> String { wrap(text, 1) }
    /// Faint text.
    public func dim(_ text: String) -> String { wrap(text, 2) }
    public func red(_ text: String) -> String { wrap(text, 31) }
    public func green(_ text: String) -> String { wrap(text, 32) }
    public func yellow(_ text: String) -> String { wrap(text, 33) }

    private func wrap(_ text: String, _ code: Int) -> String {
        isColoured ? "\u{1B}[\(code)m\(text)\u{1B}[0m" : text
    }
}

/// Shows on standard error what a program is at.
public final class ProgressReporter: Sendable {
    /// How it is shown.
    public enum Mode: String, Sendable, CaseIterable {
        /// As `ansi` on a terminal, not at all elsewhere.
        case auto
        /// Not at all.
        case none
        /// A line for each task.
        case plain
        /// One line that changes.
        case ansi
    }

    private struct State {
        var task: String?
        var total: Int?
        var done = 0
        var started = ContinuousClock().now
        var shown: ContinuousClock.Instant?
    }

    private let mode: Mode
    private let write: @Sendable (String) -> Void
    private let state = Mutex(State())

    /// A reporter; `auto` looks at standard error and at the variable TERM.
    public convenience init(mode: Mode) {
        var decided = mode
        if mode == .auto {
            let isTerminal = isatty(STDERR_FILENO) == 1
            let kind = ProcessInfo.processInfo.environment["TERM"] ?? "dumb"
            decided = isTerminal && kind != "dumb" ? .ansi : .none
        }
        self.init(mode: decided) { FileHandle.standardError.write(Data($0.utf8)) }
    }

    /// A reporter that writes somewhere else; `auto` is as `none`.
    public init(mode: Mode, write: @escaping @Sendable (String) -> Void) {
        self.mode = mode
        self.write = write
    }

    /// A task begins; the one before it is done.
    public func begin(_ task: String, total: Int?) {
        state.withLock { state in
            close(&state)
            state = State(task: task, total: total)
            switch mode {
            case .plain: write("\(printable(task)) …\n")
            case .ansi: show(&state)
            case .auto, .none: break
            }
        }
    }

    /// Part of the task is done.
    public func advance(by count: Int) {
        state.withLock { state in
            state.done += count
            guard mode == .ansi else { return }
            let now = ContinuousClock().now
            if let shown = state.shown, now - shown < .milliseconds(100) { return }
            show(&state)
        }
    }

    /// So much of the task is done, of a total that may become known on the way.
    public func update(done: Int, of total: Int) {
        state.withLock { state in
            (state.done, state.total) = (done, total)
            guard mode == .ansi else { return }
            let now = ContinuousClock().now
            if let shown = state.shown, now - shown < .milliseconds(100) { return }
            show(&state)
        }
    }

    /// All tasks are done.
    public func finish() {
        state.withLock { close(&$0) }
    }

    private func close(_ state: inout State) {
        guard let task = state.task else { return }
        let took = ContinuousClock().now - state.started
        let tenths = took.components.seconds * 10 + took.components.attoseconds / 100_000_000_000_000_000
        let text = "\(printable(task)) done in \(tenths / 10).\(tenths % 10) s\n"
        switch mode {
        case .plain: write(text)
        case .ansi: write("\r\u{1B}[K\(text)")
        case .auto, .none: break
        }
        state.task = nil
    }

    private func show(_ state: inout State) {
        guard let task = state.task else { return }
        let share = state.total.map { $0 > 0 ? " \(min(100, state.done * 100 / $0)) %" : "" } ?? ""
        let now = ContinuousClock().now
        let left = state.total.flatMap { total in
            ProgressReporter.timeLeft(done: state.done, of: total, after: now - state.started)
        }
        write("\r\u{1B}[K\(printable(task)) …\(share)\(left.map { ", \($0) left" } ?? "")")
        state.shown = now
    }

    /// How long a task still takes at the pace so far, as `40 s` or `3 min`; nil in its first second, before anything is done,
    /// and at its end.
    static func timeLeft(done: Int, of total: Int, after time: Duration) -> String? {
        guard done > 0, done < total, time >= .seconds(1) else { return nil }
        let passed = Double(time.components.seconds) + Double(time.components.attoseconds) / 1e18
        let seconds = (passed * Double(total - done) / Double(done)).rounded(.up)
        return seconds < 120
            ? "\(Int(saturating: seconds)) s" : "\(Int(saturating: (seconds / 60).rounded(.up))) min"
    }
}

/// Lets writes to a closed pipe fail instead of killing the program.
public func ignoreBrokenPipes() {
    signal(SIGPIPE, SIG_IGN)
}

/// Standard output, in large writes. A reader that has gone away ends the program with 0, as it has what it wanted.
public struct StandardOutput: Sendable {
    public init() {}

    public func write(_ text: String) throws(ToolError) { try write(Array(text.utf8)) }

    /// Writes bytes.
    ///
    /// - Throws: `ToolError` where they cannot be written, as on a full disk.
    public func write(_ bytes: [UInt8]) throws(ToolError) {
        var done = 0
        while done < bytes.count {
            let count = bytes.withUnsafeBytes { buffer in
                Foundation.write(STDOUT_FILENO, buffer.baseAddress?.advanced(by: done), bytes.count - done)
            }
            if count > 0 {
                done += count
            } else if errno == EPIPE {
                exit(ExitStatus.success.rawValue)
            } else if errno != EINTR {
                throw ToolError(
                    "standard output cannot be written: \(String(cString: strerror(errno)))", exit: .failure)
            }
        }
    }

}
