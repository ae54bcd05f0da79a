extension BookCore {
    /// Puts an order at the back of its queue; false where its id rests already.
    @inline(__always)
    mutating func rest(_ order: Order, quantity: Int64) -> Bool {
        if place(of: order.id) != 0 { return false }
        let place = slab.take()
        hang(place, order, quantity: quantity)
        index.insert(order.id, at: place, in: slab.records)
        return true
    }

    /// Moves an order that rests to the back of the queue of another price, side, size or owner.
    @inline(__always)
    mutating func move(_ place: Int32, _ order: Order) {
        let chain = slab.records[Int(place)].chain
        leave(place)
        hang(place, order, quantity: order.quantity)
        slab.records[Int(place)].chain = chain
    }

    /// Makes a record an order at the back of its queue.
    @inline(__always)
    private mutating func hang(_ place: Int32, _ order: Order, quantity: Int64) {
        let level = ladders[Int(order.side.rawValue)].open(
            BookCore.key(order.price, order.side), side: Int32(order.side.rawValue), &slab)
        // From here nothing grows.
        let records = slab.records
        var tag = UInt32(bitPattern: level) &<< 2
        var shown = quantity
        if order.display != 0 || order.owner != 0 {
            if order.display > 0, order.display < quantity {
                shown = order.display
                tag |= Record.icebergFlag
            }
            if order.owner != 0 { tag |= Record.ownerFlag }
            slab.details[Int(place)] = Detail(
                reserve: quantity &- shown, display: order.display, owner: order.owner)
        }
        let queue = records + Int(level)
        let last = queue.pointee.previous
        records[Int(place)] = Record(
            id: order.id, quantity: shown, next: level, previous: last, tag: tag, chain: 0)
        records[Int(last)].next = place
        queue.pointee.previous = place
        queue.pointee.quantity &+= shown
        queue.pointee.tag &+= 1
    }

    /// Takes an order that is in no index any more out of its queue, and its record back.
    @inline(__always)
    mutating func unlink(_ place: Int32) {
        leave(place)
        slab.giveBack(place)
    }

    /// Takes an order out of its queue, and closes a level that it leaves empty.
    @inline(__always)
    private mutating func leave(_ place: Int32) {
        let records = slab.records
        let record = records[Int(place)]
        records[Int(record.previous)].next = record.next
        records[Int(record.next)].previous = record.previous
        let level = records + record.level
        level.pointee.quantity &-= record.quantity
        level.pointee.tag &-= 1
        if level.pointee.tag == 0 {
            ladders[Int(level.pointee.chain)].close(Int32(truncatingIfNeeded: record.level), &slab)
        }
    }

    /// Lots of an order that are not shown.
    @inline(__always)
    func hidden(_ place: Int32) -> Int64 {
        slab.records[Int(place)].isIceberg ? slab.details[Int(place)].reserve : 0
    }

    /// What an iceberg has left to show.
    func setReserve(_ reserve: Int64, of place: Int32) {
        slab.details[Int(place)].reserve = reserve
        if reserve == 0 { slab.records[Int(place)].tag &= ~Record.icebergFlag }
    }
}
