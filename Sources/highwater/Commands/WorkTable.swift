import CommandLineKit
import Replay
import Tables

extension WorkFit {
    /// Reads what `book --work --costs` writes: the columns `kind` and `service_ns`, in any order.
    init(path: String, overheadSeconds: Double, overheadVariation: Double) throws {
        self.init(
            orderSeconds: [], cancelSeconds: [], overheadSeconds: overheadSeconds,
            overheadVariation: overheadVariation)
        let table = try TableReader(
            CommandTables.bookWork.description, path: path, columns: ["kind", "service_ns"],
            origin: "the columns kind and service_ns, as 'highwater book --work' writes them with --costs")
        for row in table.rows {
            let seconds = try table.number(row, "service_ns") * 1e-9
            guard seconds >= 0 else { throw table.error(row, "service_ns", "expected 0 or more") }
            switch table.text(row, "kind") {
            case "cancel", "reduce": cancelSeconds.append(seconds)
            default: orderSeconds.append(seconds)
            }
        }
        guard !table.rows.isEmpty else {
            throw ToolError("the table has no messages", file: path, exit: .badInput)
        }
    }
}
