extension Plot {
    private static let colours = [
        0x2563A8, 0xC2571A, 0x2F7D4F, 0x8A4FA3, 0xB3892B, 0x7A828A, 0x17858A, 0xC2407A,
    ].map(Canvas.Colour.init)
    private static let soft = Canvas.Colour(0x5D6670)
    private static let faint = Canvas.Colour(0xDFE2E5)
    private static let dark = Canvas.Colour(0x1C2024)
    private static let fontSize = 11.0
    private static let titleSize = 13.0
    private static let titleHeight = 24.0
    private static let titleLine = 17.0
    private static let legendHeight = 22.0

    /// The plot as a PNG, at so many pixels to a unit of the page.
    func png(scale: Double = 1.5) -> [UInt8] {
        let rows = legendRows()
        let titleLines = Canvas.wrap(title, width: Plot.width - 24, size: Plot.titleSize)
        let more = Double(max(0, titleLines.count - 1)) * Plot.titleLine
        let full = Plot.titleHeight + more + height + Double(rows.count) * Plot.legendHeight + 4
        var canvas = Canvas(
            width: Plot.width, height: full, scale: scale, background: Canvas.Colour(0xFFFFFF))
        for line in titleLines {
            canvas.text(line, at: (12, 16), size: Plot.titleSize, Plot.dark, weight: 0.13)
            canvas.drop += Plot.titleLine
        }
        canvas.drop = more
        drawGrid(&canvas)
        for layer in layers { draw(layer, &canvas) }
        drawLegend(rows, &canvas)
        return PNGImage.encode(pixels: canvas.pixels, width: canvas.width, height: canvas.height)
    }

    /// A point of the plot on the image, below the title.
    private func place(_ xValue: Double, _ yValue: Double) -> Canvas.Point {
        (px(xValue), py(yValue) + Plot.titleHeight)
    }

    private var floor: Double { height - Plot.bottom + Plot.titleHeight }
    private var ends: (left: Double, right: Double) { (Plot.left, Plot.width - Plot.right) }

    private func drawGrid(_ canvas: inout Canvas) {
        for tick in y.ticks(5) {
            let at = py(tick.value) + Plot.titleHeight
            canvas.stroke([[(ends.left, at), (ends.right, at)]], width: 1, Plot.faint)
            canvas.text(
                tick.label, at: (ends.left - 6, at + 4), size: Plot.fontSize, Plot.soft, anchor: .end)
        }
        for tick in x.ticks(8) {
            let at = px(tick.value)
            canvas.stroke([[(at, floor), (at, floor + 4)]], width: 1, Plot.soft)
            canvas.text(tick.label, at: (at, floor + 16), size: Plot.fontSize, Plot.soft, anchor: .middle)
        }
        canvas.stroke([[(ends.left, floor), (ends.right, floor)]], width: 1, Plot.soft)
        canvas.text(
            x.label, at: ((ends.left + ends.right) / 2, floor + 34), size: Plot.fontSize, Plot.soft,
            anchor: .middle)
        canvas.text(
            y.label, at: (14, (floor + Plot.titleHeight + Plot.top) / 2), size: Plot.fontSize, Plot.soft,
            anchor: .middle, isUpright: true)
    }

    private func draw(_ layer: Layer, _ canvas: inout Canvas) {
        let colour = Plot.colours[layer.colour % Plot.colours.count]
        switch layer {
        case .line(_, _, let xs, let ys, let dashed):
            let lines = pieces(xs, ys)
            canvas.stroke(dashed ? Plot.dashes(lines, on: 5, off: 4) : lines, width: 1.6, colour)
        case .steps(_, _, let xs, let ys):
            let held = Plot.held(xs, ys)
            canvas.stroke(pieces(held.x, held.y), width: 1.6, colour)
        case .band(_, _, let xs, let lo, let hi):
            let usable = xs.indices.filter { lo[$0].isFinite && hi[$0].isFinite }
            canvas.fill(
                x: usable.map { px(xs[$0]) }, from: usable.map { py(lo[$0]) + Plot.titleHeight },
                to: usable.map { py(hi[$0]) + Plot.titleHeight }, colour, opacity: 0.22)
        case .whiskers(_, _, let xs, let lo, let hi):
            let usable = xs.indices.filter { lo[$0].isFinite && hi[$0].isFinite }
            canvas.stroke(
                usable.map { [place(xs[$0], lo[$0]), place(xs[$0], hi[$0])] }, width: 1.6, colour)
        case .points(_, _, let xs, let ys, _):
            let lines = xs.indices.filter { ys[$0].isFinite }.map { [place(xs[$0], ys[$0])] }
            canvas.stroke(lines, width: 6.4, colour)
        case .level(_, _, let value):
            let at = py(value) + Plot.titleHeight
            canvas.stroke(
                Plot.dashes([[(ends.left, at), (ends.right, at)]], on: 3, off: 3), width: 1.4, colour)
        case .moment(_, _, let value):
            let at = px(value)
            canvas.stroke(
                Plot.dashes([[(at, Plot.top + Plot.titleHeight), (at, floor)]], on: 3, off: 3), width: 1.4,
                colour)
        }
    }

    /// Lines through the finite points, broken where one is missing.
    private func pieces(_ xs: [Double], _ ys: [Double]) -> [[Canvas.Point]] {
        var lines: [[Canvas.Point]] = [[]]
        for index in xs.indices {
            if xs[index].isFinite, ys[index].isFinite {
                lines[lines.count - 1].append(place(xs[index], ys[index]))
            } else if lines.last?.isEmpty == false {
                lines.append([])
            }
        }
        return lines.filter { !$0.isEmpty }
    }

    /// A line cut into dashes, along its length.
    private static func dashes(_ lines: [[Canvas.Point]], on: Double, off: Double) -> [[Canvas.Point]] {
        var result: [[Canvas.Point]] = []
        for line in lines {
            var dash: [Canvas.Point] = line.prefix(1).map { $0 }
            var isOn = true
            var left = on
            for (from, to) in zip(line, line.dropFirst()) {
                let length = ((to.x - from.x) * (to.x - from.x) + (to.y - from.y) * (to.y - from.y))
                    .squareRoot()
                var done = 0.0
                while length - done > left {
                    done += left
                    let share = done / length
                    let point = (from.x + share * (to.x - from.x), from.y + share * (to.y - from.y))
                    if isOn { result.append(dash + [point]) }
                    isOn.toggle()
                    dash = [point]
                    left = isOn ? on : off
                }
                left -= length - done
                if isOn { dash.append(to) }
            }
            if isOn, dash.count > 1 { result.append(dash) }
        }
        return result
    }

    // MARK: - Legend

    static let keyWidth = 24.0
    private static let keyGap = 18.0

    /// The width of a layer's entry.
    static func legendWidth(_ layer: Layer) -> Double {
        keyWidth + Canvas.width(of: layer.name, size: fontSize) + keyGap
    }

    /// The named layers in rows that fit the width.
    func legendRows() -> [[Layer]] {
        var rows: [[Layer]] = []
        var used = Double.infinity
        for layer in layers where !layer.name.isEmpty {
            let width = Plot.legendWidth(layer)
            if used + width > Plot.width - Plot.left {
                rows.append([])
                used = 0
            }
            rows[rows.count - 1].append(layer)
            used += width
        }
        return rows
    }

    private func drawLegend(_ rows: [[Layer]], _ canvas: inout Canvas) {
        for (row, layers) in rows.enumerated() {
            let base = Plot.titleHeight + height + (Double(row) + 0.6) * Plot.legendHeight
            var x = Plot.left
            for layer in layers {
                let colour = Plot.colours[layer.colour % Plot.colours.count]
                let key: [Canvas.Point] = [(x, base - 4), (x + 18, base - 4)]
                switch layer {
                case .band: canvas.stroke([key], width: 9, colour, opacity: 0.3)
                case .points: canvas.stroke([[(x + 9, base - 4)]], width: 6.4, colour)
                case .line(_, _, _, _, true), .level, .moment:
                    canvas.stroke(Plot.dashes([key], on: 4, off: 3), width: 1.6, colour)
                case .line, .steps, .whiskers: canvas.stroke([key], width: 1.8, colour)
                }
                canvas.text(layer.name, at: (x + Plot.keyWidth, base), size: Plot.fontSize, Plot.soft)
                x += Plot.legendWidth(layer)
            }
        }
    }
}
