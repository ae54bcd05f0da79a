import Tape
import TestSupport
import Testing

@Suite struct ContentHashTests {
    private func hash(_ text: String) -> ContentHash {
        Array(text.utf8).withUnsafeBytes { ContentHash(of: $0) }
    }

    /// The hash of one unit as its description has it, lane by lane and stripe by stripe.
    private func slowHash(_ bytes: [UInt8]) -> ContentHash {
        let golden: UInt64 = 0x9E37_79B9_7F4A_7C15
        func mixed(_ word: UInt64) -> UInt64 {
            var value = (word ^ word >> 30) &* 0xBF58_476D_1CE4_E5B9
            value = (value ^ value >> 27) &* 0x94D0_49BB_1331_11EB
            return value ^ value >> 31
        }
        func key(_ stream: Int, _ lane: Int) -> UInt64 { mixed(UInt64(stream * 64 + lane) &* golden) }
        var products = (0..<8).map { key(1, $0) }
        var sums = [UInt64](repeating: 0, count: 8)
        let padded = bytes + [UInt8](repeating: 0, count: (64 - bytes.count % 64) % 64)
        for stripe in 0..<padded.count / 64 {
            for lane in 0..<8 {
                let word = (0..<8).reduce(0 as UInt64) {
                    $0 | UInt64(padded[stripe * 64 + lane * 8 + $1]) << UInt64(8 * $1)
                }
                let keyed = word ^ (key(1, lane) &+ UInt64(stripe % 16) &* golden)
                products[lane] &+= (keyed & 0xFFFF_FFFF) &* (keyed >> 32)
                sums[lane] &+= word
            }
            guard stripe % 16 == 15 else { continue }
            for lane in 0..<8 {
                products[lane] = (products[lane] ^ products[lane] >> 47 ^ key(2, lane)) &* golden
                sums[lane] = sums[lane] << 23 | sums[lane] >> 41
                products[lane] ^= sums[lane]
            }
        }
        var low = UInt64(bytes.count) &* golden
        var high = ~UInt64(bytes.count)
        for lane in 0..<8 {
            low = mixed(low ^ products[lane]) &+ mixed(sums[lane] ^ key(3, lane))
            high = mixed(high &+ sums[lane] &* golden) ^ mixed(products[lane] &+ low)
        }
        return ContentHash(low: mixed(low), high: mixed(high ^ low))
    }

    @Test func vectorsHashAsSingleLanesDo() {
        var random = SplitMix64(seed: 8)
        for count in [0, 1, 7, 63, 64, 65, 1023, 1024, 1025, 5000, 70_000] {
            let bytes = (0..<count).map { _ in UInt8.random(in: 0...255, using: &random) }
            #expect(bytes.withUnsafeBytes { ContentHash(of: $0) } == slowHash(bytes), "\(count) bytes")
        }
    }

    @Test func unitsHashedApartJoinToTheHashOfTheWhole() {
        var random = SplitMix64(seed: 9)
        let unit = ContentHasher.unitBytes
        let bytes = (0..<2 * unit + 12_345).map { _ in UInt8(truncatingIfNeeded: random.next()) }
        bytes.withUnsafeBytes { all in
            var joined = ContentHasher()
            for start in stride(from: 0, to: all.count, by: unit) {
                var part = ContentHasher()
                part.update(UnsafeRawBufferPointer(rebasing: all[start..<min(start + unit, all.count)]))
                joined.append(part)
            }
            #expect(joined.finish() == ContentHash(of: all))
            #expect(joined.finish() != ContentHash(of: UnsafeRawBufferPointer(rebasing: all.dropLast())))
        }
    }

    @Test func everyFlippedBitAndEveryLengthChangesTheHash() {
        var bytes = [UInt8](repeating: 0, count: 300)
        var seen: Set<ContentHash> = []
        for count in 0...300 { seen.insert(bytes[..<count].withUnsafeBytes { ContentHash(of: $0) }) }
        for bit in 0..<2400 {
            bytes[bit / 8] ^= 1 << UInt8(bit % 8)
            seen.insert(bytes.withUnsafeBytes { ContentHash(of: $0) })
            bytes[bit / 8] ^= 1 << UInt8(bit % 8)
        }
        #expect(seen.count == 301 + 2400)
        #expect(Set(seen.map(\.low)).count == seen.count && Set(seen.map(\.high)).count == seen.count)
    }

    @Test func piecesOfAnyLengthHashAsTheWholeDoes() {
        var random = SplitMix64(seed: 5)
        let bytes = (0..<5000).map { _ in UInt8.random(in: 0...255, using: &random) }
        let whole = bytes.withUnsafeBytes { ContentHash(of: $0) }
        for _ in 0..<50 {
            var hasher = ContentHasher()
            var start = 0
            while start < bytes.count {
                let end = min(bytes.count, start + Int.random(in: 0...90, using: &random))
                bytes[start..<end].withUnsafeBytes { hasher.update($0) }
                start = end
            }
            #expect(hasher.finish() == whole)
        }
    }

    @Test func hexadecimalTextReadsBack() {
        let one = hash("tape")
        #expect(ContentHash(hexadecimal: one.description) == one)
        #expect(ContentHash(hexadecimal: "12") == nil)
    }

    @Test func aFlippedBitChangesBothHalves() {
        var bytes = [UInt8](repeating: 7, count: 1000)
        let before = bytes.withUnsafeBytes { ContentHash(of: $0) }
        bytes[500] ^= 1
        let after = bytes.withUnsafeBytes { ContentHash(of: $0) }
        #expect(before.low != after.low && before.high != after.high)
    }
}
