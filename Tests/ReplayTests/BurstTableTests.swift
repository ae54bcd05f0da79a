import Foundation
import Replay
import TestSupport
import Testing

@Suite("Trace-driven waits beside the model's") struct BurstTableTests {
    @Test("windows begin at multiples of 30 s from the first arrival and end within the log")
    func windows() {
        let trace = ArrivalTrace(seconds: (0...720).map { 1000 + Double($0) })
        #expect(trace.windows.count == 15)
        #expect(trace.windows.first == 0..<300)
        #expect(trace.windows.last == 420..<720)
        let short = ArrivalTrace(seconds: [5, 6, 9])
        #expect(short.windows == [0..<3])
        #expect(short.windowSeconds == 4)
    }

    @Test("the worst window is found among the windows, whatever their order")
    func worstWindow() {
        let times = ArrivalProfileTests.clusters(seconds: 2000, seed: 21)
        let trace = ArrivalTrace(seconds: times)
        for (service, servers, quantile) in [(0.001, 1, 0.99), (0.004, 2, 0.9), (0.0005, 4, 0.999)] {
            let sojourns = ServedTrace.sojournSeconds(
                arrivals: trace.seconds, serviceSeconds: service, servers: servers)
            let slow = trace.windows.map { Self.quantile(sojourns[$0].sorted(), quantile) }.max()
            let fast = trace.worstQuantile(serviceSeconds: service, servers: servers, quantile: quantile)
            #expect(fast == slow)
        }
    }

    @Test(
        "at level 1 the model meets the log, for independent, clustered and switching arrivals",
        arguments: [0, 1, 2])
    func ownLevel(kind: Int) {
        let times =
            switch kind {
            case 0: ArrivalProfile.poisson.arrivals(ratePerSecond: 30, seconds: 3000, seed: 22)
            case 1: ArrivalProfileTests.clusters(seconds: 3000, seed: 23)
            default: Self.switching(seconds: 3000, seed: 24)
            }
        let queues = BurstTable.Queues(servicesSeconds: [0.0002, 0.002, 0.01], servers: [1, 4])
        for row in BurstTable(ArrivalTrace(seconds: times), queues, seed: 1).rows {
            let ratio = (row.modelSeconds ?? .nan) / (row.traceSeconds ?? .nan)
            #expect((1 / 1.5...1.5).contains(ratio), "\(kind) \(row)")
        }
    }

    @Test("windows of low level tell those of high level where the law of operational time holds")
    func carriedLevel() throws {
        // The pace doubles and triples for stretches of ten minutes.
        let base = ArrivalProfileTests.clusters(seconds: 12_000, seed: 25)
        var times: [Double] = []
        var end = 0.0
        for (index, pace) in [1.0, 1, 2, 1, 1, 3, 1, 1, 1, 2].enumerated() {
            let from = Double(index) * 1200
            times += base.filter { $0 >= from && $0 < from + 1200 }.map { end + ($0 - from) / pace }
            end += 1200 / pace
        }
        let queues = BurstTable.Queues(servicesSeconds: [0.002, 0.01], servers: [1], levels: [2, 3, 9])
        let rows = BurstTable(ArrivalTrace(seconds: times), queues, seed: 2).rows
        for row in rows where row.level < 9 {
            let trace = try #require(row.traceSeconds)
            let ratio = (row.modelSeconds ?? .nan) / trace
            #expect((0.5...2).contains(ratio), "\(row)")
        }
        let high = try #require(rows.last)
        #expect(high.windows == 0 && high.traceSeconds == nil && high.modelSeconds != nil)
    }

    @Test("the table does not depend on the number of threads")
    func threads() {
        let trace = ArrivalTrace(seconds: ArrivalProfileTests.clusters(seconds: 1000, seed: 26))
        let queues = BurstTable.Queues(servicesSeconds: [0.001], servers: [1, 2], levels: [1, 2])
        let tables = [1, 3].map { BurstTable(trace, queues, seed: 3, threads: $0).rows }
        #expect(tables[0] == tables[1])
    }

    /// Two rates, 5/s and 200/s, each held for a second on average (a Markov-modulated Poisson process), of which the
    /// high one comes a fifth as often.
    private static func switching(seconds: Double, seed: UInt64) -> [Double] {
        var random = SplitMix64(seed: seed)
        var result: [Double] = []
        var now = 0.0
        var isHigh = false
        while now < seconds {
            let end = min(seconds, now - (isHigh ? 0.5 : 2.5) * log(1 - random.uniform()))
            while true {
                now -= log(1 - random.uniform()) / (isHigh ? 200 : 5)
                guard now < end else { break }
                result.append(now)
            }
            now = end
            isHigh.toggle()
        }
        return result
    }

    private static func quantile(_ sorted: [Double], _ level: Double) -> Double {
        let position = level * Double(sorted.count - 1)
        let below = Int(position)
        guard below + 1 < sorted.count else { return sorted[below] }
        return sorted[below] + (position - Double(below)) * (sorted[below + 1] - sorted[below])
    }
}
