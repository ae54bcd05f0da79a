import Foundation

/// How the messages of a sample are spread over waits, for 16 loads side by side.
struct WaitWeights {
    /// Messages that find no work piled up, by the factor on the rate: `[load][bin]`.
    private(set) var free: [[Double]]
    /// Messages that wait for work piled up, by that wait: `[load][bin]`.
    private(set) var waiting: [[Double]]
    /// All messages, of every load.
    private(set) var total = 0.0
    /// The scale of the fastest factor; infinite where the rate is constant.
    let fastestSeconds: Double

    static let binCount = 256
    /// Work starts anew after this time.
    private static let runSeconds = 10.0

    init(sample: BurstSample, loads: [Double]) {
        fastestSeconds = sample.fastestSeconds
        let empty = [Double](repeating: 0, count: WaitWeights.binCount)
        free = loads.map { _ in empty }
        waiting = free
        var freeOfAll = empty
        let load = SIMD16<Double>(loads)
        var work = SIMD16<Double>.zero
        let cellsOfRun = max(1, Int(saturating: WaitWeights.runSeconds / sample.cellSeconds))
        for (cell, factor) in sample.factors.enumerated() {
            if cell % cellsOfRun == 0 { work = .zero }
            total += factor
            let bin = WaitWeights.bin(factor)
            var after = work + (load * factor - 1) * sample.cellSeconds
            after.replace(with: 0, where: after .< 0)
            if work == .zero, after == .zero {
                freeOfAll[bin] += factor
                continue
            }
            for lane in loads.indices {
                if work[lane] == 0, after[lane] == 0 {
                    free[lane][bin] += factor
                } else {
                    let early = 0.75 * work[lane] + 0.25 * after[lane]
                    let late = 0.25 * work[lane] + 0.75 * after[lane]
                    waiting[lane][WaitWeights.bin(early)] += factor / 2
                    waiting[lane][WaitWeights.bin(late)] += factor / 2
                }
            }
            work = after
        }
        for lane in loads.indices {
            for bin in freeOfAll.indices { free[lane][bin] += freeOfAll[bin] }
        }
    }

    /// Bins of four to the octave, from 2⁻⁴⁰ on.
    static func bin(_ value: Double) -> Int {
        let bits = Int(Float(value).bitPattern >> 21) - (127 - 40) * 4
        return max(0, min(binCount - 1, bits))
    }

    /// The middle of a bin.
    static func value(ofBin bin: Int) -> Double {
        scalbn(1 + (Double(bin % 4) + 0.5) / 4, bin / 4 - 40)
    }
}
