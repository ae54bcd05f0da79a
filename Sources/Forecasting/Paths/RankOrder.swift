/// Puts numbers into the order of others, by the first 24 bits of these in three passes (radix sort); what is equal
/// in those keeps its order.
struct RankOrder {
    private let count: Int
    private var keys: [UInt64]
    private var spare: [UInt64]
    private var counts = [Int32](repeating: 0, count: 3 * 256)

    init(count: Int) {
        self.count = count
        keys = [UInt64](repeating: 0, count: count)
        spare = keys
    }

    /// Gives the places of the scores, the smallest first, the rising values: the place p gets its value at
    /// `p × width + first` of the target.
    mutating func scatter(
        _ values: [Float], inOrderOf scores: [Float], to target: inout [Float], first: Int, width: Int
    ) {
        precondition(
            values.count == count && scores.count == count && target.count >= count * width
                && first >= 0 && first < width, "a value for each score, and a place for each value")
        counts.withUnsafeMutableBufferPointer { counts in
            keys.withUnsafeMutableBufferPointer { keys in
                spare.withUnsafeMutableBufferPointer { spare in
                    let sorted = RankOrder.sort(scores, keys, spare, counts)
                    target.withUnsafeMutableBufferPointer { target in
                        for rank in 0..<values.count {
                            let place = Int(truncatingIfNeeded: sorted[rank] & 0xFFFF_FFFF)
                            target[place * width + first] = values[rank]
                        }
                    }
                }
            }
        }
    }

    /// The places of the numbers in their lower halves, in order; in one of the two buffers.
    private static func sort(
        _ numbers: [Float], _ keys: UnsafeMutableBufferPointer<UInt64>,
        _ spare: UnsafeMutableBufferPointer<UInt64>, _ counts: UnsafeMutableBufferPointer<Int32>
    ) -> UnsafeMutableBufferPointer<UInt64> {
        counts.update(repeating: 0)
        for index in 0..<numbers.count {
            let bits = numbers[index].bitPattern
            // Negative numbers in reverse, below the positive ones.
            let key = bits >> 31 == 0 ? bits | 0x8000_0000 : ~bits
            keys[index] = UInt64(key) << 32 | UInt64(truncatingIfNeeded: index)
            counts[Int(key >> 8 & 0xFF)] += 1
            counts[256 + Int(key >> 16 & 0xFF)] += 1
            counts[512 + Int(key >> 24)] += 1
        }
        var (source, target) = (keys, spare)
        for digit in 0..<3 {
            var sum: Int32 = 0
            for value in digit * 256..<(digit + 1) * 256 {
                let count = counts[value]
                counts[value] = sum
                sum += count
            }
            let shift = UInt64(40 + 8 * digit)
            for index in 0..<numbers.count {
                let key = source[index]
                let bucket = digit * 256 + Int(truncatingIfNeeded: key >> shift & 0xFF)
                target[Int(counts[bucket])] = key
                counts[bucket] += 1
            }
            swap(&source, &target)
        }
        return source
    }
}
