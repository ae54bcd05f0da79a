/// Numbers in order by their bytes, from the last to the first: quicker than comparing where there are
/// hundreds.
public enum RadixSort {
    /// The numbers, which are not NaN, in rising order. O(n).
    public static func sorted(_ values: [Double]) -> [Double] {
        let count = values.count
        guard count >= 128 else { return values.sorted() }
        var keys = values.map { value in
            let bits = value.bitPattern
            // Negative numbers in reverse, below the positive ones.
            return bits >> 63 == 0 ? bits | 1 << 63 : ~bits
        }
        var spare = keys
        var counts = [Int32](repeating: 0, count: 8 * 256)
        for key in keys {
            for digit in 0..<8 {
                counts[digit << 8 | Int(truncatingIfNeeded: key >> (8 * digit) & 0xFF)] += 1
            }
        }
        for digit in 0..<8 {
            let shift = 8 * digit
            // A digit that all have in common changes nothing.
            let first = Int(truncatingIfNeeded: keys[0] >> shift & 0xFF)
            if Int(counts[digit << 8 | first]) == count { continue }
            pass(&counts, digit, from: keys, to: &spare)
            swap(&keys, &spare)
        }
        return keys.map { Double(bitPattern: $0 >> 63 == 0 ? ~$0 : $0 & ~(1 << 63)) }
    }

    private static func pass(
        _ counts: inout [Int32], _ digit: Int, from keys: [UInt64], to sorted: inout [UInt64]
    ) {
        counts.withUnsafeMutableBufferPointer { counts in
            sorted.withUnsafeMutableBufferPointer { sorted in
                let base = digit << 8
                var sum: Int32 = 0
                for value in base..<base + 256 {
                    let count = counts[value]
                    counts[value] = sum
                    sum += count
                }
                for key in keys {
                    let bucket = base | Int(truncatingIfNeeded: key >> (8 * digit) & 0xFF)
                    sorted[Int(counts[bucket])] = key
                    counts[bucket] += 1
                }
            }
        }
    }
}
