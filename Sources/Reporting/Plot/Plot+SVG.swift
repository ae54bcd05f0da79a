extension Plot {
    private static let titleHeight = 28.0
    private static let legendHeight = 20.0

    /// The plot as a file of its own: title, plot and legend, for light and dark screens, without a network.
    func svg() -> String {
        let rows = legendRows()
        let full = Plot.titleHeight + height + Double(rows.count) * Plot.legendHeight + 8
        let width = Int(saturating: Plot.width)
        let document: Markup = """
            <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 \(width) \(number(full))" \
            width="\(width)" height="\(number(full))" role="img" aria-label="\(title)">
            <style>\(Markup(verbatim: Palette.style + Plot.style + Plot.fileStyle))</style>
            <rect class="paper" width="100%" height="100%"/>
            <text class="title" x="12" y="19">\(title)</text>
            <g transform="translate(0 \(number(Plot.titleHeight)))">\(content())</g>
            \(legend(rows))</svg>

            """
        return document.text
    }

    /// What only a file needs: on a page the page says it.
    private static let fileStyle = """
        .paper{fill:var(--card)}.title{font:600 14px system-ui,sans-serif;fill:var(--fg)}\
        .entry{font:11px system-ui,sans-serif;fill:var(--soft)}.dotted{stroke-dasharray:3 3}\
        .area{opacity:.3;stroke-width:9}
        """

    private func legend(_ rows: [[Layer]]) -> Markup {
        rows.enumerated().map { row, layers -> Markup in
            let base = Plot.titleHeight + height + (Double(row) + 0.6) * Plot.legendHeight
            var x = Plot.left
            return layers.map { layer -> Markup in
                let at = x
                x += Plot.legendWidth(layer)
                return """
                    \(Plot.key(layer, x: at, y: base - 4))<text class="entry" x="\(number(at + Plot.keyWidth))" \
                    y="\(number(base))">\(layer.name)</text>
                    """
            }.joined()
        }.joined()
    }

    private static func key(_ layer: Layer, x: Double, y: Double) -> Markup {
        let colour = layer.colour
        if case .points = layer {
            return "<circle class=\"f\(colour)\" cx=\"\(number(x + 9))\" cy=\"\(number(y))\" r=\"3.2\"/>"
        }
        let name = layer.keyClass.replacing("stroke ", with: "")
        return """
            <line class="s\(colour) \(name)" stroke-width="1.8" x1="\(number(x))" x2="\(number(x + 18))" \
            y1="\(number(y))" y2="\(number(y))"/>
            """
    }
}
