import Units

/// A table without a header, known by its number of columns and by what they hold.
struct HeaderlessLayout: Sendable {
    /// Whatever its delimiter is.
    let layout: TableLayout
    /// Columns that hold true or false; all others but the time hold numbers.
    let flags: [Int]

    init(columnCount: Int, columns: [ColumnRole: Int], flags: [Int] = []) {
        self.init(TableLayout(columnCount: columnCount, columns: columns), flags: flags)
    }

    init(_ layout: TableLayout, flags: [Int] = []) {
        self.layout = layout
        self.flags = flags
    }

    /// Whether more than half of some lines are rows of it.
    func fits(_ lines: [Bytes], delimiter: UInt8) -> Bool {
        var splitter = FieldSplitter(delimiter: delimiter)
        return 2 * lines.filter { fits($0, &splitter) }.count > lines.count
    }

    private func fits(_ line: Bytes, _ splitter: inout FieldSplitter) -> Bool {
        guard splitter.split(line) == layout.columnCount, let time = layout.columns[.time] else {
            return false
        }
        for index in 0..<layout.columnCount where index != time {
            let field = splitter.field(index)
            if flags.contains(index) {
                guard TradeTableParser.flag(field) != nil else { return false }
            } else {
                guard NumberParsing.fixed(field) != nil else { return false }
            }
        }
        // Without a header, a number is a time only where it makes a date of our times: a row number is none.
        var column = TimeColumn(samples: [splitter.field(time)])
        if case .success? = column?.read(splitter.field(time)) {
            return layout.columns[.open] == nil || pricesAreInOrder(splitter)
        }
        return false
    }

    /// The high is not below open, low or close: what tells seven numbers of a bar from seven others.
    private func pricesAreInOrder(_ splitter: borrowing FieldSplitter) -> Bool {
        let roles: [ColumnRole] = [.open, .high, .low, .close]
        let prices = roles.compactMap {
            layout.columns[$0].flatMap { NumberParsing.fixed(splitter.field($0)) }
        }
        return prices.count == 4 && prices[1] >= prices[2] && prices[1] >= prices[3] && prices[3] >= prices[2]
    }
}
