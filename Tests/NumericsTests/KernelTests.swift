import Foundation
import Numerics
import TestSupport
import Testing

@Suite("Kernels of every instruction set give what slow and obvious arithmetic gives")
struct KernelTests {
    static let levels = ProcessorLevel.available
    static let counts = [1, 7, 8, 31, 32, 50, 133]

    private func random(_ count: Int, seed: UInt64) -> [Double] {
        var generator = SplitMix64(seed: seed)
        return (0..<count).map { _ in 2 * generator.uniform() - 1 }
    }

    /// Eight sums side by side, then the rest: the order in which the kernels add.
    private func sum(_ terms: [Double]) -> Double {
        let whole = terms.count / 8 * 8
        var parts = SIMD8<Double>.zero
        for index in 0..<whole { parts[index % 8] += terms[index] }
        return terms[whole...].reduce(parts.sum(), +)
    }

    @Test("element by element", arguments: levels, counts)
    func elements(level: ProcessorLevel, count: Int) {
        let kernels = level.vectorKernels
        let one = random(count, seed: 1)
        let other = random(count, seed: 2)
        var found = [Double](repeating: .nan, count: count)
        kernels.multiply(one, other, count: count, to: &found)
        #expect(found == zip(one, other).map(*))
        kernels.standardise(one, count: count, centre: 0.25, scale: 3, to: &found)
        #expect(found == one.map { ($0 - 0.25) / 3 })
        kernels.sizes(one, count: count, to: &found)
        #expect(found == one.map(abs))
        kernels.huberWeights(&found, count: count, bound: 0.5)
        #expect(found == one.map { abs($0) > 0.5 ? 0.5 / abs($0) : 1 })
        found = other
        kernels.addScaled(-1.5, one, count: count, to: &found)
        #expect(found == zip(one, other).map { $1 + -1.5 * $0 })
        kernels.nextRow(one, count: count, right: 2, after: other, left: 3, before: one, to: &found)
        #expect(found == zip(one, other).map { $0 + (2 * $1 - 3 * $0) })
        var single = [Float](repeating: .nan, count: count)
        kernels.centred(one, count: count, shift: 0.5, others: other, share: 0.1, to: &single)
        #expect(single == zip(one, other).map { Float(($0 + 0.5 - $1) * 0.1) })
        #expect(kernels.sumOf(one, count: count) == sum(one))
        #expect(kernels.squaresAbout(0.3, one, count: count) == sum(one.map { ($0 - 0.3) * ($0 - 0.3) }))
    }

    @Test("sums of shifted rows", arguments: levels, counts)
    func shifted(level: ProcessorLevel, count: Int) {
        let rows = random(4 * (count + 3), seed: 3)
        let weights = [0.5, -1, 2]
        var found = random(count, seed: 4)
        let expected = found.indices.map { place in
            weights.indices.reduce(found[place]) { $0 + weights[$1] * rows[$1 * (count + 3) + place] }
        }
        level.vectorKernels.addShifted(
            rows, stride: count + 3, weights: weights, shifts: 3, count: count, to: &found)
        #expect(found == expected)
    }

    @Test("values where they are equal", arguments: levels, counts)
    func choices(level: ProcessorLevel, count: Int) {
        let values = random(count, seed: 5)
        let sources = random(count, seed: 6)
        var others = values
        var own = values
        for index in stride(from: 2, to: count, by: 5) { others[index] = 9 }
        for index in stride(from: 4, to: count, by: 11) { own[index] = .nan }
        var found = [Double](repeating: 0, count: count)
        let equal = level.vectorKernels.chooseWhereEqual(
            own, others, count: count, sources: sources, to: &found)
        #expect(equal == (0..<count).count { own[$0] == others[$0] })
        for index in 0..<count {
            let expected = own[index] == others[index] ? sources[index] : own[index]
            #expect(found[index] == expected || found[index].isNaN && expected.isNaN)
        }
    }

    @Test("ranges, counts and what lies between", arguments: levels, counts)
    func ranges(level: ProcessorLevel, count: Int) {
        let kernels = level.vectorKernels
        let values = random(count, seed: 7)
        let range = kernels.rangeOf(values, count: count)
        #expect(range.lowest == values.min() && range.highest == values.max())
        for bound in [-2.0, -0.3, values[count / 2], 2] {
            #expect(kernels.countBelow(values, count: count, bound: bound) == values.count { $0 < bound })
            for lowest in [-3, -0.31, 1.5] {
                var found = [Double](repeating: 0, count: count + 1)
                let inside = kernels.valuesWithin(
                    values, count: count, from: lowest, below: bound, to: &found)
                #expect(Array(found[..<inside]) == values.filter { $0 >= lowest && $0 < bound })
            }
        }
        guard count > 3 else { return }
        for bound in [0.2, 1.9] {
            var places = [Int](repeating: 0, count: count)
            let jumps = kernels.jumps(values, from: 3, to: count, lag: 2, bound: bound, places: &places)
            #expect(
                Array(places[..<jumps]) == (3..<count).filter { abs(values[$0] - values[$0 - 2]) > bound })
        }
    }

    @Test("a value stands out wherever it is, and only if it does", arguments: levels)
    func loneValues(level: ProcessorLevel) {
        func hasLone(_ values: [Double]) -> Bool {
            level.vectorKernels.hasLoneValues(values, count: values.count, factor: 2.5)
        }
        for count in [4, 11, 12, 30] {
            let calm = (0..<count).map { 10 + Double($0 % 3) }
            #expect(!hasLone(calm))
            for place in 1..<count - 2 {
                for value in [40.0, 2, .nan] {
                    var values = calm
                    values[place] = value
                    #expect(
                        hasLone(values),
                        "\(value) at \(place) of \(count)")
                }
                // A step that lasts is no lone value.
                var step = calm
                for index in place..<count { step[index] *= 4 }
                #expect(!hasLone(step))
            }
        }
    }

    @Test("sums and distances by phase", arguments: levels, [5, 24, 48, 100, 171])
    func phases(level: ProcessorLevel, count: Int) {
        let kernels = level.vectorKernels
        let (short, long) = (8, 24)
        let values = random(count, seed: 8)
        let factors = random(count, seed: 9).map { abs($0) }
        var shortWeights = [Double](repeating: 0, count: short)
        var shortSums = shortWeights
        var longWeights = [Double](repeating: 0, count: long)
        var longSums = longWeights
        kernels.phaseSums(
            values, factors, count: count, short: short, long: long, shortDecay: 0.8, longDecay: 0.9,
            shortWeights: &shortWeights, shortSums: &shortSums, longWeights: &longWeights, longSums: &longSums
        )
        for (season, decay, weights, sums) in [
            (short, 0.8, shortWeights, shortSums), (long, 0.9, longWeights, longSums),
        ] {
            for phase in 0..<season {
                var (weight, sum) = (0.0, 0.0)
                for index in 0..<count where ((index - count) % season + season) % season == phase {
                    let factor = pow(decay, Double((count - 1 - index) / season)) * factors[index]
                    weight += factor
                    sum += factor * values[index]
                }
                #expect(abs(weights[phase] - weight) < 1e-12)
                #expect(abs(sums[phase] - sum) < 1e-12)
            }
        }
        let profile = random(long, seed: 10)
        var rest = [Double](repeating: .nan, count: count)
        kernels.lessProfile(values, count: count, profile, season: long, firstPhase: 5, to: &rest)
        #expect(rest == values.indices.map { values[$0] - profile[($0 + 5) % long] })
        kernels.distances(values, count: count, profile, season: long, firstPhase: 5, to: &rest)
        #expect(rest == values.indices.map { abs(values[$0] - profile[($0 + 5) % long]) })
    }

    @Test("the weighted interquartile mean", arguments: levels, [1, 2, 3, 7])
    func combinations(level: ProcessorLevel, members: Int) {
        let steps = 21
        // Rounded, so that some are equal.
        let forecasts = random(members * steps, seed: 11).map { ($0 * 4).rounded() }
        var shares = random(members * steps, seed: 12).map { abs($0) + 0.1 }
        for step in 0..<steps {
            let places = (0..<members).map { $0 * steps + step }
            let total = places.reduce(0) { $0 + shares[$1] }
            for place in places { shares[place] /= total }
        }
        var found = [Double](repeating: .nan, count: steps)
        level.vectorKernels.combine(forecasts, members: members, steps: steps, shares: shares, to: &found)
        for step in 0..<steps {
            let own = (0..<members).map { $0 * steps + step }.map {
                (value: forecasts[$0], share: shares[$0])
            }
            var (below, sum) = (0.0, 0.0)
            for (value, share) in own.sorted(by: { $0.value < $1.value }) {
                sum += value * max(0, min(below + share, 0.75) - max(below, 0.25))
                below += share
            }
            #expect(abs(found[step] - sum / 0.5) < 1e-12)
        }
    }
}
