/// Takes whole stripes of 64 bytes into a hash of eight lanes, and mixes it after every sixteenth.
///
/// - Parameters:
///   - bytes: The stripes.
///   - count: How many.
///   - before: How many came before these.
///   - seeds: What a stripe's key begins with after each mixing; `step` is added for each stripe.
///   - mixing: What goes into the products when they are mixed.
///   - step: An odd number.
///   - lanes: The sums of the products of the halves of each word, and the sums of the words.
@inline(never)
public func addStripes(
    bytes: UnsafeRawPointer, count: Int, before: UInt64, seeds: SIMD8<UInt64>, mixing: SIMD8<UInt64>,
    step: UInt64, lanes: UnsafeMutablePointer<SIMD8<UInt64>>
) {
    let lower = SIMD8<UInt64>(repeating: 0xFFFF_FFFF)
    let steps = SIMD8<UInt64>(repeating: step)
    var products = lanes[0]
    var sums = lanes[1]
    var text = bytes
    var rest = count
    var inBlock = Int(before & 15)
    var key = seeds &+ SIMD8(repeating: UInt64(inBlock) &* step)
    while rest > 0 {
        let here = min(rest, 16 &- inBlock)
        for _ in 0..<here {
            let words = text.loadUnaligned(as: SIMD8<UInt64>.self)
            let keyed = words ^ key
            products = products &+ (keyed & lower) &* (keyed &>> SIMD8(repeating: 32))
            sums = sums &+ words
            key = key &+ steps
            text += 64
        }
        rest &-= here
        inBlock &+= here
        if inBlock == 16 {
            // Carries what the low bits hold up, and parts equal sums in different places.
            products = (products ^ products &>> SIMD8(repeating: 47) ^ mixing) &* steps
            sums = sums &<< SIMD8(repeating: 23) | sums &>> SIMD8(repeating: 41)
            products = products ^ sums
            key = seeds
            inBlock = 0
        }
    }
    lanes[0] = products
    lanes[1] = sums
}
