import Tape
import TestSupport
import Testing

@Suite struct ContentHashTests {
    private func hash(_ text: String) -> ContentHash {
        Array(text.utf8).withUnsafeBytes { ContentHash(of: $0) }
    }

    @Test func lowerHalfIsTheXXH64ThatOthersCompute() {
        // Values of the reference implementation, seed 0.
        #expect(hash("").low == 0xEF46_DB37_51D8_E999)
        #expect(hash("a").low == 0xD24E_C4F1_A98C_6E5B)
        #expect(hash("abc").low == 0x44BC_2CF5_AD77_0999)
        #expect(hash("Nobody inspects the spammish repetition").low == 0xFBCE_A83C_8A37_8BF1)
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
