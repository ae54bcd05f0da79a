/// A 128-bit hash of a run of bytes: two XXH64 digests (Collet 2014) with different seeds, taken in one pass.
///
/// It tells files and segments apart and finds flipped bits. It is no defence against somebody who forges collisions.
public struct ContentHash: Sendable, Hashable, Comparable, CustomStringConvertible {
    /// XXH64 with seed 0.
    public let low: UInt64
    /// XXH64 with the seed `ContentHasher.secondSeed`.
    public let high: UInt64

    /// A hash from its halves.
    public init(low: UInt64, high: UInt64) {
        self.low = low
        self.high = high
    }

    /// The hash of some bytes.
    public init(of bytes: UnsafeRawBufferPointer) {
        var hasher = ContentHasher()
        hasher.update(bytes)
        self = hasher.finish()
    }

    /// Reads 32 hexadecimal digits, or returns nil.
    public init?(hexadecimal text: String) {
        guard text.utf8.count == 32, let high = UInt64(text.prefix(16), radix: 16),
            let low = UInt64(text.suffix(16), radix: 16)
        else { return nil }
        self.init(low: low, high: high)
    }

    /// 32 hexadecimal digits.
    public var description: String { Self.digits(high) + Self.digits(low) }

    /// Orders hashes as numbers.
    public static func < (one: ContentHash, other: ContentHash) -> Bool {
        (one.high, one.low) < (other.high, other.low)
    }

    private static func digits(_ value: UInt64) -> String {
        let text = String(value, radix: 16)
        return String(repeating: "0", count: 16 - text.count) + text
    }
}

/// Takes a `ContentHash` of bytes that arrive in pieces.
public struct ContentHasher: Sendable {
    private var first = LaneState(seed: 0)
    private var second = LaneState(seed: ContentHasher.secondSeed)
    private var pending: [UInt8] = []
    private var total: UInt64 = 0

    /// The seed of the upper half.
    public static let secondSeed: UInt64 = 0x9E37_79B9_7F4A_7C15

    /// A hasher that has seen nothing.
    public init() {}

    /// Takes in more bytes.
    public mutating func update(_ bytes: UnsafeRawBufferPointer) {
        total &+= UInt64(bytes.count)
        var position = 0
        if !pending.isEmpty {
            let missing = min(32 - pending.count, bytes.count)
            pending.append(contentsOf: bytes[0..<missing])
            position = missing
            guard pending.count == 32 else { return }
            let held = pending
            held.withUnsafeBytes { consume($0) }
            pending.removeAll(keepingCapacity: true)
        }
        let whole = (bytes.count - position) / 32 * 32
        consume(UnsafeRawBufferPointer(rebasing: bytes[position..<position + whole]))
        pending.append(contentsOf: bytes[(position + whole)...])
    }

    /// The hash of everything taken in.
    public func finish() -> ContentHash {
        pending.withUnsafeBytes { tail in
            ContentHash(
                low: first.finish(tail: tail, total: total), high: second.finish(tail: tail, total: total))
        }
    }

    private mutating func consume(_ stripes: UnsafeRawBufferPointer) {
        var one = first
        var two = second
        var position = 0
        while position + 32 <= stripes.count {
            let a = UInt64(littleEndian: stripes.loadUnaligned(fromByteOffset: position, as: UInt64.self))
            let b = UInt64(littleEndian: stripes.loadUnaligned(fromByteOffset: position + 8, as: UInt64.self))
            let c = UInt64(
                littleEndian: stripes.loadUnaligned(fromByteOffset: position + 16, as: UInt64.self))
            let d = UInt64(
                littleEndian: stripes.loadUnaligned(fromByteOffset: position + 24, as: UInt64.self))
            one.round(a, b, c, d)
            two.round(a, b, c, d)
            position += 32
        }
        first = one
        second = two
    }
}

/// The four lanes of one XXH64.
private struct LaneState: Sendable {
    var a: UInt64
    var b: UInt64
    var c: UInt64
    var d: UInt64
    let seed: UInt64

    static let prime1: UInt64 = 0x9E37_79B1_85EB_CA87
    static let prime2: UInt64 = 0xC2B2_AE3D_27D4_EB4F
    static let prime3: UInt64 = 0x1656_67B1_9E37_79F9
    static let prime4: UInt64 = 0x85EB_CA77_C2B2_AE63
    static let prime5: UInt64 = 0x27D4_EB2F_1656_67C5

    init(seed: UInt64) {
        self.seed = seed
        a = seed &+ Self.prime1 &+ Self.prime2
        b = seed &+ Self.prime2
        c = seed
        d = seed &- Self.prime1
    }

    @inline(__always)
    mutating func round(_ one: UInt64, _ two: UInt64, _ three: UInt64, _ four: UInt64) {
        a = Self.mix(a, one)
        b = Self.mix(b, two)
        c = Self.mix(c, three)
        d = Self.mix(d, four)
    }

    func finish(tail: UnsafeRawBufferPointer, total: UInt64) -> UInt64 {
        var hash: UInt64
        if total >= 32 {
            hash = Self.rotate(a, 1) &+ Self.rotate(b, 7) &+ Self.rotate(c, 12) &+ Self.rotate(d, 18)
            for lane in [a, b, c, d] {
                hash = (hash ^ Self.mix(0, lane)) &* Self.prime1 &+ Self.prime4
            }
        } else {
            hash = seed &+ Self.prime5
        }
        hash = hash &+ total
        var position = 0
        while position + 8 <= tail.count {
            let word = UInt64(littleEndian: tail.loadUnaligned(fromByteOffset: position, as: UInt64.self))
            hash = Self.rotate(hash ^ Self.mix(0, word), 27) &* Self.prime1 &+ Self.prime4
            position += 8
        }
        if position + 4 <= tail.count {
            let word = UInt32(littleEndian: tail.loadUnaligned(fromByteOffset: position, as: UInt32.self))
            hash = Self.rotate(hash ^ (UInt64(word) &* Self.prime1), 23) &* Self.prime2 &+ Self.prime3
            position += 4
        }
        while position < tail.count {
            hash = Self.rotate(hash ^ (UInt64(tail[position]) &* Self.prime5), 11) &* Self.prime1
            position += 1
        }
        hash = (hash ^ (hash >> 33)) &* Self.prime2
        hash = (hash ^ (hash >> 29)) &* Self.prime3
        return hash ^ (hash >> 32)
    }

    @inline(__always)
    private static func mix(_ lane: UInt64, _ word: UInt64) -> UInt64 {
        rotate(lane &+ word &* prime2, 31) &* prime1
    }

    @inline(__always)
    private static func rotate(_ value: UInt64, _ count: UInt64) -> UInt64 {
        value &<< count | value &>> (64 &- count)
    }
}
