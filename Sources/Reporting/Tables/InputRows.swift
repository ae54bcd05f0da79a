import Units

/// What one input file gave.
public struct InputSummary: Sendable, Equatable {
    /// The file as it was named.
    public var path: String
    /// What it was read for, as `demand`.
    public var use: String
    public var format: String
    /// Rows, of which so many were taken in, were there already, or could not be read.
    public var rows: Int
    /// Rows taken in.
    public var accepted: Int
    /// Rows that were there already.
    public var duplicates: Int
    /// Rows that could not be read.
    public var quarantined: Int
    /// The hash of its text after decompression; nil where it is not known.
    public var contentHash: String?

    public init(
        path: String, use: String, format: String, rows: Int, accepted: Int, duplicates: Int,
        quarantined: Int
    ) {
        self.path = path
        self.use = use
        self.format = format
        self.rows = rows
        self.accepted = accepted
        self.duplicates = duplicates
        self.quarantined = quarantined
    }
}

/// A row that was not taken in.
public struct QuarantineEntry: Sendable, Equatable {
    /// The file.
    public var path: String
    /// The line, from 1.
    public var line: Int
    /// Where on the line the fault lies, in bytes from 1; nil where it is the row as a whole.
    public var column: Int?
    /// Where the line starts, in bytes.
    public var byteOffset: Int
    /// Why.
    public var reason: String
    /// Its first bytes.
    public var excerpt: String

    public init(
        path: String, line: Int, column: Int? = nil, byteOffset: Int, reason: String, excerpt: String
    ) {
        self.path = path
        self.line = line
        self.column = column
        self.byteOffset = byteOffset
        self.reason = reason
        self.excerpt = excerpt
    }
}

/// How high a series rises once in so many days, in events a second.
public struct ReturnLevelRow: Sendable, Equatable {
    public var id: SeriesID
    /// The time.
    public var days: Double
    /// The level; nil where the history does not tell.
    public var perSecond: Estimate?

    public init(id: SeriesID, days: Double, perSecond: Estimate?) {
        self.id = id
        self.days = days
        self.perSecond = perSecond
    }
}
