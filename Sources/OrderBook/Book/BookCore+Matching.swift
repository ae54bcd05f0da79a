extension BookCore {
    /// Trades an order with the other side, best price first, down to a limit that is a key of that side.
    ///
    /// In one piece, since its state (what is left, the level, the outcome) has to stay in registers over every fill.
    @inline(__always)
    mutating func match(_ order: Order, _ limit: Int64) -> Outcome {
        var outcome = Outcome(.filled)
        let ladder = ladders + Int(order.side.opposite.rawValue)
        let records = slab.records
        let isByAmount = order.kind == .marketByAmount
        let minds = order.owner != 0 && order.prevention != .none
        var left = order.quantity
        var isStopped = false
        while left > 0, !isStopped, ladder.pointee.bestKey >= limit {
            let levelPlace = ladder.pointee.bestLevel
            let level = records + Int(levelPlace)
            let price = level.pointee.price
            var took = false
            var place = level.pointee.next
            while left > 0, place != levelPlace {
                let record = records + Int(place)
                if minds, isOwn(place, order) {
                    if order.prevention != .expireTaker {
                        level.pointee.quantity &-= record.pointee.quantity
                        dropHead(level, place)
                        outcome.cancels &+= 1
                    }
                    if order.prevention != .expireMaker {
                        isStopped = true
                        break
                    }
                    place = level.pointee.next
                    continue
                }
                let available = record.pointee.quantity
                let traded = min(available, isByAmount ? left / price : left)
                if isByAmount, traded == 0 {
                    isStopped = true
                    break
                }
                left &-= isByAmount ? traded &* price : traded
                took = true
                note(Fill(maker: record.pointee.id, taker: order.id, price: price, quantity: traded))
                outcome.filled &+= traded
                level.pointee.quantity &-= traded
                if traded < available {
                    record.pointee.quantity = available &- traded
                } else if record.pointee.isIceberg {
                    refresh(level, levelPlace, place)
                } else {
                    dropHead(level, place)
                }
                place = level.pointee.next
            }
            if took { outcome.levelsSwept &+= 1 }
            if level.pointee.tag == 0 { ladder.pointee.close(levelPlace, &slab) }
        }
        outcome.fills = Int(fillCount)
        if fillCount > 0 { lastPrice = fills[Int(fillCount) &- 1].price }
        if left > 0 {
            if order.kind == .limit, order.timeInForce == .goodTillCancel, !isStopped {
                _ = rest(order, quantity: left)
                outcome.status = .resting
            } else if order.timeInForce != .fillOrKill {
                outcome.status = .expired
            }
        }
        return outcome
    }

    /// Removes the first order of a level, which has traded in full or is cancelled; its lots are off the level's already.
    @inline(__always)
    private mutating func dropHead(_ level: UnsafeMutablePointer<Record>, _ place: Int32) {
        let records = slab.records
        let record = records[Int(place)]
        _ = index.remove(record.id, in: records)
        level.pointee.tag &-= 1
        level.pointee.next = record.next
        records[Int(record.next)].previous = record.previous
        slab.giveBack(place)
    }

    /// An iceberg shows its next slice, which goes to the back of the queue.
    @inline(never)
    private mutating func refresh(
        _ level: UnsafeMutablePointer<Record>, _ levelPlace: Int32, _ place: Int32
    ) {
        let records = slab.records
        let detail = slab.details[Int(place)]
        let slice = min(detail.display, detail.reserve)
        records[Int(place)].quantity = slice
        setReserve(detail.reserve &- slice, of: place)
        level.pointee.quantity &+= slice
        let next = records[Int(place)].next
        guard next != levelPlace else { return }
        level.pointee.next = next
        records[Int(next)].previous = levelPlace
        let last = level.pointee.previous
        records[Int(last)].next = place
        records[Int(place)].previous = last
        records[Int(place)].next = levelPlace
        level.pointee.previous = place
    }

    /// Whether a fill-or-kill order would be filled, nothing being changed; the other side is not empty.
    ///
    /// An order by amount is filled when what is left of it is less than a lot's price.
    func isFillable(_ order: Order, _ limit: Int64) -> Bool {
        let records = slab.records
        let ladder = ladders + Int(order.side.opposite.rawValue)
        let minds = order.owner != 0 && order.prevention != .none
        let isByAmount = order.kind == .marketByAmount
        var amount = order.quantity
        var levelPlace = ladder.pointee.bestLevel
        if isByAmount, amount < records[Int(levelPlace)].price { return false }
        while levelPlace != 0 {
            let level = records[Int(levelPlace)]
            let key = Int64(bitPattern: level.id)
            guard key >= limit else { return false }
            let left = isByAmount ? amount / level.price : amount
            if left == 0 || (!minds && level.quantity >= left) { return true }
            // What is hidden comes after all that is shown at its price.
            var shown: Int64 = 0
            var hidden: Int64 = 0
            var place = level.next
            while place != levelPlace {
                if minds, isOwn(place, order) {
                    if order.prevention != .expireMaker { return shown >= left }
                } else {
                    shown &+= records[Int(place)].quantity
                    hidden &+= self.hidden(place)
                    if shown >= left { return true }
                }
                place = records[Int(place)].next
            }
            let taken = shown &+ hidden
            if taken >= left { return true }
            amount &-= isByAmount ? taken &* level.price : taken
            levelPlace = ladder.pointee.levelBelow(key)
        }
        return false
    }

    @inline(__always)
    private mutating func note(_ fill: Fill) {
        if fillCount == fillCapacity { growFills() }
        fills[Int(fillCount)] = fill
        fillCount &+= 1
    }

    @inline(never)
    private mutating func growFills() {
        let larger = UnsafeMutablePointer<Fill>.allocate(capacity: Int(fillCapacity) * 2)
        larger.moveInitialize(from: fills, count: Int(fillCount))
        fills.deallocate()
        fills = larger
        fillCapacity *= 2
        growths += 1
    }

    /// Whether a resting order is of the arriving one's owner, who minds.
    @inline(__always)
    private func isOwn(_ place: Int32, _ order: Order) -> Bool {
        slab.records[Int(place)].hasOwner && slab.details[Int(place)].owner == order.owner
    }
}
