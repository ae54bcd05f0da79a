import CommandLineKit
import OrderBook

extension OperationCosts {
    /// Reads the table that `highwater-bench book --costs` writes.
    init(path: String) throws {
        let lines = try TextLines(path: path).lines
        do {
            try self.init(lines: lines)
        } catch {
            throw ToolError(
                error.message, file: path, line: error.line, column: error.column, exit: .badInput)
        }
    }
}
