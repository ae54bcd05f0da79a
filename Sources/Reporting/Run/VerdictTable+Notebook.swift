import WhatIf

extension VerdictTable {
    /// What-if runs as a Jupyter notebook that stands beside `verdict.csv` and `timeline.csv`.
    public static func notebook(_ results: [WhatIfResult], title: String) -> [UInt8] {
        var notebook = Notebook()
        let held = results.count { $0.verdict.held }
        notebook.add(
            markdown: """
                # \(markdown(title))

                \(tried(results).map { "Tried on \(markdown($0)). " } ?? "")\(held) of \(results.count) \
                scenarios held. \(reading)

                Highwater drew the plots. The code below each one reads the tables and draws it again. Set \
                `HIGHWATER_RUN` if the tables are in another folder.
                """)
        notebook.add(code: NotebookCode.setup)
        notebook.add(code: NotebookCode.verdict)
        notebook.add(code: NotebookCode.timeline)
        for result in results {
            let lines = lines(result.verdict).map(markdown)
            let facts = lines.dropFirst().map { "- " + $0 }.joined(separator: "\n")
            notebook.add(
                markdown: "## \(lines[0])\n\n\(facts)", plot: plot(result))
        }
        return notebook.bytes()
    }
}
