/// Tells bars of the hour that a local clock shows twice apart.
///
/// Each series has a start twice then: in a file that goes forward in time the first row is of the first pass, in one that
/// begins with its newest row of the second.
struct BarClock {
    private let zone: LocalZone
    private var passes: [ObjectIdentifier: Passes] = [:]

    /// What is known of a series.
    private struct Passes {
        var last: Int64
        /// The starts of the present fold that were there, and whether it was entered from behind.
        var starts: Set<Int64> = []
        var descends = false
    }

    init(_ zone: LocalZone) {
        self.zone = zone
    }

    /// The start of a bar whose time was read as of the first pass.
    mutating func start(_ first: Int64, of series: AnyObject) -> Int64 {
        if zone.isFixed { return first }
        var own = passes[ObjectIdentifier(series)] ?? Passes(last: first)
        defer {
            own.last = first
            passes[ObjectIdentifier(series)] = own
        }
        guard let shift = zone.secondPass(of: first) else {
            own.starts = []
            return first
        }
        if own.starts.isEmpty { own.descends = own.last > first }
        let isNew = own.starts.insert(first).inserted
        return isNew == own.descends ? first + shift : first
    }
}
