import Foundation
import Numerics

extension WindowMoments {
    /// The most stretches, the latest, that count once more for their phase.
    static let mostNearOrigin = 160

    /// Adds the same of stretches that end within two twenty-fourths of a season of the origin's phase,
    /// weighted.
    static func addNearOrigin(
        _ u: [Double], shape: Shape, stretches: Int, phaseWeight: Double, to values: inout [Float]
    ) {
        let (span, horizon, season) = (shape.span, shape.horizon, shape.season)
        let width = Double(season) / 24
        let reach = Int(2 * width)
        var kernel: [(start: Int, weight: Double)] = []
        for start in 0..<stretches {
            let phase = (u.count - span - start) % season
            let distance = min(phase, season - phase)
            guard distance <= reach else { continue }
            let scaled = Double(distance) / width
            kernel.append((start, exp(-0.5 * scaled * scaled)))
        }
        kernel = kernel.suffix(mostNearOrigin)
        let total = kernel.reduce(0) { $0 + $1.weight }
        let share = phaseWeight / ((1 + phaseWeight) * max(total, 1e-12))
        var design = [Float](repeating: 0, count: kernel.count * span)
        var response = [Float](repeating: 0, count: kernel.count * horizon)
        for (row, (start, weight)) in kernel.enumerated() {
            let size = (weight * share).squareRoot()
            var anchor = 0.0
            for index in (start + span - season)..<(start + span) { anchor += u[index] }
            anchor /= Double(season)
            for index in 0..<span { design[row * span + index] = Float((u[start + index] - anchor) * size) }
            for step in 0..<horizon {
                let value = u[start + span + step] - u[start + span - season + step % season]
                let bounded = value < -bound ? -bound : value
                response[row * horizon + step] = Float((bounded > bound ? bound : bounded) * size)
            }
        }
        let gram = SinglePrecision.gram(design, rows: kernel.count, columns: span)
        for row in 0..<span {
            let start = row * (row + 1) / 2
            for column in 0...row { values[start + column] += gram[row * span + column] }
        }
        let cross = SinglePrecision.transposedProduct(
            response, design, rows: kernel.count, columnsA: horizon, columnsB: span)
        for index in cross.indices { values[shape.packed + index] += cross[index] }
    }
}
