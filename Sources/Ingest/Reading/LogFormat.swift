/// A format of log: how its files are known, how their rows are read, where the fault in a bad row lies.
///
/// A format is one file in `Formats` that holds all of this, its page included, and one line in `LogFormats`. Formats that
/// share a parser share it through `TableFormat` and its kinds, or through a method of `RowFeed`.
protocol LogFormat: Sendable {
    /// Its name and its page.
    var about: InputFormat { get }

    /// How its files are known; one that is known in several ways lists them.
    var recognition: [Recognition] { get }

    /// Reads all rows of an input. Throws where it cannot be read, or is a document that breaks off.
    func read(_ feed: RowFeed, _ lines: inout LineReader) throws(IngestError)

    /// The rules that find the fault in a bad row of a file.
    func faults(in found: Finding) -> any RowFaults

    /// Whether a line of a file can be read without the lines before it.
    func canBeSplit(_ found: Finding) -> Bool
}

extension LogFormat {
    func canBeSplit(_ found: Finding) -> Bool { false }
}

/// A format whose rows are cut into the columns of a table: lines, or JSON objects that are turned into such.
protocol TableFormat: LogFormat {
    /// Reads all rows by the table that its recognition has found.
    func read(_ table: TableReading, _ feed: RowFeed, _ lines: inout LineReader) throws(IngestError)
}

extension TableFormat {
    func read(_ feed: RowFeed, _ lines: inout LineReader) throws(IngestError) {
        guard let table = feed.found.table else {
            throw .unrecognised(path: feed.path, near: "\(about.rawValue) without a column of times")
        }
        try read(table, feed, &lines)
    }

    func faults(in found: Finding) -> any RowFaults { tableFaults(in: found) }

    /// The faults of columns; of JSON, those of the values behind them.
    func tableFaults(in found: Finding) -> any RowFaults {
        switch found.container {
        case .jsonLines(let shape), .jsonArray(let shape):
            JSONFaults(paths: shape.paths, columns: found.table?.layout.columns ?? [:], table: found.table)
        case .mapped(let mapping), .mappedArray(let mapping): MappedFaults(mapping, found.table)
        case .jsonRows: ElementFaults(places: found.table?.layout.columns ?? [:])
        case .lines, .jsonDocument: TableFaults(found.table)
        }
    }
}

protocol TradeTableFormat: TableFormat {}

extension TradeTableFormat {
    func read(_ table: TableReading, _ feed: RowFeed, _ lines: inout LineReader) throws(IngestError) {
        try feed.rows(&lines, feed.trades(table))
    }
}

/// A table of bars that say how many trades each holds.
protocol BarTableFormat: TableFormat {}

extension BarTableFormat {
    func read(_ table: TableReading, _ feed: RowFeed, _ lines: inout LineReader) throws(IngestError) {
        let steps = BarSteps()
        try feed.rows(&lines, BarTableParser(table, naming: feed.naming, builder: feed.builder, steps: steps))
        if let problem = steps.problem(stepSeconds: table.stepSeconds, path: feed.path) { throw problem }
    }
}

/// A table of counts by interval, each row a point of one series.
protocol CountTableFormat: TableFormat {}

extension CountTableFormat {
    func read(_ table: TableReading, _ feed: RowFeed, _ lines: inout LineReader) throws(IngestError) {
        try feed.rows(&lines, SeriesTableParser(table, naming: feed.naming, builder: feed.builder))
    }
}
