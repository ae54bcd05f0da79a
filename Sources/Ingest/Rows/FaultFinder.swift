/// The rules of one format by which the fault in a bad row is found.
protocol RowFaults {
    /// Takes note of a line that begins with `#`.
    mutating func note(directive: Bytes)

    /// The bytes of a row before the fault; nil where it is the row as a whole.
    func offset(of reason: BadRow, in row: Bytes) -> Int?
}

extension RowFaults {
    mutating func note(directive: Bytes) {}
}

/// Finds where in a bad row the fault lies. It is asked about the rows that are kept as examples alone, so it
/// looks at them anew rather than that parsers keep account of every field.
final class FaultFinder {
    private var rules: any RowFaults

    init(_ rules: any RowFaults) {
        self.rules = rules
    }

    /// Takes note of a line that begins with `#`.
    func note(directive: Bytes) { rules.note(directive: directive) }

    /// The bytes of a row before the fault; nil where it is the row as a whole.
    func offset(of reason: BadRow, in row: Bytes) -> Int? {
        switch reason {
        case .lineTooLong, .logLine, .labels, .tooManySeries: nil
        default: rules.offset(of: reason, in: row)
        }
    }
}

extension BadRow {
    /// The roles of the columns that can be at fault.
    var roles: [ColumnRole] {
        switch self {
        case .time, .timeOutOfRange, .ambiguousTime, .skippedTime, .zoneName, .clockDigits, .rowNumber,
            .irregularTime, .changedStep, .twoSteps:
            [.time, .closeTime]
        case .price, .priceTooSmall, .priceTooLarge: [.price, .open, .high, .low, .close]
        case .quantity, .quantityTooSmall, .quantityTooLarge: [.quantity, .volume, .quoteVolume]
        case .id: [.id]
        case .idRange: [.firstID, .lastID]
        case .side, .sideWord: [.isBuyerMaker, .side]
        case .count: [.tradeCount, .value]
        case .value, .counter: [.value]
        case .name: [.symbol, .exchange, .uniqueID]
        case .priceRange: [.high]
        case .barPrice: [.open, .close]
        case .barLength: [.closeTime]
        case .conflictingBar: [.time]
        case .status: [.status]
        case .responseSize: [.bytes]
        case .flag: [.isSnapshot]
        case .kind: [.kind]
        case .logLine, .labels, .quotes, .fieldCount, .json, .repeatedKey, .severalValues, .lineTooLong,
            .tooManySeries:
            []
        }
    }
}
