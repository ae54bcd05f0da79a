import Units
import WhatIf

/// What is read from a replay's course of one tier.
public enum IncidentMeasure: String, Sendable, CaseIterable {
    /// `recovers` or `never`: whether anybody still fails at the end.
    case recovers
    /// Seconds from the window's start until nobody fails any more.
    case recoversAfter = "recovers-after"
    /// Requests sent a second, retries included, in mean over the window.
    case sent
    /// Requests served in time, a second.
    case inTime = "in-time"
    /// Requests refused or given up, as a share of those sent.
    case failed
    /// Requests that were lost for good.
    case lost
    /// The most that wait.
    case backlog
    /// Work that comes over what the tier can do, in mean.
    case load
    /// `shrinks`, `grows` or `stays`: what becomes of the nodes in service.
    case fleet
    /// The fewest nodes in service, over those at the start.
    case nodesLeast = "nodes-least"
    /// Hours until the most nodes are in service.
    case hoursToNodes = "hours-to-nodes"
    /// Minutes in which a hundredth of requests or more fail.
    case minutesFailing = "minutes-failing"

    /// What a reader is told that it is.
    var words: String {
        switch self {
        case .recovers: "outcome"
        case .recoversAfter: "recovers after"
        case .sent: "requests sent"
        case .inTime: "served in time"
        case .failed: "requests that fail"
        case .lost: "requests lost"
        case .backlog: "longest queue"
        case .load: "load over capacity"
        case .fleet: "nodes in service"
        case .nodesLeast: "fewest nodes in service"
        case .hoursToNodes: "until all nodes serve"
        case .minutesFailing: "time with 1 % or more failing"
        }
    }

    /// A number of it, with its unit.
    func text(_ number: Double) -> String {
        let rounded = number.rounded()
        switch self {
        case .recovers, .fleet: return ""
        case .recoversAfter: return "\(Int(saturating: rounded)) s"
        case .sent, .inTime: return "\(Int(saturating: rounded))/s"
        case .failed, .nodesLeast: return "\(Int(saturating: (100 * number).rounded())) %"
        case .lost, .backlog: return "\(Int(saturating: rounded))"
        case .load: return "\((number * 100).rounded() / 100)"
        case .hoursToNodes: return "\((number * 10).rounded() / 10) h"
        case .minutesFailing: return "\((number * 10).rounded() / 10) min"
        }
    }
}

/// What a measure comes to.
enum IncidentValue: Equatable {
    case word(String)
    case number(Double)
}

extension IncidentMeasure {
    /// A second counts as failing where more than this share of what was sent fails. Chosen, not measured.
    private static let failingShare = 0.001
    private static let failingShareOfMinute = 0.01
    /// Who fails within so many seconds of the end is not well. Chosen, not measured.
    private static let lastSeconds = 5

    /// Its value in a window of a tier's course.
    func value(of rows: [QueueSecond], from start: Double) -> IncidentValue {
        func mean(_ part: (QueueSecond) -> Double) -> Double {
            rows.isEmpty ? 0 : rows.reduce(0) { $0 + part($1) } / Double(rows.count)
        }
        switch self {
        case .recovers: return .word(recovery(rows, from: start) == nil ? "never" : "recovers")
        case .recoversAfter:
            return recovery(rows, from: start).map { .number($0) } ?? .word("never")
        case .sent: return .number(mean(\.sent))
        case .inTime: return .number(mean(\.inTime))
        case .failed:
            let sent = rows.reduce(0) { $0 + $1.sent }
            return .number(sent > 0 ? rows.reduce(0) { $0 + $1.failed } / sent : 0)
        case .lost: return .number(rows.reduce(0) { $0 + $1.lost })
        case .backlog: return .number(rows.map(\.backlog).max() ?? 0)
        case .load: return .number(mean(\.utilisation))
        case .fleet:
            let first = rows.first?.nodesShare ?? 1
            let least = rows.map(\.nodesShare).min() ?? 1
            let most = rows.map(\.nodesShare).max() ?? 1
            return .word(least < first ? "shrinks" : most > first ? "grows" : "stays")
        case .nodesLeast: return .number(rows.map(\.nodesShare).min() ?? 1)
        case .hoursToNodes:
            let most = rows.map(\.nodesShare).max() ?? 1
            let reached = rows.first { $0.nodesShare == most }?.second ?? 0
            return .number((Double(reached) - start) / 3600)
        case .minutesFailing:
            let failing = rows.count { $0.failed > IncidentMeasure.failingShareOfMinute * $0.sent }
            return .number(Double(failing) / 60)
        }
    }

    /// Seconds from the start of a window until nobody fails; nil where somebody does at its end.
    private func recovery(_ rows: [QueueSecond], from start: Double) -> Double? {
        let isFailing = { (row: QueueSecond) in row.failed > IncidentMeasure.failingShare * row.sent }
        guard let last = rows.lastIndex(where: isFailing) else { return 0 }
        guard last < rows.count - IncidentMeasure.lastSeconds else { return nil }
        // Of the last second, the part in which there is failing.
        let before = last > 0 ? rows[last - 1].failed : rows[last].failed
        let part = before > 0 ? min(1, rows[last].failed / before) : 1
        return Double(rows[last].second) + part - start
    }
}
