import Tables

/// A table of shares as coloured cells, drawn as plots are: a row for each value of the second key, the first key across.
struct HeatMap: Sendable {
    var title: String
    /// What stands below and beside the cells.
    var xLabel: String
    var yLabel: String
    var columns: [String]
    var rows: [String]
    /// From 0 to 1, `[row][column]`; NaN is left blank.
    var shares: [[Double]]
    /// What shows on hover, likewise.
    var notes: [[String]]

    private static let rowHeight = 22.0
    private static let loneRowHeight = 44.0
    /// A number stands in a cell that is at least so wide.
    private static let textWidth = 34.0
    /// A column's value stands below it where there is so much room for it.
    private static let labelWidth = 40.0

    private var cellHeight: Double { rows.count == 1 ? HeatMap.loneRowHeight : HeatMap.rowHeight }
    private var cellWidth: Double {
        (Plot.width - Plot.left - Plot.right) / Double(max(1, columns.count))
    }
    private var height: Double { Plot.top + Double(rows.count) * cellHeight + Plot.bottom }

    /// The map as one `<figure>`.
    func figure() -> Markup {
        """
        <figure><figcaption>\(title)</figcaption>
        <svg viewBox="0 0 \(Int(saturating: Plot.width)) \(number(height))" role="img" aria-label="\(title)">\
        \(content())</svg></figure>

        """
    }

    /// The map as a file of its own, for light and dark screens.
    func svg() -> String {
        let full = height + HeatMap.titleHeight
        let width = Int(saturating: Plot.width)
        let document: Markup = """
            <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 \(width) \(number(full))" \
            width="\(width)" height="\(number(full))" role="img" aria-label="\(title)">
            <style>\(Markup(verbatim: Palette.style + Plot.style + HeatMap.fileStyle))</style>
            <rect class="paper" width="100%" height="100%"/>
            <text class="title" x="12" y="19">\(title)</text>
            <g transform="translate(0 \(number(HeatMap.titleHeight)))">\(content())</g></svg>

            """
        return document.text
    }

    private static let titleHeight = 28.0
    private static let fileStyle =
        ".paper{fill:var(--card)}.title{font:600 14px system-ui,sans-serif;fill:var(--fg)}"

    private func content() -> Markup {
        let cells = rows.indices.flatMap { row in columns.indices.map { cell(row, $0) } }.joined()
        let floor = Plot.top + Double(rows.count) * cellHeight
        let every = max(1, Int(saturating: (HeatMap.labelWidth / cellWidth).rounded(.up)))
        let below = columns.indices.filter { $0 % every == 0 }.map { column -> Markup in
            let at = number(Plot.left + (Double(column) + 0.5) * cellWidth)
            return """
                <text class="tick" x="\(at)" y="\(number(floor + 16))" text-anchor="middle">\(columns[column])</text>
                """
        }.joined()
        let beside = rows.indices.map { row -> Markup in
            let at = number(Plot.top + (Double(row) + 0.5) * cellHeight)
            return """
                <text class="tick" x="\(number(Plot.left - 6))" y="\(at)" dy="0.32em" text-anchor="end">\(rows[row])</text>
                """
        }.joined()
        let middle = number((Plot.left + Plot.width - Plot.right) / 2)
        let labels: Markup = """
            <text class="label" x="\(middle)" y="\(number(height - 6))" text-anchor="middle">\(xLabel)</text>\
            <text class="label" transform="translate(11 \(number((Plot.top + floor) / 2))) rotate(-90)" \
            text-anchor="middle">\(yLabel)</text>
            """
        return cells + below + beside + labels
    }

    /// The darker, the more; a cell of nothing has its border alone, so that colours are not all that tells them apart.
    private func cell(_ row: Int, _ column: Int) -> Markup {
        let share = shares[row][column]
        guard share.isFinite else { return "" }
        let (x, y) = (Plot.left + Double(column) * cellWidth, Plot.top + Double(row) * cellHeight)
        let opacity = "\((min(max(share, 0), 1) * 0.85 * 100).rounded() / 100)"
        let text: Markup =
            cellWidth < HeatMap.textWidth
            ? ""
            : """
            <text class="tick" x="\(number(x + cellWidth / 2))" y="\(number(y + cellHeight / 2))" dy="0.32em" \
            text-anchor="middle">\(NumberText.figure(share * 100, digits: 2))</text>
            """
        return """
            <g><title>\(notes[row][column])</title><rect class="grid f1" x="\(number(x))" y="\(number(y))" \
            width="\(number(cellWidth))" height="\(number(cellHeight))" fill-opacity="\(opacity)"/>\(text)</g>
            """
    }
}
