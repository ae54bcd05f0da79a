import Foundation
import Numerics
import TestSupport
import Testing

@Suite("Kernels of paths give what slow and obvious arithmetic gives")
struct PathKernelTests {
    static let levels = ProcessorLevel.available
    static let counts = [1, 4, 15, 16, 18, 70]

    @Test("a step of noise takes sixteen bits for each path, the lowest first", arguments: levels, counts)
    func noise(level: ProcessorLevel, count: Int) {
        var generator = SplitMix64(seed: 1)
        let bits = (0..<(count + 3) / 4).map { _ in generator.next() }
        let old = (0..<count).map { Float($0) / 7 - 1 }
        var found = old
        level.vectorKernels.noiseStep(&found, count: count, bits: bits, memory: 0.95, scale: 0.5)
        for path in 0..<count {
            let shock = Float(bits[path / 4] >> UInt64(16 * (path % 4)) & 0xFFFF) / 65_536
            #expect(found[path] == 0.95 * old[path] + (shock - 0.5) * 0.5)
        }
    }

    @Test("scores of paths, with and without a stretch", arguments: levels, counts)
    func scores(level: ProcessorLevel, count: Int) {
        var generator = SplitMix64(seed: 2)
        let (sizes, common, own) = (
            (0..<count).map { _ in Float(generator.uniform()) },
            (0..<count).map { _ in Float(generator.uniform()) },
            (0..<count).map { _ in Float(generator.uniform()) }
        )
        let errors: [Float] = [0.5, -2, 8]
        let assignment = (0..<count).map { $0 * 5 % 3 }
        var found = [Float](repeating: .nan, count: count)
        level.vectorKernels.pathScores(
            sizes, common, own, count: count, errors: errors, assignment: nil, to: &found)
        #expect(found == (0..<count).map { sizes[$0] * (common[$0] + own[$0]) })
        level.vectorKernels.pathScores(
            sizes, common, own, count: count, errors: errors, assignment: assignment, to: &found)
        #expect(found == (0..<count).map { sizes[$0] * (common[$0] + own[$0]) + errors[assignment[$0]] })
    }

    @Test("values between two others stay within limits", arguments: levels, counts)
    func between(level: ProcessorLevel, count: Int) {
        let shares = (0..<count).map { Double($0) / 20 - 0.5 }
        var found = [Float](repeating: .nan, count: count)
        level.vectorKernels.between(
            shares, count: count, below: 10, width: 4, lowest: 9, highest: 12, to: &found)
        #expect(found == shares.map { Float(min(max(10 + $0 * 4, 9), 12)) })
    }
}
