import Tape
import TestSupport
import Testing
import Units

@Suite struct RegularTests {
    private func trade(_ second: Int64, id: Int64? = nil) -> Trade {
        Trade(nanoseconds: second * 1_000_000_000, id: id, price: 100, quantity: 100, isSell: false)
    }

    @Test func silenceInsideALogIsZeroAndTimeWithoutALogIsMissing() throws {
        let folder = try TemporaryFolder()
        let path = folder.path("t")
        // One log of 30 minutes with a silence of 20 in it; another one six hours later.
        try store([trade(dayStart), trade(dayStart + 300), trade(dayStart + 1799)], in: path, source: 1)
        try store([trade(dayStart + 21_600), trade(dayStart + 21_660)], in: path, source: 2)
        let tape = try Tape.open(path)
        let series = try tape.regular(btc, stepSeconds: 300)
        #expect(series.start.seconds == dayStart)
        #expect(Array(series.values[0...5]) == [1, 1, 0, 0, 0, 1])
        #expect(series.values[6..<72].allSatisfy { $0.isNaN })
        #expect(Array(series.values[72...]) == [2])
        #expect(tape.summary(of: btc)?.covered.count == 2)
        let whole = try tape.regular(btc, stepSeconds: 600, partial: .missing)
        #expect(Array(whole.values.prefix(3)) == [2, 0, 1])
        #expect(whole.values.last?.isNaN == true)
    }

    @Test func missingBarsAreMissingAndEmptyBarsAreZero() throws {
        let folder = try TemporaryFolder()
        let bars: [(Int64, Int64)] = [(0, 5), (3600, 0), (10_800, 7)]
        try storeBars(bars.map { (dayStart + $0.0, $0.1) }, step: 3600, in: folder.path("t"), source: 1)
        let tape = try Tape.open(folder.path("t"))
        let hourly = try tape.regular(btc, stepSeconds: 3600).values
        #expect(hourly[0] == 5 && hourly[1] == 0 && hourly[2].isNaN && hourly[3] == 7)
        #expect(throws: TapeError.tooFine(btc, stepSeconds: 60, available: [3600])) {
            try tape.regular(btc, stepSeconds: 60)
        }
    }

    @Test func barsOffTheGridFillOneIntervalEach() throws {
        let folder = try TemporaryFolder()
        let bars = (0..<5).map { (start: dayStart + 240 + 300 * $0, count: Int64(10) + $0) }
        try storeBars(bars, step: 300, in: folder.path("t"), source: 1)
        let series = try Tape.open(folder.path("t")).regular(btc, stepSeconds: 300)
        #expect(series.values == [10, 11, 12, 13, 14])
    }

    @Test func finerDataWinsWhereItCoversTheBarAndNothingCountsTwice() throws {
        let folder = try TemporaryFolder()
        let path = folder.path("t")
        // Events cover the whole of hour 1 and the first half of hour 2; bars cover hours 0 to 2.
        let events = stride(from: dayStart + 3600, through: dayStart + 9000, by: 60).map { trade($0) }
        try storeBars(
            [(dayStart, 50), (dayStart + 3600, 70), (dayStart + 7200, 90)], step: 3600, in: path, source: 1)
        try store(events, in: path, source: 2)
        let tape = try Tape.open(path)
        #expect(try tape.regular(btc, stepSeconds: 3600).values == [50, 60, 90])
        #expect(try tape.aggregate(btc, everySeconds: 3600).counts == [50, 60, 90])
        #expect(try tape.read(btc).counts.reduce(0, +) == 200)
        // Below an hour only the events can be told apart.
        #expect(try tape.regular(btc, stepSeconds: 60).values.prefix(60).allSatisfy { $0 == 1 })
    }

    @Test func strayRowsAreNamedAndCanBeLeftOut() throws {
        let folder = try TemporaryFolder()
        let path = folder.path("t")
        let far: Int64 = 6_942_000_000  // 2189
        try store([trade(dayStart), trade(dayStart + 60), trade(far)], in: path, source: 1)
        let tape = try Tape.open(path)
        let main = Timestamp(seconds: dayStart)...Timestamp(seconds: dayStart + 60)
        let expected = TapeError.strayRows(btc, strays: [Timestamp(seconds: far)], count: 1, main: main)
        #expect(throws: expected) { try tape.regular(btc, stepSeconds: 60) }
        #expect(try tape.regular(btc, stepSeconds: 60, strays: .leaveOut).values == [1, 1])
        #expect(
            try tape.regular(btc, stepSeconds: 60, to: Timestamp(seconds: dayStart + 86_400)).values == [
                1, 1,
            ])
        #expect(try tape.strays(of: btc) == [Timestamp(seconds: far)])
        #expect(tape.series.first?.rows == 3)
    }

    @Test func aSpanThatIsTooLongIsRefusedRatherThanAllocated() throws {
        let folder = try TemporaryFolder()
        let path = folder.path("t")
        let year: Int64 = 365 * 86_400
        try store((0..<4).map { trade(dayStart + $0 * year) }, in: path, source: 1)
        let error = #expect(throws: TapeError.self) { try Tape.open(path).regular(btc, stepSeconds: 1) }
        #expect(error?.description.contains("exceed the limit") == true)
        #expect(throws: TapeError.badStep(seconds: 0)) { try Tape.open(path).regular(btc, stepSeconds: 0) }
    }

    @Test func aggregatesAddUpToTheRows() throws {
        let folder = try TemporaryFolder()
        let trades = randomTrades(3000, seed: 8)
        try store(trades, in: folder.path("t"), source: 1)
        let tape = try Tape.open(folder.path("t"))
        let hourly = try tape.aggregate(btc, everySeconds: 3600)
        let slow = Dictionary(grouping: trades) { $0.nanoseconds / 3_600_000_000_000 * 3600 }
        #expect(hourly.rows.map(\.start) == slow.keys.sorted())
        for row in hourly.rows {
            let group = try #require(slow[row.start])
            #expect(row.count == Int64(group.count))
            #expect(row.quantity == group.reduce(0) { $0 + Int128($1.quantity) })
            #expect(
                row.prices?.open.price == group.first?.price && row.prices?.close.price == group.last?.price)
        }
    }
}
