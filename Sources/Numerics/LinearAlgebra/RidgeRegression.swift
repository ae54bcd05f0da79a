import COpenBLAS

/// Weighted least squares with a penalty on each coefficient, by the normal equations and Cholesky's factor.
///
/// Minimises Σ w (y − Xβ)² + Σ λ β². Penalties make the normal matrix positive definite even where columns
/// coincide.
public struct RidgeRegression: Sendable {
    private let factor: Cholesky
    private let weightedDesign: [Double]
    private let rows: Int
    private let columns: Int

    /// Factorises the normal matrix of a design given row by row; without weights every row counts the same.
    ///
    /// Nil where the matrix is not positive definite. O(rows × columns²), once for any number of right sides.
    public init?(design: [Double], rows: Int, weights: [Double]?, penalties: [Double]) {
        let columns = penalties.count
        precondition(design.count == rows * columns, "one row for each observation")
        var weighted = design
        if let weights {
            precondition(weights.count == rows, "one weight for each observation")
            weighted.withUnsafeMutableBufferPointer { buffer in
                for row in 0..<rows {
                    let weight = weights[row]
                    for index in row * columns..<(row + 1) * columns { buffer[index] *= weight }
                }
            }
        }
        var normal = Matrix.transposedProduct(
            weighted, design, rows: rows, columnsA: columns, columnsB: columns)
        for column in 0..<columns { normal[column * columns + column] += penalties[column] }
        guard let factor = Cholesky(normal, order: columns) else { return nil }
        self.factor = factor
        self.rows = rows
        self.columns = columns
        weightedDesign = weighted
    }

    /// The coefficients of `count` responses, which lie one after another; the coefficients likewise.
    public func coefficients(_ responses: [Double], count: Int = 1) -> [Double] {
        precondition(responses.count == rows * count, "one response for each observation")
        var result = [Double](repeating: 0, count: columns * count)
        guard rows > 0, columns > 0, count > 0 else { return result }
        // Rows of `result` are right sides: responses (count × rows) times the weighted design (rows ×
        // columns).
        result = Matrix.product(responses, weightedDesign, rows: count, inner: rows, columns: columns)
        factor.solve(&result, count: count)
        return result
    }
}
