/// A way in which the files of a format are known.
enum Recognition: Sendable {
    /// How much the names of columns say, from most to least. Of the formats that take the same names, that with the
    /// stronger claim is tried first.
    enum Claim: Int, Comparable {
        /// Names that files of this format alone have.
        case particular
        /// Names that say what rows are, whoever wrote them. Like the claim above, it is that of one format for each
        /// kind of rows.
        case kind
        /// Two columns, a time and a number; not asked about JSON.
        case pair
        /// A time, and anything beside it; not asked about JSON.
        case time

        static func < (one: Claim, other: Claim) -> Bool { one.rawValue < other.rawValue }
    }

    /// By the start of the text: a grammar of lines, or a document. Formats that are known so are tried before tables,
    /// and no two of them may fit one text.
    case text(@Sendable (TextSample) -> Finding?)
    /// By the names in a header, or of the keys of JSON: the layout that they stand for.
    case names(Claim, @Sendable (ColumnNames) -> TableLayout?)
    /// By what the columns of a table without a header hold.
    case columns(HeaderlessLayout)

    /// By a grammar of requests that reads at least half of the first lines; one whose time no log can hold is a line of it
    /// all the same.
    static func requests<Grammar: RequestGrammar & ~Copyable>(
        _ format: any LogFormat, _ grammar: @escaping @Sendable (LocalZone) -> Grammar
    ) -> Recognition {
        .text { sample in
            var grammar = grammar(sample.zone)
            let fits = sample.mostLines {
                switch grammar.read($0) {
                case .success, .failure(.timeOutOfRange), .failure(.ambiguousTime): true
                case .failure: false
                }
            }
            return fits ? Finding(format) : nil
        }
    }
}

/// The names of a table's columns, or of a JSON object's values.
struct ColumnNames {
    let names: [String]
    /// The first column of each role that a name tells.
    let columns: [ColumnRole: Int]
    /// Whether they are the keys of JSON.
    let isJSON: Bool

    init(_ names: [String], isJSON: Bool) {
        var columns: [ColumnRole: Int] = [:]
        for (index, name) in names.enumerated() {
            if let role = ColumnRole(header: name), columns[role] == nil { columns[role] = index }
        }
        self.names = names
        self.columns = columns
        self.isJSON = isJSON
    }

    /// A name in lower case, letters and digits alone.
    func plain(_ column: Int) -> String { names[column].lowercased().filter { $0.isLetter || $0.isNumber } }

    /// Whether there is a column for each of some roles.
    func has(_ roles: ColumnRole...) -> Bool { roles.allSatisfy { columns[$0] != nil } }

    /// Whether a column is named so, whatever the case.
    func hasNames(_ wanted: String...) -> Bool {
        wanted.allSatisfy { name in names.contains { $0.lowercased() == name } }
    }

    /// Whether they are the names of bars that say how many trades each holds.
    var areBars: Bool { has(.time, .open, .high, .low, .close, .tradeCount) }

    /// The columns of bars; the volume in the currency of the quote may be named as that of a trade.
    var bars: TableLayout {
        var columns = columns
        if columns[.quoteVolume] == nil { columns[.quoteVolume] = columns[.quoteQuantity] }
        return TableLayout(columns: columns)
    }

    /// The columns of trades; nil where these are none.
    var trades: TableLayout? {
        var columns = columns
        guard has(.price), let quantity = columns[.quantity] ?? columns[.volume], !has(.isSnapshot), !areBars
        else { return nil }
        columns[.quantity] = quantity
        // Mt. Gox: the id is the time, in microseconds, and the type is the side.
        if columns[.time] == nil, let id = columns[.id], names.count <= 4 {
            columns[.time] = id
            if columns[.side] == nil { columns[.side] = names.firstIndex { $0.lowercased() == "type" } }
        }
        return columns[.time] == nil ? nil : TableLayout(columns: columns)
    }

    /// The columns of requests; nil where these are none.
    var requests: TableLayout? {
        guard has(.time, .path, .status), !has(.price) else { return nil }
        var layout = TableLayout(columns: columns)
        if columns[.bytes] == nil { layout.columns[.bytes] = columns[.quantity] }
        layout.mayTrail = true
        return layout
    }

    /// Whether one of some names is rather a value: the first row of a table without a header.
    static func looksLikeData(_ name: String) -> Bool {
        name.isEmpty || name.lowercased() == "nan" || Double(decimal: name) != nil
            || name.first?.isNumber == true
    }
}
