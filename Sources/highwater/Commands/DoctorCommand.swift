import CommandLineKit
import Pipeline
import Tables
import Tape
import Units

/// What `doctor` is told.
struct DoctorOptions: OptionGroup {
    @Option(.tape) var tape: String
    @Option(
        each: ValueReader(expected: FindingCondition.words.joined(separator: ", ")) { FindingCondition($0) },
        placeholder: "condition",
        help: """
            Exit with 3 on a finding of this severity or worse (note, warning, error), or of this check, such as gap \
            or skew.
            """)
    var failOn: [FindingCondition]
    let output = TableOutput()
}

/// Findings that a caller wants to hear of by the exit code.
enum FindingCondition: Sendable {
    /// One as bad as this, or worse.
    case severity(TapeFinding.Severity)
    /// One of this check.
    case check(TapeFinding.Check)

    static let words =
        TapeFinding.Severity.allCases.reversed().map(\.rawValue) + TapeFinding.Check.allCases.map(\.rawValue)

    init?(_ text: String) {
        if let severity = TapeFinding.Severity(rawValue: text) {
            self = .severity(severity)
        } else if let check = TapeFinding.Check(rawValue: text) {
            self = .check(check)
        } else {
            return nil
        }
    }

    /// The rule that failed, with what it found; nil where it did not.
    func failure(_ findings: [TapeFinding]) -> String? {
        let (name, found): (String, [TapeFinding])
        switch self {
        // The worst come first in their order.
        case .severity(let limit): (name, found) = (limit.rawValue, findings.filter { $0.severity <= limit })
        case .check(let check): (name, found) = (check.rawValue, findings.filter { $0.check == check })
        }
        guard let first = found.first else { return nil }
        let series = first.series.map { "\($0.description): " } ?? ""
        return "\(name) failed: \(found.count) \(found.count == 1 ? "finding" : "findings"), the first: "
            + series + first.message
    }
}

extension Command {
    /// What is wrong with a tape.
    static let doctor = Command(
        name: "doctor", abstract: "Check the data quality of a tape.",
        discussion: """
            Looks for damage, time without logs, silent periods, wrong or differing clocks, duplicated data, \
            peaks cut off at capacity, and histories too short to forecast. Prints one row per finding, worst \
            first, and none for a sound tape. Exits with 65 if the tape is damaged, with 3 on what --fail-on names.
            """,
        examples: ["highwater doctor --tape tape", "highwater doctor --tape tape --fail-on warning"],
        options: DoctorOptions.self,
        run: { given, context in
            let tape = try Tape.open(given.tape)
            let found = try TapeDoctor(tape).findings()
            try given.output.write(CommandTables.findings.table(found, format: given.output.format))
            if found.isEmpty { context.note("no problems found") }
            let failures = given.failOn.compactMap { $0.failure(found) }
            for failure in failures { context.note(failure) }
            if found.contains(where: { $0.check == .damage }) { return .badInput }
            return failures.isEmpty ? .success : .conditionHolds
        })
}
