/// What reading an input needs to know, as its first lines tell it.
struct Finding: Sendable {
    /// How rows are parted from each other.
    enum Container: Sendable {
        /// A row is a line.
        case lines
        /// A row is a line that holds a JSON object.
        case jsonLines(JSONShape)
        /// A row is an object in a JSON array.
        case jsonArray(JSONShape)
        /// A row is an array of scalars in a JSON array, whose places are the columns.
        case jsonRows
        /// A row is a line whose values a map turns into the columns.
        case mapped(RowMapping)
        /// A row is an object of a JSON array whose values a map turns into the columns.
        case mappedArray(RowMapping)
        /// A row is an element of a JSON document of the format's own.
        case jsonDocument
    }

    /// Whether a range of lines can be read without those before it.
    var canBeSplit: Bool {
        if case .lines = container { return format.canBeSplit(self) && (table?.time.isRowByRow ?? true) }
        return false
    }

    let format: any LogFormat
    var container: Container
    /// How rows are cut into columns; nil for formats with a grammar of their own.
    let table: TableReading?
    /// Bytes to skip at the front: a byte order mark.
    var skip = 0
    /// Lines to pass over at the front that are neither blank nor comments: a banner.
    var bannerLines: Int

    init(
        _ format: any LogFormat, _ container: Container = .lines, table: TableReading? = nil,
        bannerLines: Int = 0
    ) {
        self.format = format
        self.container = container
        self.table = table
        self.bannerLines = bannerLines
    }
}
