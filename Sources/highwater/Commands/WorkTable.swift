import CommandLineKit
import Foundation
import Replay

extension WorkFit {
    /// Reads what `book --work --costs` writes: the columns `kind` and `service_ns`, in any order.
    init(path: String, overheadSeconds: Double, overheadVariation: Double) throws {
        self.init(
            orderSeconds: [], cancelSeconds: [], overheadSeconds: overheadSeconds,
            overheadVariation: overheadVariation)
        var places: (kind: Int, service: Int, count: Int)?
        for record in try CSVRecords(path: path) {
            let fields = record.fields
            func failure(_ message: String, field: Int = 0) -> ToolError {
                let column = fields.prefix(field).reduce(1) { $0 + $1.count + 1 }
                return ToolError(message, file: path, line: record.line, column: column, exit: .badInput)
            }
            guard let places else {
                guard let kind = fields.firstIndex(of: "kind"),
                    let service = fields.firstIndex(of: "service_ns")
                else {
                    throw failure(
                        "expected the columns kind and service_ns, as 'highwater book --work' writes them with --costs"
                    )
                }
                places = (kind, service, fields.count)
                continue
            }
            guard fields.count == places.count else {
                throw failure("expected \(places.count) fields, found \(fields.count)")
            }
            let text = fields[places.service]
            guard let nanoseconds = Double(decimal: text), nanoseconds >= 0 else {
                throw failure("'\(text)' is not a number of nanoseconds", field: places.service)
            }
            if fields[places.kind] == "cancel" || fields[places.kind] == "reduce" {
                cancelSeconds.append(nanoseconds * 1e-9)
            } else {
                orderSeconds.append(nanoseconds * 1e-9)
            }
        }
        guard !orderSeconds.isEmpty || !cancelSeconds.isEmpty else {
            throw ToolError("there is no message in it", file: path, exit: .badInput)
        }
    }
}
