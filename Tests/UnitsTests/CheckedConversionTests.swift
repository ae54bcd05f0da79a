import Testing
import Units

@Suite("Conversions of floating point")
struct CheckedConversionTests {
    @Test("every number has a whole one, and none ends the program")
    func saturating() {
        let cases: [(Double, Int64)] = [
            (1.9, 1), (-1.9, -1), (0, 0), (-0.0, 0), (.nan, 0), (.infinity, .max), (-.infinity, .min),
            (1e300, .max),
            (-1e300, .min), (9.3e18, .max), (-9.3e18, .min), (4_503_599_627_370_497, 4_503_599_627_370_497),
            (.leastNonzeroMagnitude, 0),
        ]
        for (value, expected) in cases { #expect(Int64(saturating: value) == expected, "\(value)") }
        #expect(
            UInt8(saturating: 256) == 255 && UInt8(saturating: -3) == 0 && UInt8(saturating: 255.9) == 255)
        #expect(Int(saturating: Double(Int64.max)) == .max)
    }
}
