/// A small image to draw plots on: anti-aliased strokes, fills and text, in RGB.
struct Canvas: Sendable {
    /// A colour, 0 to 255 each.
    struct Colour: Sendable, Equatable {
        var red: Int
        var green: Int
        var blue: Int

        init(_ code: Int) {
            red = code >> 16 & 0xFF
            green = code >> 8 & 0xFF
            blue = code & 0xFF
        }
    }

    typealias Point = (x: Double, y: Double)

    /// Size in pixels.
    let width: Int
    let height: Int
    /// Pixels to a unit of what is drawn.
    let scale: Double
    /// Units by which what is drawn lies lower.
    var drop = 0.0
    /// Row by row from the top, three bytes a pixel.
    private(set) var pixels: [UInt8]

    /// An empty image of a size in units.
    init(width: Double, height: Double, scale: Double, background: Colour) {
        self.scale = scale
        self.width = Int(saturating: (width * scale).rounded())
        self.height = Int(saturating: (height * scale).rounded())
        let colour = [UInt8(background.red), UInt8(background.green), UInt8(background.blue)]
        pixels = [UInt8]((0..<self.width * self.height).flatMap { _ in colour })
    }

    /// Draws lines through points, in units with y down. What crosses itself is not darker there.
    mutating func stroke(
        _ lines: [[Point]], width lineWidth: Double, _ colour: Colour, opacity: Double = 1
    ) {
        let reach = lineWidth * scale / 2
        let scaled = lines.map { line in line.map { ($0.x * scale, ($0.y + drop) * scale) } }
        guard let box = bounds(scaled, margin: reach + 1) else { return }
        let columns = box.x.count
        var coverage = [Float](repeating: 0, count: columns * box.y.count)
        for line in scaled {
            for index in line.indices where index > 0 || line.count == 1 {
                let (from, to) = (line[max(0, index - 1)], line[index])
                guard let near = bounds([[from, to]], margin: reach + 1) else { continue }
                for y in near.y {
                    for x in near.x {
                        let gap = Canvas.distance((Double(x) + 0.5, Double(y) + 0.5), from, to)
                        let covered = Float(min(1, max(0, reach + 0.5 - gap)))
                        let place = (y - box.y.lowerBound) * columns + x - box.x.lowerBound
                        if covered > coverage[place] { coverage[place] = covered }
                    }
                }
            }
        }
        for y in box.y {
            for x in box.x {
                let covered = coverage[(y - box.y.lowerBound) * columns + x - box.x.lowerBound]
                if covered > 0 { blend(x, y, colour, Double(covered) * opacity) }
            }
        }
    }

    /// Fills between two curves over the same x, which rise.
    mutating func fill(
        x: [Double], from lower: [Double], to upper: [Double], _ colour: Colour, opacity: Double
    ) {
        guard x.count > 1 else { return }
        for index in 1..<x.count where x[index] > x[index - 1] {
            let first = max(0, Int(saturating: (x[index - 1] * scale).rounded()))
            let last = min(width, Int(saturating: (x[index] * scale).rounded()))
            guard first < last else { continue }
            for column in first..<last {
                let share = ((Double(column) + 0.5) / scale - x[index - 1]) / (x[index] - x[index - 1])
                let low = (lower[index - 1] + share * (lower[index] - lower[index - 1]) + drop) * scale
                let high = (upper[index - 1] + share * (upper[index] - upper[index - 1]) + drop) * scale
                fillColumn(column, min(low, high), max(low, high), colour, opacity)
            }
        }
    }

    private mutating func fillColumn(
        _ x: Int, _ top: Double, _ bottom: Double, _ colour: Colour, _ opacity: Double
    ) {
        let first = max(0, Int(saturating: top.rounded(.down)))
        let last = min(height - 1, Int(saturating: bottom.rounded(.down)))
        guard first <= last else { return }
        for y in first...last {
            let covered = min(bottom, Double(y) + 1) - max(top, Double(y))
            blend(x, y, colour, opacity * max(0, covered))
        }
    }

    /// Where a text stands about its point.
    enum Anchor: Sendable {
        case start, middle, end
    }

    /// Draws a text whose base line passes through a point; a quarter turn to the left where it is upright.
    mutating func text(
        _ text: String, at point: Point, size: Double, _ colour: Colour, anchor: Anchor = .start,
        isUpright: Bool = false, weight: Double = 0.1
    ) {
        let unit = size * 0.72 / StrokeFont.capitalHeight
        let (lines, width) = StrokeFont.strokes(text)
        let shift = anchor == .start ? 0 : anchor == .middle ? width / 2 : width
        let placed = lines.map { line in
            line.map { place -> Point in
                let (along, up) = ((place.x - shift) * unit, place.y * unit)
                return isUpright ? (point.x - up, point.y - along) : (point.x + along, point.y - up)
            }
        }
        stroke(placed, width: size * weight, colour)
    }

    /// The width of a text in units.
    static func width(of text: String, size: Double) -> Double {
        StrokeFont.strokes(text).width * size * 0.72 / StrokeFont.capitalHeight
    }

    /// A text in lines no wider than so many units, broken between words where it can be, the last one cut short where
    /// there would be more of them.
    static func wrap(_ text: String, width: Double, size: Double, most: Int = 3) -> [String] {
        var lines: [String] = []
        var rest = text[...]
        while !rest.isEmpty {
            // The longest beginning that fits; at least a character.
            var (fits, over) = (1, rest.count + 1)
            while over - fits > 1 {
                let middle = (fits + over) / 2
                if Canvas.width(of: String(rest.prefix(middle)), size: size) <= width {
                    fits = middle
                } else {
                    over = middle
                }
            }
            var line = rest.prefix(fits)
            if fits < rest.count, lines.count + 1 == most {
                return lines + [line.dropLast() + "…"]
            }
            if fits < rest.count, let space = line.lastIndex(of: " "), space > line.startIndex {
                line = line[..<space]
            }
            lines.append(String(line))
            rest = rest[line.endIndex...].drop { $0 == " " }
        }
        return lines
    }

    private mutating func blend(_ x: Int, _ y: Int, _ colour: Colour, _ share: Double) {
        let place = (y * width + x) * 3
        func mixed(_ old: UInt8, _ new: Int) -> UInt8 {
            UInt8(saturating: min(255, max(0, (Double(old) + (Double(new) - Double(old)) * share).rounded())))
        }
        pixels[place] = mixed(pixels[place], colour.red)
        pixels[place + 1] = mixed(pixels[place + 1], colour.green)
        pixels[place + 2] = mixed(pixels[place + 2], colour.blue)
    }

    /// The pixels that lines may touch; nil where they lie beside the image.
    private func bounds(
        _ lines: [[(Double, Double)]], margin: Double
    ) -> (x: Range<Int>, y: Range<Int>)? {
        let xs = lines.joined().map(\.0)
        let ys = lines.joined().map(\.1)
        guard let left = xs.min(), let right = xs.max(), let top = ys.min(), let bottom = ys.max() else {
            return nil
        }
        func range(_ low: Double, _ high: Double, _ count: Int) -> Range<Int> {
            let end = min(Double(count), max(0, (high + margin).rounded(.down) + 1))
            let start = min(end, max(0, (low - margin).rounded(.down)))
            return Int(saturating: start)..<Int(saturating: end)
        }
        guard left.isFinite, right.isFinite, top.isFinite, bottom.isFinite else { return nil }
        let (x, y) = (range(left, right, width), range(top, bottom, height))
        return x.isEmpty || y.isEmpty ? nil : (x, y)
    }

    /// From a point to the stretch between two others.
    private static func distance(
        _ point: (Double, Double), _ from: (Double, Double), _ to: (Double, Double)
    ) -> Double {
        let (dx, dy) = (to.0 - from.0, to.1 - from.1)
        let length = dx * dx + dy * dy
        let along = length > 0 ? ((point.0 - from.0) * dx + (point.1 - from.1) * dy) / length : 0
        let share = min(1, max(0, along))
        let (gapX, gapY) = (point.0 - from.0 - share * dx, point.1 - from.1 - share * dy)
        return (gapX * gapX + gapY * gapY).squareRoot()
    }
}
