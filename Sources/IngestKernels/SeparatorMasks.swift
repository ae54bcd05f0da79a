/// Lists where a text holds either of two bytes, in ascending order.
///
/// Plain arithmetic on words of eight bytes, which the compiler turns into vector instructions of the target's width.
///
/// - Parameters:
///   - text: The text; up to 64 bytes behind it are read as well.
///   - count: Its bytes, fewer than 2³¹.
///   - first: One byte.
///   - second: The other one.
///   - masks: Scratch: an eighth of the bytes, and 16 more.
///   - places: Room for every place, and for 16 more.
/// - Returns: How many there are in the lower 32 bits, and how many of them are the second byte above.
@inline(never)
public func listBytes(
    text: UnsafeRawPointer, count: Int, first: UInt8, second: UInt8, masks: UnsafeMutablePointer<UInt64>,
    places: UnsafeMutablePointer<UInt32>
) -> Int {
    let words = (count &+ 63) / 64
    guard words > 0 else { return 0 }
    let one = UInt64(first) &* 0x0101_0101_0101_0101
    let two = UInt64(second) &* 0x0101_0101_0101_0101
    let mask = UnsafeMutableRawPointer(masks).assumingMemoryBound(to: UInt8.self)
    var seconds = 0
    var start = 0
    while start < words &* 8 {
        // Counts of up to 128 in each byte of a word.
        let end = min(start &+ 128, words &* 8)
        var sums: UInt64 = 0
        for index in start..<end {
            let word = UInt64(littleEndian: text.loadUnaligned(fromByteOffset: index &* 8, as: UInt64.self))
            let other = zeroBytes(word ^ two)
            mask[index] = folded(zeroBytes(word ^ one) | other)
            sums = sums &+ other
        }
        let pairs = (sums & 0x00FF_00FF_00FF_00FF) &+ (sums &>> 8 & 0x00FF_00FF_00FF_00FF)
        seconds &+= Int((pairs &* 0x0001_0001_0001_0001) &>> 48)
        start = end
    }
    // What lies behind the text does not count.
    for index in count..<words &* 64 {
        mask[index / 8] &= ~(1 &<< UInt8(index & 7))
        if text.load(fromByteOffset: index, as: UInt8.self) == second { seconds &-= 1 }
    }
    return listMarks(masks, words, places) | seconds << 32
}

/// A one in each byte that is zero in a word.
@inline(__always)
private func zeroBytes(_ word: UInt64) -> UInt64 {
    let low: UInt64 = 0x7F7F_7F7F_7F7F_7F7F
    // The upper bit of each byte, and nothing else, is set where the byte is zero; no carry leaves its byte.
    return ~(((word & low) &+ low) | word | low) &>> 7
}

/// The lowest bits of eight bytes as one byte.
@inline(__always)
private func folded(_ word: UInt64) -> UInt8 {
    var marks = word
    marks |= marks &>> 7
    marks |= marks &>> 14
    marks |= marks &>> 28
    return UInt8(truncatingIfNeeded: marks)
}

/// Lists the places of set bits in ascending order and returns how many there are.
@inline(__always)
private func listMarks(
    _ mask: UnsafePointer<UInt64>, _ words: Int, _ places: UnsafeMutablePointer<UInt32>
) -> Int {
    var count = 0
    for index in 0..<words {
        var rest = UInt64(littleEndian: mask[index])
        let base = UInt32(truncatingIfNeeded: index &* 64)
        let here = rest.nonzeroBitCount
        var slot = count
        // Eight at a time whether or not there are as many: the number of marks in a word is hard to predict.
        repeat {
            for step in 0..<8 {
                places[slot &+ step] = base &+ UInt32(truncatingIfNeeded: rest.trailingZeroBitCount)
                rest &= rest &- 1
            }
            slot &+= 8
        } while rest != 0
        count &+= here
    }
    return count
}
