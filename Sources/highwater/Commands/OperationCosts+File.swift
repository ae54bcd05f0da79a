import CommandLineKit
import OrderBook

extension OperationCosts {
    /// Reads the table that `highwater-bench book --costs` writes.
    init(path: String) throws {
        let lines: [Substring]
        do {
            lines = try TextLines(path: path, member: "*").lines
        } catch {
            throw ToolError(error.message, file: error.path, exit: .badInput)
        }
        do {
            try self.init(lines: lines)
        } catch {
            throw ToolError(
                error.message, file: path, line: error.line, column: error.column, exit: .badInput)
        }
    }
}
