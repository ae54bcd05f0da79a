/// The lanes of one vector: each is an independent replication of the same queue.
public let laneCount = 16

/// One number for each lane.
typealias Lanes16 = SIMD16<Float>

// Without fused multiply-add in the instruction set `addingProduct` is a call of a function for each lane.
#if FUSED || arch(arm64)
    @inline(__always)
    func fused(_ a: Lanes16, _ b: Lanes16, plus c: Lanes16) -> Lanes16 { c.addingProduct(a, b) }
#else
    @inline(__always)
    func fused(_ a: Lanes16, _ b: Lanes16, plus c: Lanes16) -> Lanes16 { c + a * b }
#endif

@inline(__always)
func every(_ value: Float) -> Lanes16 { Lanes16(repeating: value) }

@inline(__always)
func integers(_ value: Lanes16) -> SIMD16<Int32> { unsafeBitCast(value, to: SIMD16<Int32>.self) }

@inline(__always)
func floats(_ value: SIMD16<Int32>) -> Lanes16 { unsafeBitCast(value, to: Lanes16.self) }

@inline(__always)
func floats(_ value: SIMD16<UInt32>) -> Lanes16 { unsafeBitCast(value, to: Lanes16.self) }
