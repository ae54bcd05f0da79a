/// The minimum of a function of a few variables without derivatives (Nelder and Mead 1965).
public enum SimplexSearch {
    /// Searches from a start with steps of a size; infinite or NaN values are walls.
    ///
    /// Restarted once from the best point, since a simplex may fall flat. Deterministic.
    public static func minimise(
        from start: [Double], step: Double = 0.5, iterations: Int = 400, _ function: ([Double]) -> Double
    ) -> (arguments: [Double], value: Double) {
        var best = search(start, step, iterations, function)
        let again = search(best.arguments, step / 5, iterations, function)
        if again.value < best.value { best = again }
        return best
    }

    private static func search(
        _ start: [Double], _ step: Double, _ iterations: Int, _ function: ([Double]) -> Double
    ) -> (arguments: [Double], value: Double) {
        func value(_ point: [Double]) -> Double {
            let value = function(point)
            return value.isNaN ? .infinity : value
        }
        let count = start.count
        var points = [(start, value(start))]
        for index in 0..<count {
            var point = start
            point[index] += step
            points.append((point, value(point)))
        }
        for _ in 0..<iterations {
            points.sort { $0.1 < $1.1 }
            guard points[count].1 - points[0].1 > 1e-10 * (abs(points[0].1) + 1e-10) else { break }
            let centre = (0..<count).map { axis in
                points[..<count].reduce(0) { $0 + $1.0[axis] } / Double(count)
            }
            func along(_ share: Double) -> ([Double], Double) {
                let point = (0..<count).map { centre[$0] + share * (points[count].0[$0] - centre[$0]) }
                return (point, value(point))
            }
            let reflected = along(-1)
            if reflected.1 < points[0].1 {
                let expanded = along(-2)
                points[count] = expanded.1 < reflected.1 ? expanded : reflected
            } else if reflected.1 < points[count - 1].1 {
                points[count] = reflected
            } else {
                let contracted = along(reflected.1 < points[count].1 ? -0.5 : 0.5)
                if contracted.1 < min(reflected.1, points[count].1) {
                    points[count] = contracted
                } else {
                    for index in 1...count {
                        let point = (0..<count).map { (points[0].0[$0] + points[index].0[$0]) / 2 }
                        points[index] = (point, value(point))
                    }
                }
            }
        }
        let best = points.min { $0.1 < $1.1 } ?? points[0]
        return (best.0, best.1)
    }

    /// The matrix of second derivatives at a point, row by row, by central differences.
    public static func curvature(
        at point: [Double], step: Double = 1e-3, _ function: ([Double]) -> Double
    ) -> [Double] {
        let count = point.count
        func value(_ moves: [(Int, Double)]) -> Double {
            var moved = point
            for (axis, size) in moves { moved[axis] += size * step }
            return function(moved)
        }
        let middle = function(point)
        var result = [Double](repeating: 0, count: count * count)
        for row in 0..<count {
            result[row * count + row] =
                (value([(row, 1)]) - 2 * middle + value([(row, -1)])) / (step * step)
            for column in 0..<row {
                let mixed =
                    value([(row, 1), (column, 1)]) - value([(row, 1), (column, -1)])
                    - value([(row, -1), (column, 1)]) + value([(row, -1), (column, -1)])
                result[row * count + column] = mixed / (4 * step * step)
                result[column * count + row] = result[row * count + column]
            }
        }
        return result
    }
}
