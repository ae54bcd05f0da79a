import CommandLineKit
import Foundation
import Replay

extension WorkFit {
    /// Reads what `book --work --costs` writes: the columns `kind` and `service_ns`, in any order.
    init(path: String, overheadSeconds: Double, overheadVariation: Double) throws {
        guard let data = FileManager.default.contents(atPath: path) else {
            throw ToolError("no such file", file: path, exit: .badInput)
        }
        guard let text = String(data: data, encoding: .utf8) else {
            throw ToolError("not text in UTF-8", file: path, exit: .badInput)
        }
        self.init(
            orderSeconds: [], cancelSeconds: [], overheadSeconds: overheadSeconds,
            overheadVariation: overheadVariation)
        var places: (kind: Int, service: Int, count: Int)?
        for (index, line) in text.split(whereSeparator: \.isNewline).enumerated() {
            let fields = line.split(separator: ",", omittingEmptySubsequences: false)
            guard let places else {
                guard let kind = fields.firstIndex(of: "kind"),
                    let service = fields.firstIndex(of: "service_ns")
                else {
                    throw ToolError(
                        "expected the columns kind and service_ns, as 'highwater book --work' writes them with --costs",
                        file: path, line: 1, column: 1, exit: .badInput)
                }
                places = (kind, service, fields.count)
                continue
            }
            let column = fields.prefix(places.service).reduce(1) { $0 + $1.count + 1 }
            guard fields.count == places.count else {
                throw ToolError(
                    "expected \(places.count) fields, found \(fields.count)", file: path, line: index + 1,
                    column: 1, exit: .badInput)
            }
            guard let nanoseconds = Double(fields[places.service]), nanoseconds >= 0, nanoseconds.isFinite
            else {
                throw ToolError(
                    "'\(fields[places.service])' is not a number of nanoseconds", file: path, line: index + 1,
                    column: column, exit: .badInput)
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
