extension CSVReader {
    /// Makes sure that the names of used columns stand over no other ones, since it would be unclear which is meant.
    ///
    /// - Parameters:
    ///   - header: The fields of the header.
    ///   - titles: Their names, as they are compared.
    ///   - used: The places of the columns that are read.
    ///   - file: How errors name the file.
    /// - Throws: `TableError` at the last column of that name, with the numbers of all.
    public static func checkNames(
        _ header: [Field], titles: [String], used: [Int], file: String
    ) throws(TableError) {
        for place in used.sorted() {
            let all = titles.indices.filter { titles[$0] == titles[place] }
            guard all.count > 1, let again = all.last else { continue }
            throw TableError(
                file: file, line: header[again].line, column: header[again].column,
                message: "the header has '\(titles[place])' more than once, as columns "
                    + all.map { "\($0 + 1)" }.joined(separator: ", ")
                    + ", so that it is unclear which is meant; rename them")
        }
    }
}
