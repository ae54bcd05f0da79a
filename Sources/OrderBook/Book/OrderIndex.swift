/// Where each resting order is kept: buckets of chains that run through the records themselves, so that nothing is moved
/// when an order leaves. Fibonacci hashing (Knuth, volume 3, section 6.4) spreads consecutive ids evenly whatever their
/// step. There are at least twice as many buckets as orders; no allocation while no more orders rest than before.
struct OrderIndex {
    private(set) var buckets: UnsafeMutablePointer<Int32>
    // Narrow, so that all that a message touches of a book's heads is one cache line.
    private(set) var count: UInt32 = 0
    private var shift: UInt16
    /// How often more room was allocated.
    private(set) var growths: UInt16 = 0

    init(capacity: Int) {
        var bits: UInt16 = 5
        while 1 << bits < capacity * 2 { bits += 1 }
        shift = 64 - bits
        buckets = .allocate(capacity: 1 << bits)
        buckets.initialize(repeating: 0, count: 1 << bits)
    }

    func deallocate() {
        buckets.deallocate()
    }

    /// The bucket of an id.
    @inline(__always)
    func bucket(_ id: UInt64) -> Int {
        Int(truncatingIfNeeded: (id &* 0x9E37_79B9_7F4A_7C15) &>> UInt64(shift))
    }

    /// The record of an id; 0 where there is none.
    @inline(__always)
    func place(of id: UInt64, in records: UnsafeMutablePointer<Record>) -> Int32 {
        var place = buckets[bucket(id)]
        while place != 0, records[Int(place)].id != id { place = records[Int(place)].chain }
        return place
    }

    /// Adds a record under its id, which is not there yet.
    @inline(__always)
    mutating func insert(_ id: UInt64, at place: Int32, in records: UnsafeMutablePointer<Record>) {
        count &+= 1
        if Int(count) &* 2 > 1 &<< Int(64 &- shift) { grow(records) }
        let bucket = bucket(id)
        records[Int(place)].chain = buckets[bucket]
        buckets[bucket] = place
    }

    /// Removes an id; gives its record, 0 where there is none.
    @inline(__always)
    mutating func remove(_ id: UInt64, in records: UnsafeMutablePointer<Record>) -> Int32 {
        let bucket = bucket(id)
        var place = buckets[bucket]
        if records[Int(place)].id == id, place != 0 {
            buckets[bucket] = records[Int(place)].chain
            count &-= 1
            return place
        }
        while place != 0 {
            let next = records[Int(place)].chain
            if next != 0, records[Int(next)].id == id {
                records[Int(place)].chain = records[Int(next)].chain
                count &-= 1
                return next
            }
            place = next
        }
        return 0
    }

    @inline(never)
    private mutating func grow(_ records: UnsafeMutablePointer<Record>) {
        let size = 1 << Int(64 - shift)
        var larger = OrderIndex(capacity: size)
        for old in 0..<size {
            var place = buckets[old]
            while place != 0 {
                let next = records[Int(place)].chain
                let bucket = larger.bucket(records[Int(place)].id)
                records[Int(place)].chain = larger.buckets[bucket]
                larger.buckets[bucket] = place
                place = next
            }
        }
        larger.count = count
        larger.growths = growths + 1
        buckets.deallocate()
        self = larger
    }
}
