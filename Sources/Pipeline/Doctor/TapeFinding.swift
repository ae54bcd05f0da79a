import Tape
import Units

/// Something about a tape that a reader should know before planning from it.
public struct TapeFinding: Sendable, Equatable {
    /// How bad it is.
    public enum Severity: String, Sendable, CaseIterable, Comparable {
        /// The tape is damaged, or what it says is wrong.
        case error
        /// What it says may mislead.
        case warning
        /// What it cannot tell.
        case note

        /// The worst first.
        public static func < (one: Severity, other: Severity) -> Bool {
            allCases.firstIndex(of: one) ?? 0 < allCases.firstIndex(of: other) ?? 0
        }
    }

    /// What was looked at.
    public enum Check: String, Sendable, CaseIterable {
        /// Bytes that are not those that were written.
        case damage
        /// Time without logs.
        case gap
        /// Time with logs but without events, where there should be some.
        case silence
        /// Stamps that cannot be right.
        case clock
        /// Clocks of two series that do not agree.
        case skew
        /// What seems to be counted twice.
        case duplicates
        /// Peaks that were reached at capacity.
        case censored
        /// Too little history.
        case short
    }

    /// How bad it is.
    public var severity: Severity
    /// What was looked at.
    public var check: Check
    /// The series; nil for the tape as a whole.
    public var series: SeriesID?
    /// Where it begins.
    public var from: Timestamp?
    /// Where it ends.
    public var to: Timestamp?
    /// The figure that decided.
    public var figure: Double?
    /// The figure's unit.
    public var unit: String = ""
    /// What it is, in a sentence.
    public var message: String
}

/// Looks a tape over and says what is wrong with it.
public struct TapeDoctor: Sendable {
    public let tape: Tape
    /// The most findings of one check that are told of one series; the worst of them.
    public static let findingsMax = 10

    /// A doctor for a tape.
    public init(_ tape: Tape) {
        self.tape = tape
    }

    /// Everything found, by series, the worst first. Throws where a series cannot be read for another reason
    /// than damage.
    public func findings() throws(TapeError) -> [TapeFinding] {
        do throws(TapeError) {
            try tape.verify()
        } catch {
            // What is damaged cannot be looked at further.
            return [
                TapeFinding(severity: .error, check: .damage, message: error.description)
            ]
        }
        var found: [TapeFinding] = []
        var rows: [SeriesRows] = []
        for summary in tape.series {
            let read = try tape.read(summary.id)
            rows.append(read)
            found += SeriesDoctor(summary: summary, rows: read).findings()
            found += try strays(summary.id)
        }
        found += TapeTwins.findings(rows)
        found += ClockSkew.findings(rows)
        if tape.series.isEmpty {
            found.append(TapeFinding(severity: .note, check: .short, message: "the tape is empty"))
        }
        return found.enumerated().sorted { one, other in
            (one.element.severity, one.offset) < (other.element.severity, other.offset)
        }.map(\.element)
    }

    private func strays(_ id: SeriesID) throws(TapeError) -> [TapeFinding] {
        let strays = try tape.strays(of: id)
        guard let first = strays.first, let last = strays.last else { return [] }
        return [
            TapeFinding(
                severity: .error, check: .clock, series: id, from: first, to: last,
                figure: Double(strays.count), unit: "rows",
                message:
                    "\(strays.count) rows are more than two years away from all others: a wrong clock; "
                    + "exclude them with --from and --to")
        ]
    }
}
