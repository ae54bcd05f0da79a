import Foundation
import Numerics
import TestSupport
import Testing

@Suite("Linear algebra agrees with slow and obvious arithmetic")
struct LinearAlgebraTests {
    /// A random matrix, row by row.
    private func random(_ rows: Int, _ columns: Int, seed: UInt64) -> [Double] {
        var generator = SplitMix64(seed: seed)
        return (0..<rows * columns).map { _ in 2 * generator.uniform() - 1 }
    }

    /// Gaussian elimination with partial pivoting.
    private func eliminate(_ matrix: [Double], _ right: [Double]) -> [Double] {
        let n = right.count
        var rows = (0..<n).map { Array(matrix[$0 * n..<($0 + 1) * n]) + [right[$0]] }
        for column in 0..<n {
            let pivot = (column..<n).max { abs(rows[$0][column]) < abs(rows[$1][column]) } ?? column
            rows.swapAt(column, pivot)
            for row in 0..<n where row != column {
                let factor = rows[row][column] / rows[column][column]
                for place in column...n { rows[row][place] -= factor * rows[column][place] }
            }
        }
        return (0..<n).map { rows[$0][n] / rows[$0][$0] }
    }

    @Test("products are sums over the inner index")
    func products() {
        let (rows, inner, columns) = (7, 5, 4)
        let a = random(rows, inner, seed: 1)
        let b = random(inner, columns, seed: 2)
        let c = Matrix.product(a, b, rows: rows, inner: inner, columns: columns)
        let d = random(rows, columns, seed: 3)
        let e = Matrix.transposedProduct(a, d, rows: rows, columnsA: inner, columnsB: columns)
        for row in 0..<rows {
            for column in 0..<columns {
                let sum = (0..<inner).reduce(0) { $0 + a[row * inner + $1] * b[$1 * columns + column] }
                #expect(abs(c[row * columns + column] - sum) < 1e-12)
            }
        }
        for row in 0..<inner {
            for column in 0..<columns {
                let sum = (0..<rows).reduce(0) { $0 + a[$1 * inner + row] * d[$1 * columns + column] }
                #expect(abs(e[row * columns + column] - sum) < 1e-12)
            }
        }
    }

    @Test("sums of vectors are those of their elements, however long")
    func sums() {
        var generator = SplitMix64(seed: 12)
        for length in [1, 255, 600] {
            let vectors = (0..<9).map { _ in (0..<length).map { _ in Float(generator.uniform() - 0.5) } }
            let entries = (0..<9).map { row in
                (0..<9).filter { ($0 + row) % 3 == 0 }.map {
                    (index: $0, weight: Float(generator.uniform()))
                }
            }
            for level in ProcessorLevel.available {
                let found = vectors.flatMap { $0 }.withUnsafeBufferPointer {
                    SinglePrecision.sums(
                        2..<7, of: $0, length: length, adding: entries, kernels: level.vectorKernels)
                }
                #expect(found.count == 5 * length)
                for row in 2..<7 {
                    for place in 0..<length {
                        let expected = entries[row].reduce(vectors[row][place]) {
                            $0 + $1.weight * vectors[$1.index][place]
                        }
                        #expect(abs(found[(row - 2) * length + place] - expected) < 1e-5)
                    }
                }
            }
        }
        let rows: [Float] = [1, 0, 0, 0, 1, 1]
        #expect(
            SinglePrecision.product([1, 2, 3], transposed: rows[...], rows: 1, inner: 3, columns: 2) == [
                1, 5,
            ])
        #expect(
            SinglePrecision.product([1, 2, 3, 0, 1, 0], transposed: rows[...], rows: 2, inner: 3, columns: 2)
                == [1, 5, 0, 1])
    }

    @Test("a system in single precision gives back what was multiplied, whatever the scale of its rows")
    func single() {
        let order = 23
        var generator = SplitMix64(seed: 5)
        let root = (0..<order * order).map { _ in generator.uniform() - 0.5 }
        let scales = (0..<order).map { pow(10, Double($0 % 7) - 3) }
        func element(_ row: Int, _ column: Int) -> Double {
            let sum = (0..<order).reduce(row == column ? 0.3 : 0) {
                $0 + root[row * order + $1] * root[column * order + $1]
            }
            return sum * scales[row] * scales[column]
        }
        var lower: [Float] = []
        for row in 0..<order { for column in 0...row { lower.append(Float(element(row, column))) } }
        let solution = (0..<order).map { Double($0 + 1) / scales[$0] }
        var right = (0..<order).map { row in
            Float((0..<order).reduce(0) { $0 + element(row, $1) * solution[$1] })
        }
        right += right.map { -2 * $0 }
        #expect(SingleCholesky.solve(lower: lower[...], order: order, &right, count: 2))
        for (index, found) in right.enumerated() {
            let expected = (index < order ? 1 : -2) * solution[index % order]
            #expect(abs(Double(found) / expected - 1) < 1e-3)
        }
        lower[lower.count - 1] = -1
        #expect(!SingleCholesky.solve(lower: lower[...], order: order, &right, count: 2))
        var two: [Float] = [1, 1]
        #expect(!SingleCholesky.solve(lower: [1, 2, 1], order: 2, &two))
        var one: [Float] = [6]
        #expect(SingleCholesky.solve(lower: [1], order: 1, ridge: 2, &one))
        #expect(abs(one[0] - 2) < 1e-6)
    }

    @Test("a vector's sum and its products with another are those of its elements")
    func vectors() {
        for count in [0, 1, 7, 8, 21] {
            let values = (0..<count + 3).map { Double($0 * $0) - 5 }
            var others = values.map { 2 - $0 }
            values.withUnsafeBufferPointer { values in
                let part = UnsafeBufferPointer(rebasing: values[3...])
                #expect(Vector.sum(part) == part.reduce(0, +))
            }
            #expect(
                Vector.dot(values, others, count: count)
                    == (0..<count).reduce(0) { $0 + values[$1] * others[$1] })
            Vector.add(3, values, to: &others, count: count)
            #expect((0..<count).allSatisfy { others[$0] == 2 + 2 * values[$0] })
            #expect(others[count] == 2 - values[count])
        }
    }

    @Test("an array filled in parts is the same on any number of threads")
    func filled() {
        for threads in [1, 3] {
            let found = Parallel.fill(100, parts: 10, threads: threads) { part, places in
                for place in part * 10..<part * 10 + 10 { places[place] = Float(place * place) }
            }
            #expect(found == (0..<100).map { Float($0 * $0) })
        }
        #expect(Parallel.fill(0, parts: 0, threads: 2) { _, _ in }.isEmpty)
    }

    @Test("a Cholesky solution is that of elimination", arguments: [1, 2, 9, 60])
    func cholesky(order: Int) throws {
        let root = random(order + 3, order, seed: UInt64(order))
        var matrix = Matrix.transposedProduct(
            root, root, rows: order + 3, columnsA: order, columnsB: order)
        for index in 0..<order { matrix[index * order + index] += 0.1 }
        let rights = (0..<3).map { random(order, 1, seed: UInt64(100 + $0)) }
        var solutions = rights.flatMap { $0 }
        try #require(Cholesky(matrix, order: order)).solve(&solutions, count: 3)
        for (index, right) in rights.enumerated() {
            for (ours, theirs) in zip(
                solutions[index * order..<(index + 1) * order], eliminate(matrix, right))
            {
                #expect(abs(ours - theirs) < 1e-8)
            }
        }
    }

    @Test("a matrix that is not positive definite has no factor")
    func indefinite() {
        #expect(Cholesky([1, 2, 2, 1], order: 2) == nil)
        #expect(Cholesky([0], order: 1) == nil)
    }

    @Test("ridge regression solves the penalised normal equations, for many responses at once")
    func ridge() throws {
        let (rows, columns) = (40, 6)
        let design = random(rows, columns, seed: 7)
        var generator = SplitMix64(seed: 8)
        let weights = (0..<rows).map { _ in generator.uniform() + 0.1 }
        let penalties = (0..<columns).map { 0.1 * Double($0 + 1) }
        let responses = random(2, rows, seed: 9)
        let regression = try #require(
            RidgeRegression(design: design, rows: rows, weights: weights, penalties: penalties))
        let found = regression.coefficients(responses, count: 2)
        for side in 0..<2 {
            var normal = [Double](repeating: 0, count: columns * columns)
            var right = [Double](repeating: 0, count: columns)
            for row in 0..<rows {
                for one in 0..<columns {
                    let weighted = weights[row] * design[row * columns + one]
                    right[one] += weighted * responses[side * rows + row]
                    for two in 0..<columns {
                        normal[one * columns + two] += weighted * design[row * columns + two]
                    }
                }
            }
            for column in 0..<columns { normal[column * columns + column] += penalties[column] }
            for (ours, theirs) in zip(found[side * columns..<(side + 1) * columns], eliminate(normal, right))
            {
                #expect(abs(ours - theirs) < 1e-10)
            }
        }
    }
}
