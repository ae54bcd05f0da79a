import CommandLineKit
import Reporting

/// The verdict on one terminal screen.
enum VerdictScreen {
    static func show(_ screen: RunReport.Screen, folder: String, style: TerminalStyle) throws {
        var text = style.bold(screen.holds ? style.green("HOLDS") : style.red("DOES NOT HOLD"))
        text += "  \(printable(screen.verdict))\n\n"
        for line in screen.lines { text += "  \(printable(line))\n" }
        text += "\n"
        var table = TextTable(
            columns: screen.header.enumerated().map { index, name in
                TextTable.Column(name, alignment: index < 3 ? .left : .right)
            })
        for row in screen.rows { table.append(row.map(printable)) }
        text += table.description + "\n"
        for finding in screen.findings.prefix(5) { text += style.yellow("! ") + printable(finding) + "\n" }
        if screen.findings.count > 5 { text += "  and \(screen.findings.count - 5) more in summary.md\n" }
        text += "\n\(style.dim("result in"))  \(printable(folder))/report.html\n"
        let output = StandardOutput()
        try output.write(text)
    }
}
