/// One side of the book: the levels near the touch in a row, those further away in a sorted list.
///
/// Levels go by a key that is larger for the better price: the price for bids, its negative for asks, so that one piece of
/// code serves both. A bit for each tick of the window tells whether it holds orders, and a bit for each word of those
/// whether it holds any; the next best is found by two counts of leading zeros. The best level is always in the window,
/// which moves when the best comes near its end; what is outside lies below the window. (A hot row near the touch and a
/// cold map beyond: the layout of the fastest books that are published.)
struct Ladder {
    /// Ticks of the window.
    static let width = 4096

    /// The best level's key; `none` on an empty side.
    private(set) var bestKey = Ladder.none
    private var base: Int64 = 0
    /// The record of each tick's level; 0 where there are no orders.
    private let window: UnsafeMutablePointer<Int32>
    private let bits: UnsafeMutablePointer<UInt64>
    private var summary: UInt64 = 0
    /// The levels below the window, the best last.
    private var far: UnsafeMutablePointer<Far>
    // Narrow, so that a side is one cache line.
    private var farCount: Int32 = 0
    private var farCapacity: Int32 = 64
    /// How often more room was allocated.
    private(set) var growths: Int32 = 0
    private let padding: Int32 = 0

    private struct Far {
        var key: Int64
        var level: Int32
    }

    /// Below every key.
    static let none = Int64.min

    init() {
        window = .allocate(capacity: Ladder.width)
        window.initialize(repeating: 0, count: Ladder.width)
        bits = .allocate(capacity: Ladder.width / 64)
        bits.initialize(repeating: 0, count: Ladder.width / 64)
        far = .allocate(capacity: Int(farCapacity))
    }

    func deallocate() {
        window.deallocate()
        bits.deallocate()
        far.deallocate()
    }

    /// The best level's record; only on a side that is not empty.
    @inline(__always)
    var bestLevel: Int32 { window[Int(truncatingIfNeeded: bestKey &- base)] }

    /// A key's place in the window, or something that is not below its width.
    @inline(__always)
    private func distance(_ key: Int64) -> UInt64 { UInt64(bitPattern: key &- base) }

    /// The record of a key's level, which is taken from the slab where the key has no orders yet.
    @inline(__always)
    mutating func open(_ key: Int64, side: Int32, _ slab: inout Slab) -> Int32 {
        let distance = distance(key)
        if distance < UInt64(Ladder.width) {
            let place = Int(truncatingIfNeeded: distance)
            let level = window[place]
            if level != 0 { return level }
            return openNear(key, place, side, &slab)
        }
        return openFar(key, side, &slab)
    }

    @inline(__always)
    private mutating func openNear(_ key: Int64, _ place: Int, _ side: Int32, _ slab: inout Slab) -> Int32 {
        let level = Ladder.newLevel(key, side, &slab)
        hang(level, place)
        bestKey = max(bestKey, key)
        return level
    }

    /// A level without orders: a ring of itself.
    @inline(__always)
    private static func newLevel(_ key: Int64, _ side: Int32, _ slab: inout Slab) -> Int32 {
        let level = slab.take()
        slab.records[Int(level)] = Record(
            id: UInt64(bitPattern: key), quantity: 0, next: level, previous: level, tag: 0, chain: side)
        return level
    }

    @inline(__always)
    private mutating func hang(_ level: Int32, _ place: Int) {
        window[place] = level
        bits[place &>> 6] |= 1 &<< UInt64(place & 63)
        summary |= 1 &<< UInt64(place &>> 6)
    }

    @inline(never)
    private mutating func openFar(_ key: Int64, _ side: Int32, _ slab: inout Slab) -> Int32 {
        let quarter = Int64(Ladder.width / 4)
        if bestKey == Ladder.none || key > bestKey || key > bestKey - quarter {
            // At the touch or near it: the window has drifted away from where orders come.
            move(toHold: max(key, bestKey))
            return open(key, side: side, &slab)
        }
        let place = farPlace(key)
        if place < Int(farCount), far[place].key == key { return far[place].level }
        let level = Ladder.newLevel(key, side, &slab)
        if farCount == farCapacity { growFar() }
        (far + place + 1).update(from: far + place, count: Int(farCount) - place)
        far[place] = Far(key: key, level: level)
        farCount += 1
        return level
    }

    /// The first place of the list whose key is not below this one.
    private func farPlace(_ key: Int64) -> Int {
        var (low, high) = (0, Int(farCount))
        while low < high {
            let middle = (low + high) / 2
            if far[middle].key < key { low = middle + 1 } else { high = middle }
        }
        return low
    }

    private mutating func growFar() {
        let larger = UnsafeMutablePointer<Far>.allocate(capacity: Int(farCapacity) * 2)
        larger.moveInitialize(from: far, count: Int(farCount))
        far.deallocate()
        far = larger
        farCapacity *= 2
        growths += 1
    }

    /// Closes a level that has no orders left, and gives its record back.
    @inline(__always)
    mutating func close(_ level: Int32, _ slab: inout Slab) {
        let key = Int64(bitPattern: slab.records[Int(level)].id)
        slab.giveBack(level)
        let distance = distance(key)
        if distance < UInt64(Ladder.width) {
            let place = Int(truncatingIfNeeded: distance)
            window[place] = 0
            let word = place &>> 6
            let left = bits[word] & ~(1 &<< UInt64(place & 63))
            bits[word] = left
            if left == 0 { summary &= ~(1 &<< UInt64(word)) }
            if key == bestKey { findBest() }
        } else {
            closeFar(key)
        }
    }

    @inline(__always)
    private mutating func findBest() {
        if summary != 0 {
            let word = 63 &- summary.leadingZeroBitCount
            bestKey = base &+ Int64(word &<< 6 | (63 &- bits[word].leadingZeroBitCount))
        } else {
            findFarBest()
        }
    }

    @inline(never)
    private mutating func findFarBest() {
        bestKey = Ladder.none
        if farCount > 0 { move(toHold: far[Int(farCount) - 1].key) }
    }

    @inline(never)
    private mutating func closeFar(_ key: Int64) {
        let place = farPlace(key)
        (far + place).update(from: far + place + 1, count: Int(farCount) - place - 1)
        farCount -= 1
    }

    /// Moves the window so that a key, which is or will be the best, is in its middle.
    private mutating func move(toHold key: Int64) {
        for word in 0..<(Ladder.width / 64) where bits[word] != 0 {
            var left = bits[word]
            while left != 0 {
                let place = word << 6 | left.trailingZeroBitCount
                if farCount == farCapacity { growFar() }
                far[Int(farCount)] = Far(key: base + Int64(place), level: window[place])
                farCount += 1
                window[place] = 0
                left &= left - 1
            }
            bits[word] = 0
        }
        summary = 0
        base = key - Int64(Ladder.width) / 2
        bestKey = farCount > 0 ? far[Int(farCount) - 1].key : Ladder.none
        while farCount > 0, far[Int(farCount) - 1].key >= base {
            farCount -= 1
            hang(far[Int(farCount)].level, Int(far[Int(farCount)].key - base))
        }
    }

    /// The record of a key's level; 0 where it has no orders.
    func level(_ key: Int64) -> Int32 {
        let distance = distance(key)
        if distance < UInt64(Ladder.width) { return window[Int(distance)] }
        let place = farPlace(key)
        return place < Int(farCount) && far[place].key == key ? far[place].level : 0
    }

    /// The record of the best level with a key below this one; 0 where there is none.
    func levelBelow(_ key: Int64) -> Int32 {
        // Ticks of the window below the key.
        let room = min(max(key &- base, 0), Int64(Ladder.width))
        if room > 0 {
            let last = Int(room) - 1
            let word = last >> 6
            let left = bits[word] & (UInt64.max >> UInt64(63 - last & 63))
            if left != 0 { return window[word << 6 | (63 - left.leadingZeroBitCount)] }
            let words = summary & ((1 << UInt64(word)) - 1)
            if words != 0 {
                let word = 63 - words.leadingZeroBitCount
                return window[word << 6 | (63 - bits[word].leadingZeroBitCount)]
            }
        }
        let place = farPlace(key)
        return place > 0 ? far[place - 1].level : 0
    }

    /// The records of up to so many levels, the best first.
    func levels(limit: Int, in records: UnsafeMutablePointer<Record>) -> [Int32] {
        var found: [Int32] = []
        guard limit > 0, bestKey != Ladder.none else { return found }
        var level = bestLevel
        while level != 0 {
            found.append(level)
            if found.count == limit { break }
            level = levelBelow(Int64(bitPattern: records[Int(level)].id))
        }
        return found
    }
}
