import Units

/// What the operations of a matching engine cost, so that the work of each message becomes a service time.
///
/// As text, a table `operation,nanoseconds,how`, one row for each operation; `highwater-bench book` measures and writes it.
public struct OperationCosts: Sendable, Equatable {
    public enum Operation: String, Sendable, CaseIterable {
        /// An order that comes to rest, whole or in part.
        case add
        /// An order that rests no more.
        case cancel
        /// An order that gets smaller.
        case reduce
        /// An order that another takes the place of, without a trade.
        case replace
        /// An order that trades once, the trade included.
        case oneFill = "one_fill"
        /// Each further trade.
        case furtherFill = "further_fill"
    }

    public var nanoseconds: [Operation: Double]
    /// How they were measured.
    public var how: String

    public init(nanoseconds: [Operation: Double], how: String) {
        self.nanoseconds = nanoseconds
        self.how = how
    }

    /// The service time of a message, in nanoseconds, from what it was in work.
    public func nanoseconds(_ kind: BookMessage.Kind, _ outcome: Outcome) -> Double {
        func cost(_ operation: Operation) -> Double { nanoseconds[operation] ?? 0 }
        let first: Double =
            switch kind {
            case .cancel: cost(.cancel)
            case .reduce: cost(.reduce)
            case .replace where outcome.fills == 0: cost(.replace)
            case .replace: cost(.cancel) + cost(.oneFill)
            case .submit: outcome.fills == 0 ? cost(.add) : cost(.oneFill)
            }
        let further = Double(max(0, outcome.fills - 1)) * cost(.furtherFill)
        let prevented = kind == .submit || kind == .replace ? Double(outcome.cancels) * cost(.cancel) : 0
        let rest = outcome.fills > 0 && outcome.status == .resting ? cost(.add) : 0
        return first + further + prevented + rest
    }

    /// The four of them that the service times of an order flow are made from.
    public var flowCosts: FlowCosts {
        func seconds(_ operation: Operation) -> Double { (nanoseconds[operation] ?? 0) * 1e-9 }
        return FlowCosts(
            addSeconds: seconds(.add), cancelSeconds: seconds(.cancel), takeSeconds: seconds(.oneFill),
            furtherFillSeconds: seconds(.furtherFill))
    }

    /// The table as text.
    public var text: String {
        Operation.allCases.reduce("operation,nanoseconds,how\n") { text, operation in
            let tenths = Int(saturating: (nanoseconds[operation] ?? 0) * 10 + 0.5)
            return text + "\(operation.rawValue),\(tenths / 10).\(tenths % 10),\(how)\n"
        }
    }

    /// What is wrong with a table.
    public struct Failure: Error, Sendable, Equatable {
        /// The line, from 1.
        public var line: Int
        /// The column, from 1.
        public var column: Int
        /// What was expected.
        public var message: String
    }

    /// Reads a table. Every operation has to have a row, in any order; what follows the second column is a note.
    public init(lines: [Substring]) throws(Failure) {
        guard
            lines.first.map({ $0 == "operation,nanoseconds" || $0.hasPrefix("operation,nanoseconds,") })
                == true
        else { throw Failure(line: 1, column: 1, message: "expected the header operation,nanoseconds,how") }
        var found: [Operation: Double] = [:]
        var note = ""
        for (index, line) in lines.enumerated().dropFirst() {
            let fields = line.split(separator: ",", maxSplits: 2, omittingEmptySubsequences: false)
            guard let operation = Operation(rawValue: String(fields[0])), found[operation] == nil else {
                let known = Operation.allCases.map(\.rawValue)
                throw Failure(
                    line: index + 1, column: 1,
                    message: known.contains(String(fields[0]))
                        ? "duplicate operation '\(fields[0])'"
                        : "unknown operation '\(fields[0])'; expected one of \(known.joined(separator: ", "))"
                )
            }
            guard fields.count > 1, let value = Double(decimal: fields[1]), value >= 0 else {
                throw Failure(
                    line: index + 1, column: fields[0].count + 2, message: "expected a number of 0 or more")
            }
            found[operation] = value
            if fields.count > 2 { note = String(fields[2]) }
        }
        if let missing = Operation.allCases.first(where: { found[$0] == nil }) {
            throw Failure(
                line: lines.count, column: 1, message: "there is no row for '\(missing.rawValue)'")
        }
        self.init(nanoseconds: found, how: note)
    }
}
