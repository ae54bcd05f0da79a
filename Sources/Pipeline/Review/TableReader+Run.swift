import Tables

extension TableReader {
    /// Reads a table from the folder of a finished run.
    ///
    /// - Parameters:
    ///   - table: The table's declaration.
    ///   - folder: The folder.
    ///   - columns: The columns that are needed; nil: all that are declared.
    /// - Throws: `TableError` with the place of what is missing.
    init<Row>(
        _ table: TableSchema<Row>, ofRun folder: String, columns: [String]? = nil
    ) throws(TableError) {
        let description = table.description
        try self.init(
            description, path: folder + "/" + description.file,
            columns: columns ?? description.columns.map(\.name), origin: "the folder of a finished run")
    }
}
