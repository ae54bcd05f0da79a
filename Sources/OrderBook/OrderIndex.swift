/// Where each resting order is kept: open addressing with linear probing, deletion by shifting back (Knuth, volume 3,
/// algorithm 6.4R). No allocation while the number of orders stays below half of what it was made for.
///
/// A slot holds 32 bits of the hash and the node; the id itself is compared in the node, which the caller touches anyway.
struct OrderIndex {
    private var slots: UnsafeMutablePointer<Slot>
    private var mask: Int
    private(set) var count = 0

    private struct Slot {
        var tag: UInt32
        /// The node; −1 where the slot is free.
        var node: Int32
    }

    init(capacity: Int) {
        var size = 16
        while size < capacity * 2 { size *= 2 }
        precondition(size <= 1 << 31, "no more than a thousand million orders")
        mask = size - 1
        slots = .allocate(capacity: size)
        slots.initialize(repeating: Slot(tag: 0, node: -1), count: size)
    }

    func deallocate() {
        slots.deallocate()
    }

    /// Fibonacci hashing: the upper half of the product.
    @inline(__always)
    private static func tag(_ id: UInt64) -> UInt32 {
        UInt32(truncatingIfNeeded: (id &* 0x9E37_79B9_7F4A_7C15) >> 32)
    }

    @inline(__always)
    private func home(_ tag: UInt32) -> Int { Int(tag) & mask }

    /// The slot of an id; −1 where there is none.
    @inline(__always)
    private func slot(of id: UInt64, _ isID: (Int32) -> Bool) -> Int {
        let tag = OrderIndex.tag(id)
        var place = home(tag)
        while slots[place].node >= 0 {
            if slots[place].tag == tag, isID(slots[place].node) { return place }
            place = (place &+ 1) & mask
        }
        return -1
    }

    /// The node of an id; −1 where there is none. `isID` tells whether a node holds it.
    @inline(__always)
    func node(of id: UInt64, _ isID: (Int32) -> Bool) -> Int32 {
        let place = slot(of: id, isID)
        return place >= 0 ? slots[place].node : -1
    }

    /// Adds an id; false, and nothing added, where it is there already.
    @inline(__always)
    mutating func insert(_ id: UInt64, node: Int32, _ isID: (Int32) -> Bool) -> Bool {
        if count &* 2 > mask { grow() }
        let tag = OrderIndex.tag(id)
        var place = home(tag)
        while slots[place].node >= 0 {
            if slots[place].tag == tag, isID(slots[place].node) { return false }
            place = (place &+ 1) & mask
        }
        slots[place] = Slot(tag: tag, node: node)
        count &+= 1
        return true
    }

    /// Removes an id; gives its node, −1 where there is none.
    @inline(__always)
    mutating func remove(_ id: UInt64, _ isID: (Int32) -> Bool) -> Int32 {
        var place = slot(of: id, isID)
        guard place >= 0 else { return -1 }
        let node = slots[place].node
        count &-= 1
        var next = (place &+ 1) & mask
        while slots[next].node >= 0 {
            // A slot may move back to the gap if its home is not between the gap and itself.
            if (next &- home(slots[next].tag)) & mask >= (next &- place) & mask {
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
            var free = larger.home(slots[place].tag)
            while larger.slots[free].node >= 0 { free = (free &+ 1) & larger.mask }
            larger.slots[free] = slots[place]
        }
        larger.count = count
        slots.deallocate()
        self = larger
    }
}
