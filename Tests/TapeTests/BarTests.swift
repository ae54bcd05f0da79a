import Foundation
import Tape
import TestSupport
import Testing
import Units

/// A bar that comes again is told from one that contradicts it, in whatever order bars come.
@Suite struct BarTests {
    private static let start: Int64 = 1_767_571_200

    @Test(arguments: 0..<8) func barsInAnyOrderAreThoseOfATable(_ seed: UInt64) throws {
        var random = SplitMix64(seed: seed)
        // Three months of hours: rising, falling, shuffled or in pieces, with repeats and contradictions.
        var bars = (0..<2200).map { (start: Self.start + Int64($0) * 3600, count: Int64($0 % 7)) }
        switch seed % 4 {
        case 1: bars.reverse()
        case 2: bars.shuffle(using: &random)
        case 3: bars = Array(bars[900...] + bars[..<900])
        default: break
        }
        for _ in 0..<300 {
            var bar = bars[Int.random(in: 0..<2200, using: &random)]
            if Bool.random(using: &random) { bar.count += 1 }
            bars.insert(bar, at: Int.random(in: 0...bars.count, using: &random))
        }
        let folder = try TemporaryFolder()
        let writer = try TapeWriter(folder.path("tape"))
        var first: [Int64: Int64] = [:]
        // Two inputs, of which the second knows what the first has brought.
        for (number, part) in [bars[..<1500], bars[1500...]].enumerated() {
            let builder = TapeDeltaBuilder(known: writer.known)
            let handle = builder.barSeries(btc, stepSeconds: 3600)
            for bar in part {
                let outcome = builder.addBar(TapeRow(start: bar.start, count: bar.count), to: handle)
                switch first[bar.start] {
                case nil: #expect(outcome == .added)
                case bar.count: #expect(outcome == .duplicate)
                default: #expect(outcome == .conflict)
                }
                if first[bar.start] == nil { first[bar.start] = bar.count }
            }
            let source = ContentHash(low: UInt64(number), high: 3)
            writer.append(try builder.finish(source: source, bytes: 1, format: "bars"))
        }
        try writer.commit()
        let rows = try Tape.open(folder.path("tape")).read(btc).rows
        #expect(rows.map(\.start) == first.keys.sorted())
        #expect(rows.map(\.count) == first.sorted { $0.key < $1.key }.map(\.value))
    }

    @Test func aBarThatAnotherInputHasBroughtMakesADeltaStale() throws {
        let folder = try TemporaryFolder()
        let writer = try TapeWriter(folder.path("tape"))
        let known = writer.known
        func delta(_ starts: [Int64], _ source: UInt64) throws -> TapeDelta {
            let builder = TapeDeltaBuilder(known: known)
            let handle = builder.barSeries(btc, stepSeconds: 60)
            for start in starts { _ = builder.addBar(TapeRow(start: start, count: 1), to: handle) }
            return try builder.finish(source: ContentHash(low: source, high: 4), bytes: 1, format: "bars")
        }
        let one = try delta([600, 660, 60], 1)
        let (fresh, late, same) = (try delta([720, 120], 2), try delta([720, 60], 3), try delta([660], 4))
        #expect(!one.isRepeated(by: fresh) && one.isRepeated(by: late) && one.isRepeated(by: same))
        writer.append(one)
        #expect(!writer.isStale(fresh) && writer.isStale(late) && writer.isStale(same))
    }
}
