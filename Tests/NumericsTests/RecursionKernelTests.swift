import Foundation
import Numerics
import TestSupport
import Testing

@Suite("Kernels of recursions and of moments give what slow and obvious arithmetic gives")
struct RecursionKernelTests {
    static let levels = ProcessorLevel.available

    private func random(_ count: Int, seed: UInt64) -> [Double] {
        var generator = SplitMix64(seed: seed)
        return (0..<count).map { _ in 2 * generator.uniform() - 1 }
    }

    @Test("products of columns with each other", arguments: levels, [1, 3, 4, 9, 12])
    func gram(level: ProcessorLevel, columns: Int) {
        for count in [1, 8, 75] {
            let values = random(columns * count, seed: 1)
            let weights = random(count, seed: 2)
            for isWeighted in [false, true] {
                var found = [Double](repeating: .nan, count: columns * columns)
                values.withUnsafeBufferPointer { values in
                    guard let start = values.baseAddress else { return }
                    let places = (0..<columns).map { start + $0 * count }
                    weights.withUnsafeBufferPointer { weights in
                        level.vectorKernels.gram(
                            places, columnCount: columns, weights: isWeighted ? weights.baseAddress : nil,
                            count: count, to: &found)
                    }
                }
                for row in 0..<columns {
                    for column in 0...row {
                        let expected = (0..<count).reduce(0) { sum, place in
                            sum + (isWeighted ? weights[place] : 1) * values[row * count + place]
                                * values[column * count + place]
                        }
                        #expect(abs(found[row * columns + column] - expected) < 1e-12)
                    }
                }
            }
        }
    }

    @Test("errors of exponential smoothing, with and without averages at the start", arguments: levels)
    func levelErrors(level: ProcessorLevel) {
        let values = random(60, seed: 3)
        let observed = values.indices.map { $0 % 7 != 3 }
        let constants = SIMD8(0.02, 0.05, 0.1, 0.2, 0.3, 0.5, 0.8, 1)
        for averages in [false, true] {
            let found = level.vectorKernels.levelErrors(
                values, observed, count: 60, constants: [constants], averages: averages)
            for lane in 0..<8 {
                var known = zip(values, observed).filter(\.1).map(\.0)
                var state = known.removeFirst()
                var error = 0.0
                for (index, value) in known.enumerated() {
                    error += abs(value - state)
                    let share = averages ? max(constants[lane], 1 / Double(index + 2)) : constants[lane]
                    state += share * (value - state)
                }
                #expect(abs(found[lane] - error) < 1e-12)
            }
        }
    }

    @Test("errors of a damped trend", arguments: levels)
    func trendErrors(level: ProcessorLevel) {
        let values = random(60, seed: 4)
        let observed = values.indices.map { $0 % 5 != 2 }
        let levels = SIMD8(0.1, 0.1, 0.4, 0.4, 0.8, 0.8, 0.2, 1)
        let trends = SIMD8(0.01, 0.1, 0.01, 0.1, 0.01, 0.1, 1, 0)
        let found = level.vectorKernels.trendErrors(
            values, observed, count: 60, damping: 0.9, constants: [levels, trends])
        for lane in 0..<8 {
            var (state, trend, error) = (values[0], 0.0, 0.0)
            for index in 1..<60 {
                trend *= 0.9
                state += trend
                guard observed[index] else { continue }
                let miss = values[index] - state
                error += abs(miss)
                state += levels[lane] * miss
                trend += levels[lane] * trends[lane] * miss
            }
            #expect(abs(found[lane] - error) < 1e-12)
        }
    }

    @Test("smoothing with two seasons", arguments: levels)
    func smooth(level: ProcessorLevel) {
        let (short, long, count) = (3, 9, 80)
        let values = random(count, seed: 5).map { Float($0) }
        let observed = values.indices.map { $0 % 11 != 6 }
        let constants: [SIMD8<Float>] = [
            SIMD8(0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8), SIMD8(0.4, 0.1, 0.2, 0.7, 0.3, 0.5, 0, 0.2),
            SIMD8(0.3, 0.6, 0.1, 0.2, 0.1, 0, 0.4, 0.5), SIMD8(0.7, 0, 0.9, 0.2, 0.4, 0.5, 0.1, 0.3),
        ]
        var states = [SIMD8<Float>(repeating: 0.5), .zero, .zero, .zero]
        var daily = (0..<short).map { SIMD8<Float>(repeating: Float($0) / 10) }
        var weekly = (0..<long).map { SIMD8<Float>(repeating: -Float($0) / 20) }
        let counted = level.vectorKernels.smooth(
            values, observed, from: long, count: count, warmUp: long + short, least: 0.01, short: short,
            long: long, constants: constants, states: &states, daily: &daily, weekly: &weekly)
        #expect(counted == (long + short..<count).count { observed[$0] })
        for lane in 0..<8 {
            var (level, last, size, total) = (0.5, 0.0, 0.0, 0.0)
            var day = (0..<short).map { Double($0) / 10 }
            var week = (0..<long).map { -Double($0) / 20 }
            let shares = constants.map { Double($0[lane]) }
            for time in long..<count {
                guard observed[time] else {
                    last *= shares[3]
                    continue
                }
                let base = level + day[time % short] + week[time % long]
                let error = Double(values[time]) - base - shares[3] * last
                var moved = error
                if time < long + short {
                    size += abs(error) / Double(short)
                } else {
                    total += abs(error)
                    let bound = 5 * max(size, 0.01)
                    moved = min(max(error, -bound), bound)
                    size += 0.02 * (abs(moved) - size)
                }
                last = shares[3] * last + moved
                level += shares[0] * moved
                day[time % short] += shares[1] * moved
                week[time % long] += shares[2] * moved
            }
            for (found, expected) in [
                (states[0][lane], level), (states[1][lane], last), (states[2][lane], size),
                (states[3][lane], total), (daily[1][lane], day[1]), (weekly[4][lane], week[4]),
            ] {
                #expect(abs(Double(found) - expected) < 2e-4 * max(1, abs(expected)))
            }
        }
    }

    @Test("what smoothing reads is centred, and its steps are summed", arguments: levels, [1, 2, 9, 40])
    func smoothingInput(level: ProcessorLevel, count: Int) {
        let values = random(count, seed: 6)
        var found = [Float](repeating: .nan, count: count)
        let steps = level.vectorKernels.smoothingInput(values, count: count, mean: 0.25, to: &found)
        #expect(found == values.map { Float($0 - 0.25) })
        let expected = zip(found.dropFirst(), found).reduce(0) { $0 + abs($1.0 - $1.1) }
        #expect(abs(steps - expected) < 1e-5)
    }
}
