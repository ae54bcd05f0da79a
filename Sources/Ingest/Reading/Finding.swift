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
        /// A row is an element of a JSON document of the format's own.
        case jsonDocument
    }

    let format: InputFormat
    var container = Container.lines
    /// How rows are cut into columns; nil for formats with a grammar of their own.
    var table: TableReading?
    /// Bytes to skip at the front: a byte order mark.
    var skip = 0
    /// Lines to pass over at the front that are neither blank nor comments: a banner.
    var bannerLines = 0
}

/// A table's layout with its units of time.
struct TableReading: Sendable {
    let layout: TableLayout
    let time: TimeColumn
    let closeTime: TimeColumn?
    /// The length of a bar.
    let stepSeconds: Int64
}
