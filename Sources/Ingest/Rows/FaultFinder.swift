/// Finds where in a bad row the fault lies. It is asked about the rows that are kept as examples alone, so it
/// looks at them anew rather than that parsers keep account of every field.
final class FaultFinder {
    private let found: Finding
    private let path: [String]?
    private var fields: CloudFrontFormat.W3CFields?

    init(_ found: Finding) {
        self.found = found
        path =
            switch found.container {
            case .jsonLines(let shape), .jsonArray(let shape): shape.paths
            case .lines, .jsonDocument: found.format == .nginxPlusStatus ? NginxPlusFormat.paths : nil
            }
    }

    /// Takes note of a line that begins with `#`.
    func note(directive: Bytes) {
        if found.format == .cloudFront, let named = CloudFrontFormat.W3CFields(directive) { fields = named }
    }

    /// The bytes of a row before the fault; nil where it is the row as a whole.
    func offset(of reason: BadRow, in row: Bytes) -> Int? {
        switch reason {
        case .lineTooLong, .logLine, .tooManySeries: return nil
        case .json: return found.format == .webSocketCapture ? frameFault(row) : JSONText.faultOffset(row)
        default: break
        }
        if let path { return JSONFaults(paths: path, found.format, found.table).offset(of: reason, in: row) }
        if let faults = tableFaults(of: reason, in: row) { return faults.offset(of: reason, in: row) }
        switch found.format {
        case .webSocketCapture: return reason == .time || reason == .timeOutOfRange ? 0 : nil
        case .accessLog: return AccessLogFaults.offset(of: reason, in: row)
        case .awsLoadBalancer, .envoy, .haproxy:
            return TokenFaults(found.format).offset(of: reason, in: row)
        case .krakenTrades:
            return JSONFaults.element([.price: 0, .quantity: 1, .time: 2, .side: 3, .id: 6], reason, row)
        case .prometheusMatrix: return JSONFaults.element([.time: 0, .value: 1], reason, row)
        default: return nil
        }
    }

    /// The columns of formats that are tables, whether a header names them or not.
    private func tableFaults(of reason: BadRow, in row: Bytes) -> TableFaults? {
        switch found.format {
        case .lobsterMessages:
            return TableFaults(
                delimiter: 0x2C, columnCount: 6,
                columns: [.time: 0, .kind: 1, .id: 2, .quantity: 3, .price: 4, .side: 5])
        case .accessTable:
            return TableFaults(
                delimiter: 0x2C, columnCount: 4, mayTrail: true,
                columns: [.time: 1, .status: 3, .bytes: 4])
        case .cloudFront:
            guard let fields else { return nil }
            var columns: [ColumnRole: Int] = [.time: fields.date ?? fields.time, .status: fields.status]
            columns[.bytes] = fields.bytes
            return TableFaults(
                delimiter: row.contains(0x09) ? 0x09 : 0x20, columnCount: fields.count, columns: columns)
        case .krakenTrades, .webSocketCapture: return nil
        default:
            return found.table.map { table in
                TableFaults(
                    delimiter: table.layout.delimiter, columnCount: table.layout.columnCount,
                    mayTrail: table.layout.mayTrail, columns: table.layout.columns, time: table.time,
                    closeTime: table.closeTime, valuesAreAllOthers: found.format == .grafana)
            }
        }
    }

    private func frameFault(_ row: Bytes) -> Int? {
        guard let (_, frame) = WebSocketFormat.cut(row) else { return nil }
        return JSONText.faultOffset(frame).map { row.count - frame.count + $0 }
    }
}

extension BadRow {
    /// The roles of the columns that can be at fault.
    var roles: [ColumnRole] {
        switch self {
        case .time, .timeOutOfRange: [.time, .closeTime]
        case .price: [.price, .open, .high, .low, .close]
        case .quantity: [.quantity, .volume, .quoteVolume]
        case .id: [.id]
        case .idRange: [.firstID, .lastID]
        case .side: [.isBuyerMaker, .side]
        case .count: [.tradeCount, .value]
        case .value: [.value]
        case .name: [.symbol, .exchange, .uniqueID]
        case .priceRange: [.high]
        case .barLength: [.closeTime]
        case .conflictingBar: [.time]
        case .status: [.status]
        case .responseSize: [.bytes]
        case .flag: [.isSnapshot]
        case .kind: [.kind]
        case .logLine, .quotes, .fieldCount, .json, .lineTooLong, .tooManySeries: []
        }
    }
}
