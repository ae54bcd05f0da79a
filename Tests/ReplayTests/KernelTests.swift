import Replay
import TestSupport
import Testing

@Suite("The queue kernel")
struct KernelTests {
    /// The plainest possible queue: every server's time of becoming free, in 64 bits.
    static func reference(
        gaps: [Float], services: [Float], marks: [Float], multiplier: Float, servers: Int
    ) -> [Double] {
        var free = [Double](repeating: 0, count: servers)
        var now = 0.0
        var sojourns: [Double] = []
        for index in gaps.indices {
            now += Double(gaps[index])
            guard multiplier > marks[index] else { continue }
            let server = free.indices.min { free[$0] < free[$1] } ?? 0
            free[server] = max(now, free[server]) + Double(services[index])
            sojourns.append(free[server] - now)
        }
        return sojourns
    }

    @Test(
        "agrees with a slow queue on every instruction set that this processor has",
        arguments: KernelLevel.available, [1, 2, 3, 8, 64])
    func agrees(level: KernelLevel, servers: Int) {
        var random = SplitMix64(seed: 11)
        let count = 5000
        let gaps = (0..<count).map { _ in Float(random.uniform() * 2) / Float(servers) * 0.6 }
        let services = (0..<count).map { _ in Float(random.uniform() * 2) }
        let marks = (0..<count).map { _ in Float(random.uniform()) }
        let multipliers = [0.1, 0.35, 0.5, 0.8, 1.0]
        let result = KernelProbe.run(
            level: level, servers: servers, gaps: gaps, services: services, marks: marks,
            multipliers: multipliers,
            threshold: 1.5)
        for (lane, multiplier) in multipliers.enumerated() {
            let sojourns = Self.reference(
                gaps: gaps, services: services, marks: marks, multiplier: Float(multiplier), servers: servers)
            #expect(result[lane].joined == sojourns.count)
            let over = sojourns.count { $0 > 1.5 }
            #expect(abs(result[lane].over - over) <= 2)
            let mean = sojourns.reduce(0, +) / Double(sojourns.count)
            #expect(abs(result[lane].meanSojourn - mean) < 1e-3 * mean)
            let median = sojourns.sorted()[sojourns.count / 2]
            #expect(abs(result[lane].median / median - 1) < 0.03)
        }
    }
}
