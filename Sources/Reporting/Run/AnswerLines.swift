import Tables
import Units
import WhatIf

extension Sweep {
    /// The terminal's answer: a mark for each value of the first key under its axis, for each value of the second, with the
    /// last value that holds before the first that does not.
    var lines: [String] {
        let rows = axes.count > 1 ? axes[1].values : [""]
        let values = axes.first?.values ?? []
        let second: String? = axes.count > 1 ? axes[1].key.description : nil
        let labels: [String] = rows.map { value in second.map { $0 + " = " + value } ?? "" }
        let width = min(Sweep.labelWidth, labels.map(\.count).max() ?? 0)
        let indent = String(repeating: " ", count: width + 4)
        var lines = ["\(scenario): \(cells.count { $0.verdict.held }) of \(cells.count) cells hold"]
        lines.append(indent + (axes.first?.key.description ?? ""))
        lines.append(indent + Sweep.axis(values.prefix(Sweep.marksShown)))
        for (row, label) in labels.enumerated().prefix(Sweep.rowsShown) {
            var along: [Verdict] = []
            for cell in stride(from: row, to: cells.count, by: rows.count) {
                along.append(cells[cell].verdict)
            }
            var marks: String = ""
            for verdict in along.prefix(Sweep.marksShown) {
                marks += verdict.held ? "." : verdict.recovers ? "x" : "X"
            }
            if along.count > Sweep.marksShown { marks += "…" }
            let short = String(label.prefix(width))
            let padding = String(repeating: " ", count: width - short.count)
            lines.append("  " + short + padding + "  " + marks + "  " + limit(values, along))
        }
        if labels.count > Sweep.rowsShown {
            lines.append("  … \(labels.count - Sweep.rowsShown) more rows in sweep.csv (give -o)")
        }
        return lines + ["  . holds   x breaks   X does not recover by itself"]
    }

    /// How far a row holds, in words.
    private func limit(_ values: [String], _ along: [Verdict]) -> String {
        guard let broken = along.firstIndex(where: { !$0.held }) else { return "holds" }
        guard broken > 0 else { return along.contains(where: \.held) ? "" : "breaks" }
        return along[broken...].contains(where: \.held) ? "" : "to \(values[broken - 1])"
    }

    /// Values above their columns, as many as there is room for.
    public static func axis(_ values: some Sequence<String>) -> String {
        var line = ""
        for (column, value) in values.enumerated() where line.isEmpty || line.count < column {
            line += String(repeating: " ", count: column - line.count) + value
        }
        return line
    }

    private static let rowsShown = 14
    private static let marksShown = 40
    private static let labelWidth = 24
}

extension ComparisonRow {
    /// The figure in words, its value in both scenarios, and the difference.
    var cells: [String] {
        let label: String = unit == "share" ? words : words + ", " + unit
        var difference: Double?
        if let first, let second { difference = second.value - first.value }
        return [label, text(first?.value), text(second?.value), text(difference, isSigned: true)]
    }

    private func text(_ value: Double?, isSigned: Bool = false) -> String {
        guard let value else { return "–" }
        let size: String = unit == "share" ? NumberText.figure(value * 100) + " %" : NumberText.figure(value)
        return isSigned && value > 0 ? "+" + size : size
    }
}

extension Comparison {
    /// The terminal's answer.
    var lines: [String] {
        var table: [String] = []
        let header: [String] = ["", "first", "second", "difference"]
        for row in [header] + rows.map(\.cells) {
            var line: String = "  " + row[0]
            line += String(repeating: " ", count: max(0, Comparison.labelWidth - row[0].count))
            for cell in row.dropFirst() {
                line += String(repeating: " ", count: max(1, Comparison.figureWidth - cell.count))
                line += cell
            }
            table.append(line)
        }
        let names: [String] = ["first: " + first.scenario, "second: " + second.scenario]
        return names + table + [sentence]
    }

    private static let labelWidth = 38
    private static let figureWidth = 12
}

extension Verdict {
    /// What the cheapest change adds to what runs today, as `+3,032 USD a month`; nil where there is none.
    public var cheapestChangePrice: String? {
        cheapestChangeCost.map { cost in
            guard cost != .zero else { return "at no cost" }
            let size = NumberText.figure(abs(cost.dollars), digits: 4)
            return "\(cost < .zero ? "−" : "+")\(size) USD a month"
        }
    }
}
