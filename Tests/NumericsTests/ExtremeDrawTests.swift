import Numerics
import Testing

@Suite("Random numbers of extreme parameters")
struct ExtremeDrawTests {
    @Test("every draw returns")
    func everyDrawReturns() {
        var random = Random(seed: 3, stream: 1)
        for shape in [0, -1, 1e-300, 1e-12, 1e-3, 1, 1e6, 1e11, 1e13, 1e300, .infinity, .nan, -.infinity] {
            for _ in 0..<100 { #expect(random.gamma(shape: shape) >= 0, "\(shape)") }
        }
        for mean in [0, -1, 1e-300, 29.9, 30, 1e6, 1e14, 1e16, 1e300, .infinity, .nan] {
            for _ in 0..<100 { #expect(random.poisson(mean: mean) >= 0, "\(mean)") }
        }
        for variation in [0, 1e-150, 1e-9, 1, 1e6, 1e150] {
            for _ in 0..<100 {
                #expect(random.lognormal(coefficientOfVariation: variation) >= 0, "\(variation)")
            }
        }
        var sum = 0.0
        for _ in 0..<2000 { sum += random.gamma(shape: 1e11) / 1e11 }
        #expect(abs(sum / 2000 - 1) < 1e-5)
    }
}
