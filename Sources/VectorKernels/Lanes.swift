/// Eight numbers from a place in memory.
@inline(__always)
func lanes(_ place: UnsafePointer<Double>) -> SIMD8<Double> {
    UnsafeRawPointer(place).loadUnaligned(as: SIMD8<Double>.self)
}

@inline(__always)
func lanes(_ place: UnsafeMutablePointer<Double>) -> SIMD8<Double> { lanes(UnsafePointer(place)) }

@inline(__always)
func store(_ lanes: SIMD8<Double>, to place: UnsafeMutablePointer<Double>) {
    UnsafeMutableRawPointer(place).storeBytes(of: lanes, as: SIMD8<Double>.self)
}

@inline(__always)
func ones(where mask: SIMDMask<SIMD8<Int64>>) -> SIMD8<Int64> {
    SIMD8<Int64>.zero.replacing(with: SIMD8(repeating: 1), where: mask)
}

/// The runs of a history in which the phases of a season follow one another: `body` gets the place, the phase
/// and the length of each.
@inline(__always)
func runs(_ count: Int, season: Int, firstPhase: Int, _ body: (Int, Int, Int) -> Void) {
    var place = 0
    var phase = firstPhase
    while place < count {
        let length = min(season &- phase, count &- place)
        body(place, phase, length)
        place &+= length
        phase = 0
    }
}
