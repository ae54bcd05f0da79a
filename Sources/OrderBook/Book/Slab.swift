/// One place of a book's storage, half a cache line: a resting order, or the level that its queue hangs on.
///
/// A level and its orders are a ring, so that an order leaves without a question whether it was first or last.
struct Record {
    /// The id of an order; the key of a level.
    var id: UInt64
    /// Lots that are shown, for a level those of all its orders.
    var quantity: Int64
    /// The order behind; for a level its first, for its last order the level.
    var next: Int32
    /// The order before; for a level its last, for its first order the level.
    var previous: Int32
    /// For an order its level above two flags; for a level the number of its orders.
    var tag: UInt32
    /// For an order the next of its bucket in the index; for a level its side.
    var chain: Int32

    /// The flag of an order of which lots are hidden.
    static let icebergFlag: UInt32 = 1
    /// The flag of an order that has an owner.
    static let ownerFlag: UInt32 = 2

    /// The level on which an order hangs.
    @inline(__always)
    var level: Int { Int(tag >> 2) }

    @inline(__always)
    var isIceberg: Bool { tag & Record.icebergFlag != 0 }

    @inline(__always)
    var hasOwner: Bool { tag & Record.ownerFlag != 0 }

    /// The price of a level, from its key.
    @inline(__always)
    var price: Int64 {
        let key = Int64(bitPattern: id)
        return chain == 0 ? key : 0 &- key
    }
}

/// What icebergs and orders with an owner have besides.
struct Detail {
    /// Lots of an iceberg that are not shown.
    var reserve: Int64
    /// Lots that an iceberg shows at a time.
    var display: Int64
    /// Who sent it; 0 is nobody.
    var owner: UInt32
}

/// The records of a book in one row, and those that are free in a chain. Record 0 stands for none.
struct Slab {
    private(set) var records: UnsafeMutablePointer<Record>
    private(set) var details: UnsafeMutablePointer<Detail>
    private var capacity: Int32
    private var used: Int32 = 1
    private var free: Int32 = 0
    /// How often more room was allocated.
    private(set) var growths: Int32 = 0

    /// Records may be as many as a tag has room for.
    private static let capacityMax: Int32 = 1 << 30

    init(capacity: Int) {
        precondition(capacity <= Int(Slab.capacityMax), "no more than a thousand million orders")
        self.capacity = Int32(max(16, capacity))
        records = Slab.records(self.capacity)
        details = .allocate(capacity: Int(self.capacity))
        records[0] = Record(id: 0, quantity: 0, next: 0, previous: 0, tag: 0, chain: 0)
    }

    /// Aligned so that no record lies on two cache lines.
    private static func records(_ count: Int32) -> UnsafeMutablePointer<Record> {
        allocateAligned(Int(count))
    }

    func deallocate() {
        records.deallocate()
        details.deallocate()
    }

    /// A free record, with nothing of use in it.
    @inline(__always)
    mutating func take() -> Int32 {
        let place = free
        if place != 0 {
            free = records[Int(place)].next
            return place
        }
        if used == capacity { grow() }
        used &+= 1
        return used &- 1
    }

    @inline(__always)
    mutating func giveBack(_ place: Int32) {
        records[Int(place)].next = free
        free = place
    }

    @inline(never)
    private mutating func grow() {
        precondition(capacity < Slab.capacityMax, "no more than a thousand million orders")
        let larger = Slab.records(capacity * 2)
        larger.moveInitialize(from: records, count: Int(used))
        records.deallocate()
        records = larger
        let moreDetails = UnsafeMutablePointer<Detail>.allocate(capacity: Int(capacity) * 2)
        moreDetails.moveInitialize(from: details, count: Int(used))
        details.deallocate()
        details = moreDetails
        capacity *= 2
        growths += 1
    }
}

/// Room that starts on a cache line.
func allocateAligned<Value>(_ count: Int) -> UnsafeMutablePointer<Value> {
    UnsafeMutableRawPointer.allocate(byteCount: count * MemoryLayout<Value>.stride, alignment: 64)
        .bindMemory(to: Value.self, capacity: count)
}
