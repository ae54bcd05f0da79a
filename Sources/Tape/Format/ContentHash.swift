import IngestKernels
import Numerics

#if KERNEL_LEVELS
    import IngestKernelsV3
    import IngestKernelsV4
#endif

/// A 128-bit hash of a run of bytes, quick enough to be taken along while they are read.
///
/// It tells files and segments apart and finds flipped bits. It is no defence against somebody who forges
/// collisions. Bytes are hashed in units of 1 MiB, each on its own, and the units' digests hashed once more:
/// so the parts of one text can be read by several threads. Within a unit, eight 64-bit lanes multiply the
/// halves of their words as XXH3 does (Collet 2019), beside plain sums that no word can leave unchanged.
public struct ContentHash: Sendable, Hashable, Comparable, CustomStringConvertible {
    /// The lower half.
    public let low: UInt64
    /// The upper half.
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
    /// Bytes of a unit. Units can be hashed apart, if their pieces start at multiples of it, and joined by
    /// `append`.
    public static let unitBytes = 1 << 20

    private var lanes = HashLanes()
    private var pending: [UInt8] = []
    private var inUnit = 0
    private var units: [ContentHash] = []

    /// A hasher that has seen nothing.
    public init() {}

    /// Takes in more bytes.
    public mutating func update(_ bytes: UnsafeRawBufferPointer) {
        var position = 0
        while position < bytes.count {
            let count = min(bytes.count - position, Self.unitBytes - inUnit)
            updateUnit(UnsafeRawBufferPointer(rebasing: bytes[position..<position + count]))
            position += count
            if inUnit == Self.unitBytes { closeUnit() }
        }
    }

    /// Takes in what another hasher has seen. What this one has seen must be whole units.
    public mutating func append(_ other: ContentHasher) {
        precondition(inUnit == 0, "only whole units can be followed by others")
        units += other.units
        lanes = other.lanes
        pending = other.pending
        inUnit = other.inUnit
    }

    /// The hash of everything taken in.
    public func finish() -> ContentHash {
        var copy = self
        let total = UInt64(units.count) &* UInt64(Self.unitBytes) &+ UInt64(inUnit)
        if copy.inUnit > 0 || copy.units.isEmpty { copy.closeUnit() }
        if copy.units.count == 1 { return copy.units[0] }
        var root = HashLanes()
        for start in stride(from: 0, to: copy.units.count, by: 4) {
            var words = SIMD8<UInt64>.zero
            for (lane, unit) in copy.units[start..<min(start + 4, copy.units.count)].enumerated() {
                words[2 * lane] = unit.low
                words[2 * lane + 1] = unit.high
            }
            root.add(words)
        }
        return root.finish(length: total)
    }

    private mutating func updateUnit(_ bytes: UnsafeRawBufferPointer) {
        inUnit += bytes.count
        var position = 0
        if !pending.isEmpty {
            let missing = min(64 - pending.count, bytes.count)
            pending.append(contentsOf: bytes[0..<missing])
            position = missing
            guard pending.count == 64 else { return }
            let held = pending
            held.withUnsafeBytes { lanes.add($0) }
            pending.removeAll(keepingCapacity: true)
        }
        let whole = (bytes.count - position) / 64 * 64
        lanes.add(UnsafeRawBufferPointer(rebasing: bytes[position..<position + whole]))
        pending.append(contentsOf: bytes[(position + whole)...])
    }

    private mutating func closeUnit() {
        let length = UInt64(inUnit)
        if !pending.isEmpty {
            pending.append(contentsOf: repeatElement(0, count: 64 - pending.count))
            let held = pending
            held.withUnsafeBytes { lanes.add($0) }
            pending.removeAll(keepingCapacity: true)
        }
        units.append(lanes.finish(length: length))
        lanes = HashLanes()
        inUnit = 0
    }
}

/// Eight lanes that take in 64 bytes at a time.
private struct HashLanes: Sendable {
    private var products = HashLanes.seeds
    private var sums = SIMD8<UInt64>.zero
    private var stripes: UInt64 = 0

    private static let golden: UInt64 = 0x9E37_79B9_7F4A_7C15
    private static let seeds = keys(1)
    private static let mixing = keys(2)
    private static let finishKeys = keys(3)

    /// Fixed random words (Steele, Lea and Flood 2014).
    private static func keys(_ stream: UInt64) -> SIMD8<UInt64> {
        var result = SIMD8<UInt64>.zero
        for lane in 0..<8 { result[lane] = mixed((stream &* 64 &+ UInt64(lane)) &* golden) }
        return result
    }

    private static func mixed(_ word: UInt64) -> UInt64 {
        var value = (word ^ word >> 30) &* 0xBF58_476D_1CE4_E5B9
        value = (value ^ value >> 27) &* 0x94D0_49BB_1331_11EB
        return value ^ value >> 31
    }

    /// The kernel in the build for this processor; all builds give the same hash.
    private static let addStripes:
        @Sendable (
            UnsafeRawPointer, Int, UInt64, SIMD8<UInt64>, SIMD8<UInt64>, UInt64,
            UnsafeMutablePointer<SIMD8<UInt64>>
        ) -> Void = {
            #if KERNEL_LEVELS
                if ProcessorLevel.hasByteCompression { return IngestKernelsV4.addStripes }
                if ProcessorLevel.best != .baseline { return IngestKernelsV3.addStripes }
            #endif
            return IngestKernels.addStripes
        }()

    /// Whole stripes of 64 bytes.
    mutating func add(_ bytes: UnsafeRawBufferPointer) {
        guard let base = bytes.baseAddress else { return }
        let count = bytes.count / 64
        withUnsafeTemporaryAllocation(of: SIMD8<UInt64>.self, capacity: 2) { lanes in
            lanes.initializeElement(at: 0, to: products)
            lanes.initializeElement(at: 1, to: sums)
            if let own = lanes.baseAddress {
                Self.addStripes(base, count, stripes, Self.seeds, Self.mixing, Self.golden, own)
            }
            products = lanes[0]
            sums = lanes[1]
        }
        stripes &+= UInt64(count)
    }

    /// One stripe of words.
    mutating func add(_ words: SIMD8<UInt64>) {
        withUnsafeBytes(of: words) { add($0) }
    }

    func finish(length: UInt64) -> ContentHash {
        var low = length &* HashLanes.golden
        var high = ~length
        for lane in 0..<8 {
            low =
                HashLanes.mixed(low ^ products[lane])
                &+ HashLanes.mixed(sums[lane] ^ HashLanes.finishKeys[lane])
            high =
                HashLanes.mixed(high &+ sums[lane] &* HashLanes.golden)
                ^ HashLanes.mixed(products[lane] &+ low)
        }
        return ContentHash(low: HashLanes.mixed(low), high: HashLanes.mixed(high ^ low))
    }
}
