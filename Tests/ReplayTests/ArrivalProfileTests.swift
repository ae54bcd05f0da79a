import Exchange
import Foundation
import Replay
import TestSupport
import Testing

@Suite("Arrival profiles") struct ArrivalProfileTests {
    @Test("a log whose level triples over a day has no bursts, and its sample keeps gaps and course apart")
    func levelIsNoBurst() throws {
        var random = SplitMix64(seed: 5)
        var times: [Double] = []
        var time = 0.0
        while time < 43_200 {
            time -= log(1 - random.uniform()) / (10 + 20 * time / 43_200)
            times.append(time)
        }
        let profile = BurstProfile(seconds: times, windowsSeconds: [0.1, 1, 10, 60], origin: "test")
        for point in profile.points {
            // The level rises by a 216th within five minutes: nothing that shows.
            #expect(abs(point.indexOfDispersion - 1) < 0.08, "\(point)")
        }
        let sample = try #require(ArrivalSample(seconds: times, origin: "test"))
        let mean = sample.gaps.reduce(0.0) { $0 + Double($1) } / Double(sample.gaps.count)
        #expect(abs(mean - 1) < 0.01)
        #expect(sample.levels.count >= 143 && sample.courses.allSatisfy { $0.count == 60 })
        // The course holds the rise.
        let last = try #require(sample.levels.last)
        #expect(last / sample.levels[0] > 2.5)
        for course in sample.courses { #expect(abs(course.reduce(0, +) / 60 - 1) < 1e-4) }
    }

    @Test("Poisson arrivals give the waits of M/D/1, tail and all", arguments: [0.3, 0.7])
    func poissonIsExactWithOneServer(load: Double) {
        let service = 0.001
        let times = ArrivalProfile.poisson.arrivals(ratePerSecond: load / service, seconds: 2000, seed: 1)
        let sojourns = ServedTrace.sojournSeconds(arrivals: times, serviceSeconds: service, servers: 1)
        let wait = mean(sojourns) - service
        // Pollaczek and Khinchine.
        #expect(abs(wait / (service * load / (2 * (1 - load))) - 1) < 0.03)
        for multiple in [0.5, 1.5, 3.5] {
            let beyond = sojourns.count { $0 - service > multiple * service }
            let told = 1 - Self.waitDistribution(multiple, load: load)
            #expect(abs(Double(beyond) / Double(times.count) - told) < 0.02 * told + 0.001)
        }
    }

    @Test("Poisson arrivals give the mean wait of M/D/c", arguments: [(2, 0.8), (4, 0.9)])
    func poissonIsExactWithMoreServers(servers: Int, load: Double) {
        let service = 0.001
        let rate = load * Double(servers) / service
        let times = ArrivalProfile.poisson.arrivals(ratePerSecond: rate, seconds: 1000, seed: 2)
        let sojourns = ServedTrace.sojournSeconds(
            arrivals: times, serviceSeconds: service, servers: servers)
        let told = Self.meanWait(servers: servers, load: load) * service
        #expect(abs((mean(sojourns) - service) / told - 1) < 0.03)
    }

    @Test("taking turns is what the servers of a slow and obvious queue do")
    func servedAsByTheObviousQueue() {
        var random = SplitMix64(seed: 3)
        var times: [Double] = []
        for _ in 0..<2000 {
            let gap = random.uniform() < 0.3 ? 0 : random.uniform()
            times.append((times.last ?? 0) + gap)
        }
        for servers in [1, 3] {
            var free = [Double](repeating: 0, count: servers)
            let slow = times.map { time -> Double in
                free.sort()
                free[0] = max(free[0], time) + 0.7
                return free[0] - time
            }
            let fast = ServedTrace.sojournSeconds(arrivals: times, serviceSeconds: 0.7, servers: servers)
            #expect(zip(slow, fast).allSatisfy { abs($0 - $1) < 1e-9 })
        }
    }

    @Test("a log draws itself again: the same level, the same dispersion at every scale, the same tail")
    func drawsItself() {
        let times = Self.clusters(seconds: 6000, seed: 4)
        let rate = Double(times.count) / 6000
        let profile = ArrivalProfile(seconds: times, origin: "clusters")
        let drawn = profile.arrivals(ratePerSecond: rate, seconds: 6000, seed: 5)
        #expect(abs(Double(drawn.count) / Double(times.count) - 1) < 0.03)
        for width in [0.001, 0.03, 1] {
            let ratio = Self.dispersion(drawn, width) / Self.dispersion(times, width)
            #expect((0.85...1.18).contains(ratio), "\(width)")
        }
        let tail = Self.p99(drawn) / Self.p99(times)
        #expect((0.8...1.25).contains(tail), "\(tail)")
    }

    @Test("at another level arrivals come at that rate", arguments: [0.2, 1, 3, 10])
    func carriedRate(multiple: Double) {
        let times = Self.clusters(seconds: 3000, seed: 6)
        let rate = Double(times.count) / 3000
        let profile = ArrivalProfile(seconds: times, origin: "clusters")
        let drawn = profile.arrivals(ratePerSecond: multiple * rate, seconds: 3000, seed: 7)
        #expect(abs(Double(drawn.count) / Double(times.count) / multiple - 1) < 0.05)
        #expect(zip(drawn, drawn.dropFirst()).allSatisfy { $0 <= $1 })
        #expect(drawn.allSatisfy { (0..<3000).contains($0) })
    }

    @Test("a busy market runs its clock faster: waits grow with the level, less than if bursts grew with it")
    func waitsGrowWithLevel() {
        let times = Self.clusters(seconds: 6000, seed: 8)
        let rate = Double(times.count) / 6000
        let profile = ArrivalProfile(seconds: times, origin: "clusters")
        let at = [1.0, 2, 4].map { multiple in
            Self.p99(profile.arrivals(ratePerSecond: multiple * rate, seconds: 3000, seed: 9))
        }
        #expect(at[0] < at[1] && at[1] < at[2])
        #expect(at[2] < 4 * at[0])
    }

    @Test("a course of the level is kept step by step, silence included")
    func course() {
        let times = Self.clusters(seconds: 3000, seed: 10)
        let profile = ArrivalProfile(seconds: times, origin: "clusters")
        let levels = [20.0, 0, 60, 5]
        let drawn = profile.arrivals(ratesPerSecond: levels, stepSeconds: 600, seed: 11)
        for (step, level) in levels.enumerated() {
            let count = Double(drawn.count { Int($0 / 600) == step })
            #expect(abs(count - 600 * level) <= 0.12 * 600 * level)
        }
    }

    @Test("the level's own course is taken out: a log whose level doubles has the bursts of one that stands")
    func courseIsTakenOut() {
        let steady = Self.clusters(seconds: 6000, seed: 12)
        // The second half at twice the pace: operational time.
        let doubled = steady.map { $0 < 3000 ? $0 : 3000 + ($0 - 3000) / 2 }
        let one = ArrivalProfile(seconds: steady, origin: "")
        let two = ArrivalProfile(seconds: doubled, origin: "")
        let drawn = [one, two].map { $0.arrivals(ratePerSecond: 20, seconds: 6000, seed: 13) }
        let ratio = Self.dispersion(drawn[1], 100) / Self.dispersion(drawn[0], 100)
        #expect((0.6...1.6).contains(ratio), "\(ratio)")
        // Whereas over the whole span the step itself scatters counts.
        #expect(Self.dispersion(doubled, 100) > 3 * Self.dispersion(steady, 100))
    }

    @Test("the same seed draws the same, others draw others")
    func seeds() {
        let profile = ArrivalProfile.standard
        let one = profile.arrivals(ratePerSecond: 100, seconds: 10, seed: 1)
        #expect(one == profile.arrivals(ratePerSecond: 100, seconds: 10, seed: 1))
        #expect(one != profile.arrivals(ratePerSecond: 100, seconds: 10, seed: 2))
    }

    @Test(
        "the standard profile scales with the stream: the wait in services depends on the utilisation alone")
    func standardIsScaleFree() {
        let waits = [10.0, 1000].map { rate in
            let drawn = ArrivalProfile.standard.arrivals(ratePerSecond: rate, seconds: 20_000 / rate, seed: 3)
            return Self.p99(drawn, service: 0.01 / rate) / (0.01 / rate)
        }
        #expect(abs(waits[0] / waits[1] - 1) < 1e-6)
        #expect(waits[0] > 1.3)
    }

    @Test(
        "the standard profile has the waits that another program has for its law",
        arguments: [(0.01, 1, 1.78), (0.05, 1, 4.73), (0.05, 4, 1.0)])
    func standardWaits(utilisation: Double, servers: Int, told: Double) {
        // The p99 in services of the median window of 2,000 gaps.
        let waits = (0..<40).map { seed -> Double in
            let drawn = ArrivalProfile.standard.arrivals(ratePerSecond: 1, seconds: 2000, seed: UInt64(seed))
            let sojourns = ServedTrace.sojournSeconds(
                arrivals: drawn, serviceSeconds: utilisation, servers: servers
            ).sorted()
            return sojourns[Int(0.99 * Double(sojourns.count))] / utilisation
        }.sorted()
        #expect((told / 1.25...told * 1.25).contains(waits[20]), "\(waits[20])")
    }

    @Test("a profile comes back from its bytes, and damage is told")
    func coding() throws {
        let profile = ArrivalProfile(seconds: Self.clusters(seconds: 900, seed: 14), origin: "clusters é")
        let bytes = profile.encoded
        #expect(try ArrivalProfile(encoded: bytes) == profile)
        #expect(bytes.count < 5 * 900 * 25)
        #expect(try ArrivalProfile(encoded: ArrivalProfile.poisson.encoded) == .poisson)
        #expect(throws: ArrivalProfileError.unknownFormat) {
            try ArrivalProfile(encoded: Array("HWAP9".utf8))
        }
        for length in [6, 20, 60, bytes.count - 1] {
            #expect(throws: ArrivalProfileError.self) {
                try ArrivalProfile(encoded: Array(bytes.prefix(length)))
            }
        }
        #expect(throws: ArrivalProfileError.self) { try ArrivalProfile(encoded: bytes + [0]) }
    }

    @Test("a log without two instants has no bursts to tell")
    func tooShort() {
        #expect(ArrivalProfile(seconds: [], origin: "") == .poisson)
        #expect(ArrivalProfile(seconds: [4, 4, 4], origin: "") == .poisson)
        #expect(ArrivalProfile.poisson.arrivals(ratePerSecond: 0, seconds: 10, seed: 1).isEmpty)
    }

    /// Bursts of ten on average, 2/s, whose arrivals follow each other by 2 ms.
    static func clusters(seconds: Double, seed: UInt64) -> [Double] {
        var random = SplitMix64(seed: seed)
        var result: [Double] = []
        var start = 0.0
        while true {
            start -= 0.5 * log(1 - random.uniform())
            guard start < seconds else { break }
            var time = start
            repeat {
                result.append(time)
                time -= 0.002 * log(1 - random.uniform())
            } while random.uniform() < 0.9 && time < seconds
        }
        return result.sorted()
    }

    private static func p99(_ times: [Double], service: Double = 0.001) -> Double {
        let sojourns = ServedTrace.sojournSeconds(arrivals: times, serviceSeconds: service, servers: 1)
            .sorted()
        return sojourns[Int(0.99 * Double(sojourns.count))]
    }

    private static func dispersion(_ times: [Double], _ width: Double) -> Double {
        var counts: [Int: Double] = [:]
        for time in times { counts[Int(time / width), default: 0] += 1 }
        let windows = ((times.last ?? 0) / width).rounded(.down)
        let middle = Double(times.count) / windows
        return counts.values.reduce(0) { $0 + $1 * $1 } / windows / middle - middle
    }

    /// The chance that a wait in M/D/1 is at most a multiple of the service time (Erlang 1909).
    private static func waitDistribution(_ multiple: Double, load: Double) -> Double {
        var sum = 0.0
        var factorial = 1.0
        for k in 0...Int(multiple) {
            if k > 0 { factorial *= Double(k) }
            let x = load * (Double(k) - multiple)
            sum += pow(x, Double(k)) / factorial * exp(-x)
        }
        return (1 - load) * sum
    }

    /// The mean wait in M/D/c in service times: customers seen a service time apart are a Markov chain (Crommelin
    /// 1932), iterated until it stands, and Little's law.
    private static func meanWait(servers: Int, load: Double) -> Double {
        let size = 400
        let offered = load * Double(servers)
        var arrivals = [exp(-offered)]
        for k in 1..<80 { arrivals.append(arrivals[k - 1] * offered / Double(k)) }
        var shares = [Double](repeating: 0, count: size)
        shares[0] = 1
        for _ in 0..<600 {
            var next = [Double](repeating: 0, count: size)
            for (present, share) in shares.enumerated() where share > 1e-15 {
                for (k, chance) in arrivals.enumerated() where max(0, present - servers) + k < size {
                    next[max(0, present - servers) + k] += share * chance
                }
            }
            shares = next
        }
        let present = shares.enumerated().reduce(0) { $0 + Double($1.offset) * $1.element }
        return (present - offered) / offered
    }
}
