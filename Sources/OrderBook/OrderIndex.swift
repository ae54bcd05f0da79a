/// Where each resting order is kept: open addressing with linear probing, deletion by shifting back (Knuth, volume 3,
/// algorithm 6.4R). No allocation while the number of orders stays below half of what it was made for.
struct OrderIndex {
    private var slots: UnsafeMutablePointer<Slot>
    private var mask: Int
    private var shift: UInt64
    private(set) var count = 0

    private struct Slot {
        var id: UInt64
        /// The node; −1 where the slot is free.
        var node: Int32
    }

    init(capacity: Int) {
        var bits = 4
        while 1 << bits < capacity * 2 { bits += 1 }
        mask = (1 << bits) - 1
        shift = UInt64(64 - bits)
        slots = .allocate(capacity: 1 << bits)
        slots.initialize(repeating: Slot(id: 0, node: -1), count: 1 << bits)
    }

    func deallocate() {
        slots.deallocate()
    }

    /// Fibonacci hashing.
    @inline(__always)
    private func home(_ id: UInt64) -> Int { Int(truncatingIfNeeded: (id &* 0x9E37_79B9_7F4A_7C15) >> shift) }

    /// The node of an id; −1 where there is none.
    @inline(__always)
    func node(of id: UInt64) -> Int32 {
        var place = home(id)
        while slots[place].node >= 0 {
            if slots[place].id == id { return slots[place].node }
            place = (place &+ 1) & mask
        }
        return -1
    }

    @inline(__always)
    mutating func insert(_ id: UInt64, node: Int32) {
        if count &* 2 > mask { grow() }
        var place = home(id)
        while slots[place].node >= 0 { place = (place &+ 1) & mask }
        slots[place] = Slot(id: id, node: node)
        count &+= 1
    }

    /// Removes an id that is there; gives its node, −1 where there is none.
    @inline(__always)
    mutating func remove(_ id: UInt64) -> Int32 {
        var place = home(id)
        while slots[place].id != id || slots[place].node < 0 {
            if slots[place].node < 0 { return -1 }
            place = (place &+ 1) & mask
        }
        let node = slots[place].node
        count &-= 1
        var next = (place &+ 1) & mask
        while slots[next].node >= 0 {
            let wanted = home(slots[next].id)
            // A slot may move back to the gap if its home is not between the gap and itself.
            if (next &- wanted) & mask >= (next &- place) & mask {
                slots[place] = slots[next]
                place = next
            }
            next = (next &+ 1) & mask
        }
        slots[place].node = -1
        return node
    }

    private mutating func grow() {
        var larger = OrderIndex(capacity: mask + 1)
        for place in 0...mask where slots[place].node >= 0 {
            larger.insert(slots[place].id, node: slots[place].node)
        }
        slots.deallocate()
        self = larger
    }
}
