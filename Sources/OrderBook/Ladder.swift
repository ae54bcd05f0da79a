/// The orders of one price, first come first served.
struct PriceLevel {
    /// The first order's node; −1 where there is none.
    var head: Int32 = -1
    /// The last one's.
    var tail: Int32 = -1
    /// Orders.
    var count: Int32 = 0
    /// Lots that are shown, all orders together.
    var quantity: Int64 = 0
}

/// One side of the book: a window of levels in a row near the touch, a map of those further away.
///
/// Levels go by a key that is larger for the better price: the price for bids, its negative for asks, so that one piece of
/// code serves both. A bit for each level of the window tells whether it holds orders; the next best is found in it. The
/// best level is always in the window, which moves with it when it has to.
struct Ladder {
    /// Levels of the window.
    static let width = 1024

    /// The key of the first level of the window.
    private(set) var base: Int64 = 0
    /// The best level's place in the window; −1 on an empty side.
    private(set) var best = -1
    private let levels: UnsafeMutablePointer<PriceLevel>
    private let bits: UnsafeMutablePointer<UInt64>
    private var far: [Int64: PriceLevel] = [:]

    init() {
        levels = .allocate(capacity: Ladder.width)
        levels.initialize(repeating: PriceLevel(), count: Ladder.width)
        bits = .allocate(capacity: Ladder.width / 64)
        bits.initialize(repeating: 0, count: Ladder.width / 64)
    }

    func deallocate() {
        levels.deallocate()
        bits.deallocate()
    }

    /// The best key; only on a side that is not empty.
    @inline(__always)
    var bestKey: Int64 { base &+ Int64(best) }

    @inline(__always)
    var isEmpty: Bool { best < 0 }

    /// The best level.
    @inline(__always)
    var bestLevel: UnsafeMutablePointer<PriceLevel> { levels + best }

    /// The place of a key in the window; outside, something not below `width`.
    @inline(__always)
    private func place(_ key: Int64) -> Int {
        let distance = key &- base
        return distance >= 0 && distance < Int64(Ladder.width) ? Int(distance) : Ladder.width
    }

    /// Changes the level of a key, which has or gets an order.
    @inline(__always)
    mutating func open(_ key: Int64, _ change: (inout PriceLevel) -> Void) {
        var place = place(key)
        if place == Ladder.width {
            if best >= 0, key < bestKey {
                change(&far[key, default: PriceLevel()])
                return
            }
            move(toHold: key)
            place = self.place(key)
        }
        if levels[place].count == 0 {
            bits[place >> 6] |= 1 << UInt64(place & 63)
            if place > best { best = place }
        }
        change(&levels[place])
    }

    /// Changes the level of a key that has orders, and closes it when it has none left.
    @inline(__always)
    mutating func change(_ key: Int64, _ change: (inout PriceLevel) -> Void) {
        let place = place(key)
        guard place < Ladder.width else {
            change(&far[key, default: PriceLevel()])
            if far[key]?.count == 0 { far[key] = nil }
            return
        }
        change(&levels[place])
        if levels[place].count == 0 { close(place) }
    }

    /// Closes the best level, which has no orders left.
    @inline(__always)
    mutating func closeBest() {
        close(best)
    }

    @inline(__always)
    private mutating func close(_ place: Int) {
        bits[place >> 6] &= ~(1 << UInt64(place & 63))
        guard place == best else { return }
        var word = place >> 6
        var rest = bits[word]
        while rest == 0 {
            word &-= 1
            guard word >= 0 else {
                best = -1
                if let key = far.keys.max() { move(toHold: key) }
                return
            }
            rest = bits[word]
        }
        best = word << 6 | (63 &- rest.leadingZeroBitCount)
    }

    /// Moves the window so that a key, which is to be the best, has room on both sides.
    private mutating func move(toHold key: Int64) {
        for word in 0..<(Ladder.width / 64) where bits[word] != 0 {
            for bit in 0..<64 where bits[word] >> UInt64(bit) & 1 == 1 {
                let place = word << 6 | bit
                far[base + Int64(place)] = levels[place]
                levels[place] = PriceLevel()
            }
            bits[word] = 0
        }
        best = -1
        base = key - Int64(Ladder.width) / 2
        for (key, level) in far {
            let place = place(key)
            guard place < Ladder.width else { continue }
            levels[place] = level
            bits[place >> 6] |= 1 << UInt64(place & 63)
            best = max(best, place)
        }
        far = far.filter { place($0.key) == Ladder.width }
    }

    /// The level of a key; without orders where there are none.
    func level(_ key: Int64) -> PriceLevel {
        let place = place(key)
        return place < Ladder.width ? levels[place] : far[key] ?? PriceLevel()
    }

    /// Up to so many keys with orders, the best first.
    func keys(limit: Int) -> [Int64] {
        var found: [Int64] = []
        var word = (Ladder.width / 64) - 1
        while word >= 0, found.count < limit {
            var rest = bits[word]
            while rest != 0, found.count < limit {
                let bit = 63 - rest.leadingZeroBitCount
                found.append(base + Int64(word << 6 | bit))
                rest &= ~(1 << UInt64(bit))
            }
            word -= 1
        }
        if found.count < limit { found += far.keys.sorted(by: >).prefix(limit - found.count) }
        return found
    }
}
