import Glibc
import Units

/// Finds the series of a row that names it, and remembers those that it has met.
struct SeriesDirectory<Handle> {
    /// The most series that one file may hold.
    static var seriesMax: Int { 100_000 }

    private var handles: [SeriesID: Handle] = [:]
    private var lastKey: [UInt8] = []
    private var lastVenueLength = 0
    private var last: Handle?

    init() {}

    /// The handle for a name's bytes (the venue's first, where a column has it); nil where there are too many
    /// series.
    mutating func handle(
        venue: Bytes?, name: Bytes, make: (_ venue: String?, _ name: String) -> (SeriesID, () -> Handle)
    ) -> Handle? {
        if let last, isLast(venue: venue, name: name) { return last }
        let (id, create) = make(
            venue.map { String(decoding: $0, as: UTF8.self) }, String(decoding: name, as: UTF8.self))
        let found: Handle
        if let known = handles[id] {
            found = known
        } else {
            guard handles.count < Self.seriesMax else { return nil }
            found = create()
            handles[id] = found
        }
        lastKey.removeAll(keepingCapacity: true)
        if let venue { lastKey.append(contentsOf: venue) }
        lastKey.append(contentsOf: name)
        lastVenueLength = venue?.count ?? 0
        last = found
        return found
    }

    /// Whether these bytes are those of the row before.
    private func isLast(venue: Bytes?, name: Bytes) -> Bool {
        let venueLength = venue?.count ?? 0
        guard venueLength == lastVenueLength, lastKey.count == venueLength + name.count else { return false }
        return lastKey.withUnsafeBytes { key in
            guard let base = key.baseAddress else { return true }
            if let venue = venue?.baseAddress, memcmp(base, venue, venueLength) != 0 { return false }
            guard let start = name.baseAddress else { return true }
            return memcmp(base + venueLength, start, name.count) == 0
        }
    }
}
