import Tape
import TestSupport
import Testing
import Units

@Suite struct BurstinessTests {
    /// Variance over mean of the counts of whole windows, from the times alone.
    private func slow(_ trades: [Trade], windowSeconds: Double, first: Int64, last: Int64) -> Double {
        let width = Int64(windowSeconds * 1e9)
        let begin = (first + 1) * 1_000_000_000
        let windows = Int((last - first - 1) * 1_000_000_000 / width)
        var counts = [Double](repeating: 0, count: windows)
        for trade in trades where trade.nanoseconds >= begin {
            let index = Int((trade.nanoseconds - begin) / width)
            if index < windows { counts[index] += 1 }
        }
        let mean = counts.reduce(0, +) / Double(windows)
        let variance = counts.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(windows - 1)
        return variance / mean
    }

    @Test(arguments: [3, 4]) func equalsADirectCountOverWindows(seed: UInt64) throws {
        let folder = try TemporaryFolder()
        // Bursts: half of the trades within a millisecond or two of one before them.
        var random = SplitMix64(seed: seed)
        var trades = randomTrades(2000, seed: seed, spanSeconds: 1500)
        for index in trades.indices.dropFirst() where Bool.random(using: &random) {
            trades[index].nanoseconds =
                trades[index - 1].nanoseconds + Int64.random(in: 0...2, using: &random) * 1_000_000
        }
        trades.sort { $0.nanoseconds < $1.nanoseconds }
        try store(trades, in: folder.path("t"), source: 1)
        let first = trades[0].nanoseconds / 1_000_000_000
        let last = trades[trades.count - 1].nanoseconds / 1_000_000_000
        let windows = [0.01, 0.05, 0.1, 0.5, 1, 10, 60]
        let points = try Tape.open(folder.path("t")).burstiness(of: btc, windowsSeconds: windows)
        #expect(points.map(\.windowSeconds) == windows)
        for point in points {
            let expected = slow(trades, windowSeconds: point.windowSeconds, first: first, last: last)
            #expect(abs(point.indexOfDispersion - expected) < 1e-9 * expected)
        }
    }

    @Test func fillsOfOneMillisecondCountOnceAmongMilliseconds() throws {
        let folder = try TemporaryFolder()
        var random = SplitMix64(seed: 9)
        var trades = randomTrades(3000, seed: 9, spanSeconds: 900)
        for index in trades.indices { trades[index].nanoseconds -= trades[index].nanoseconds % 1_000_000 }
        for index in trades.indices.dropFirst() where Bool.random(using: &random) {
            trades[index].nanoseconds = trades[index - 1].nanoseconds
        }
        trades.sort { $0.nanoseconds < $1.nanoseconds }
        try store(trades, in: folder.path("t"), source: 1)
        var distinct: [Trade] = []
        for trade in trades where distinct.last?.nanoseconds != trade.nanoseconds { distinct.append(trade) }
        let first = trades[0].nanoseconds / 1_000_000_000
        let last = trades[trades.count - 1].nanoseconds / 1_000_000_000
        let windows = [0.001, 0.01, 0.1, 1, 10]
        let points = try Tape.open(folder.path("t")).burstiness(
            of: btc, counting: .milliseconds, windowsSeconds: windows)
        #expect(points.map(\.windowSeconds) == windows)
        for point in points {
            let expected = slow(distinct, windowSeconds: point.windowSeconds, first: first, last: last)
            #expect(abs(point.indexOfDispersion - expected) < 1e-9 * expected)
        }
    }

    @Test func aPoissonProcessHasIndexOne() throws {
        let folder = try TemporaryFolder()
        try store(randomTrades(60_000, seed: 12, spanSeconds: 3000), in: folder.path("t"), source: 1)
        for point in try Tape.open(folder.path("t")).burstiness(of: btc) {
            // Standard error of the index over n windows is √(2/n).
            let error = (2 / Double(point.windows)).squareRoot()
            #expect(abs(point.indexOfDispersion - 1) < 4 * error)
            #expect(abs(point.meanRatePerSecond - 20) < 0.5)
        }
    }

    /// Ten times the rate in every other hour, Poisson within them: 60 s windows about the mean of a day have an index of
    /// some 500, about their own hour's one of 1.
    @Test func theCourseOfTheDayIsNoBurst() throws {
        let folder = try TemporaryFolder()
        var trades: [Trade] = []
        for hour in 0..<12 {
            var some = randomTrades(
                hour % 2 == 0 ? 3600 : 36_000, seed: UInt64(hour), spanSeconds: 3600)
            for index in some.indices {
                some[index].nanoseconds += Int64(hour) * 3600 * 1_000_000_000
                some[index].id = Int64(hour * 100_000 + index)
            }
            trades += some
        }
        try store(trades, in: folder.path("t"), source: 1)
        let points = try Tape.open(folder.path("t")).burstiness(of: btc, windowsSeconds: [1, 10, 60])
        #expect(points.count == 3)
        for point in points {
            // Hours are cut a second off, so that one window of each may hold two rates.
            #expect(abs(point.indexOfDispersion - 1) < (point.windowSeconds < 60 ? 0.1 : 0.35))
            #expect(abs(point.meanRatePerSecond - 5.5) < 0.1)
        }
    }

    @Test func aClockOfWholeSecondsGivesNoWindowBelowOne() throws {
        let folder = try TemporaryFolder()
        let trades = (0..<500).map { index in
            Trade(
                nanoseconds: (dayStart + Int64(index / 2)) * 1_000_000_000, id: nil, price: 1, quantity: 1,
                isSell: false)
        }
        try store(trades, in: folder.path("t"), source: 1)
        let points = try Tape.open(folder.path("t")).burstiness(of: btc)
        #expect(points.map(\.windowSeconds) == [1, 10, 60])
        #expect(points.first?.indexOfDispersion == 0)
    }
}
