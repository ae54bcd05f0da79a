/// A plot as inline SVG: layers over two axes, with a legend below. Colours are the page's own (`--c0` … `--c7`), so
/// that it reads in light and in dark.
struct Plot: Sendable {
    /// Something drawn between the axes.
    enum Layer: Sendable {
        /// A line through points; a gap where y is not finite.
        case line(name: String, colour: Int, x: [Double], y: [Double], dashed: Bool = false)
        /// A line that holds each value until the next point.
        case steps(name: String, colour: Int, x: [Double], y: [Double])
        /// The area between two curves.
        case band(name: String, colour: Int, x: [Double], lo: [Double], hi: [Double])
        /// An upright line from one value to another, at each x.
        case whiskers(name: String, colour: Int, x: [Double], lo: [Double], hi: [Double])
        /// Points with a note that shows on hover.
        case points(name: String, colour: Int, x: [Double], y: [Double], notes: [String])
        /// A level across the plot.
        case level(name: String, colour: Int, y: Double)
        /// A moment or load up the plot.
        case moment(name: String, colour: Int, x: Double)
    }

    var title: String
    var x: Axis
    var y: Axis
    var layers: [Layer]
    var height = 260.0

    static let width = 780.0
    static let left = 68.0
    static let right = 14.0
    static let top = 12.0
    static let bottom = 44.0

    /// How lines, areas and texts of a plot look.
    static let style = """
        .tick,.label{font:11px system-ui,sans-serif;fill:var(--soft)}.grid{stroke:var(--line)}.axis,.mark{stroke:var(--soft)}
        .line{fill:none;stroke-width:1.6;stroke-linejoin:round}.dashed{stroke-dasharray:5 4}
        .rule{stroke-width:1.4;stroke-dasharray:3 3}.whisker{stroke-width:1.6}.band{opacity:.22;stroke:none}
        .s0{stroke:var(--c0)}.s1{stroke:var(--c1)}.s2{stroke:var(--c2)}.s3{stroke:var(--c3)}.s4{stroke:var(--c4)}.s5{stroke:var(--c5)}.s6{stroke:var(--c6)}.s7{stroke:var(--c7)}
        .f0{fill:var(--c0)}.f1{fill:var(--c1)}.f2{fill:var(--c2)}.f3{fill:var(--c3)}.f4{fill:var(--c4)}.f5{fill:var(--c5)}.f6{fill:var(--c6)}.f7{fill:var(--c7)}
        """

    /// The plot as one `<figure>`.
    func figure() -> Markup {
        let legend = layers.filter { !$0.name.isEmpty }.map { layer -> Markup in
            "<span class=\"key\"><i class=\"\(layer.keyClass) k\(layer.colour)\"></i>\(layer.name)</span>"
        }.joined()
        return """
            <figure><figcaption>\(title)</figcaption>
            <svg viewBox="0 0 \(Int(saturating: Plot.width)) \(Int(saturating: height))" role="img" aria-label="\(title)">\(content())</svg>
            <div class="legend">\(legend)</div></figure>

            """
    }

    func content() -> Markup { grid() + "<g>\(layers.map(draw).joined())</g>" }

    func px(_ value: Double) -> Double {
        Plot.left + min(max(x.position(of: value), -0.02), 1.02) * (Plot.width - Plot.left - Plot.right)
    }

    func py(_ value: Double) -> Double {
        height - Plot.bottom - min(max(y.position(of: value), -0.02), 1.03)
            * (height - Plot.top - Plot.bottom)
    }

    private func grid() -> Markup {
        let floor = number(height - Plot.bottom)
        let rows = y.ticks(5).map { tick -> Markup in
            let at = number(py(tick.value))
            return """
                <line class="grid" x1="\(number(Plot.left))" x2="\(number(Plot.width - Plot.right))" y1="\(at)" y2="\(at)"/>\
                <text class="tick" x="\(number(Plot.left - 6))" y="\(at)" dy="0.32em" text-anchor="end">\(tick.label)</text>
                """
        }
        let columns = x.ticks(8).map { tick -> Markup in
            let at = number(px(tick.value))
            return """
                <line class="mark" x1="\(at)" x2="\(at)" y1="\(floor)" y2="\(number(height - Plot.bottom + 4))"/>\
                <text class="tick" x="\(at)" y="\(number(height - Plot.bottom + 16))" text-anchor="middle">\(tick.label)</text>
                """
        }
        let middle = number((Plot.left + Plot.width - Plot.right) / 2)
        let axis: Markup = """
            <line class="axis" x1="\(number(Plot.left))" x2="\(number(Plot.width - Plot.right))" y1="\(floor)" y2="\(floor)"/>\
            <text class="label" x="\(middle)" y="\(number(height - 6))" text-anchor="middle">\(x.label)</text>\
            <text class="label" transform="translate(11 \(number((height - Plot.bottom + Plot.top) / 2))) rotate(-90)" \
            text-anchor="middle">\(y.label)</text>
            """
        return rows.joined() + columns.joined() + axis
    }

    private func draw(_ layer: Layer) -> Markup {
        switch layer {
        case .line(_, let colour, let xs, let ys, let dashed):
            return "<path class=\"line s\(colour)\(dashed ? " dashed" : "")\" d=\"\(path(xs, ys))\"/>"
        case .steps(_, let colour, let xs, let ys):
            let held = Plot.held(xs, ys)
            return "<path class=\"line s\(colour)\" d=\"\(path(held.x, held.y))\"/>"
        case .band(_, let colour, let xs, let lo, let hi):
            let usable = xs.indices.filter { lo[$0].isFinite && hi[$0].isFinite }
            let up = usable.map { "\(number(px(xs[$0]))) \(number(py(hi[$0])))" }
            let back = usable.reversed().map { "\(number(px(xs[$0]))) \(number(py(lo[$0])))" }
            guard !up.isEmpty else { return "" }
            return "<path class=\"band f\(colour)\" d=\"M\((up + back).joined(separator: "L"))Z\"/>"
        case .whiskers(_, let colour, let xs, let lo, let hi):
            return xs.indices.filter { lo[$0].isFinite && hi[$0].isFinite }.map { index -> Markup in
                let at = number(px(xs[index]))
                return """
                    <line class="whisker s\(colour)" x1="\(at)" x2="\(at)" y1="\(number(py(lo[index])))" \
                    y2="\(number(py(hi[index])))"/>
                    """
            }.joined()
        case .points(_, let colour, let xs, let ys, let notes):
            return xs.indices.filter { ys[$0].isFinite }.map { index -> Markup in
                """
                <circle class="f\(colour)" cx="\(number(px(xs[index])))" cy="\(number(py(ys[index])))" r="3.2">\
                <title>\(index < notes.count ? notes[index] : "")</title></circle>
                """
            }.joined()
        case .level(_, let colour, let value):
            let at = number(py(value))
            return """
                <line class="rule s\(colour)" x1="\(number(Plot.left))" x2="\(number(Plot.width - Plot.right))" \
                y1="\(at)" y2="\(at)"/>
                """
        case .moment(_, let colour, let value):
            let at = number(px(value))
            return """
                <line class="rule s\(colour)" x1="\(at)" x2="\(at)" y1="\(number(Plot.top))" \
                y2="\(number(height - Plot.bottom))"/>
                """
        }
    }

    /// The corners of a curve that keeps each value until the next.
    static func held(_ xs: [Double], _ ys: [Double]) -> (x: [Double], y: [Double]) {
        var held: (x: [Double], y: [Double]) = ([], [])
        for index in xs.indices {
            if index > 0 {
                held.x.append(xs[index])
                held.y.append(ys[index - 1])
            }
            held.x.append(xs[index])
            held.y.append(ys[index])
        }
        return held
    }

    private func path(_ xs: [Double], _ ys: [Double]) -> String {
        var text = ""
        var drawing = false
        for index in xs.indices {
            guard ys[index].isFinite, xs[index].isFinite else {
                drawing = false
                continue
            }
            text += "\(drawing ? "L" : "M")\(number(px(xs[index]))) \(number(py(ys[index])))"
            drawing = true
        }
        return text
    }
}

extension Plot.Layer {
    var name: String {
        switch self {
        case .line(let name, _, _, _, _), .steps(let name, _, _, _), .band(let name, _, _, _, _),
            .whiskers(let name, _, _, _, _), .points(let name, _, _, _, _), .level(let name, _, _),
            .moment(let name, _, _):
            name
        }
    }

    var colour: Int {
        switch self {
        case .line(_, let colour, _, _, _), .steps(_, let colour, _, _), .band(_, let colour, _, _, _),
            .whiskers(_, let colour, _, _, _), .points(_, let colour, _, _, _), .level(_, let colour, _),
            .moment(_, let colour, _):
            colour
        }
    }

    var keyClass: String {
        switch self {
        case .line(_, _, _, _, let dashed): dashed ? "stroke dashed" : "stroke"
        case .steps, .whiskers: "stroke"
        case .band: "area"
        case .points: "dot"
        case .level, .moment: "stroke dotted"
        }
    }
}

/// A coordinate with one decimal.
func number(_ value: Double) -> String {
    let tenths = (value * 10).rounded()
    guard tenths.isFinite, abs(tenths) < 1e9 else { return "0" }
    let whole = Int(saturating: tenths)
    return whole % 10 == 0
        ? String(whole / 10) : "\(whole < 0 ? "-" : "")\(abs(whole) / 10).\(abs(whole) % 10)"
}
