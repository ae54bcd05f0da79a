import Foundation
import Synchronization
import Tape
import TestSupport
import Testing
import Units

/// Refuses the step of a number, and with `isDead` all steps behind it, as if the process had been killed there.
private final class FaultyGate: FileGate {
    private let count = Atomic(0)
    private let limit: Int
    private let isDead: Bool

    init(failingAt limit: Int, isDead: Bool) {
        self.limit = limit
        self.isDead = isDead
    }

    var steps: Int { count.load(ordering: .relaxed) }

    func pass(_ step: FileStep, path: String) throws(TapeError) {
        let number = count.wrappingAdd(1, ordering: .relaxed).oldValue
        guard number == limit || (isDead && number > limit) else { return }
        throw .system(operation: step.rawValue, path: path, message: "No space left on device")
    }
}

@Suite struct CrashTests {
    private func add(_ trades: [Trade], to path: String, source: UInt64, gate: any FileGate) throws {
        let writer = try TapeWriter(path, gate: gate)
        if writer.contains(source: ContentHash(low: source, high: 1)) { return }
        let builder = TapeDeltaBuilder(known: writer.known, store: writer.store)
        let handle = builder.eventSeries(btc)
        for trade in trades { _ = builder.add(trade.event, to: handle) }
        writer.append(try builder.finish(source: ContentHash(low: source, high: 1), bytes: 1, format: "test"))
        try writer.commit()
    }

    @Test(arguments: [false, true])
    func whicheverStepFailsTheOldTapeStaysAndARepeatFinishesTheJob(isKilled: Bool) throws {
        let folder = try TemporaryFolder()
        let trades = randomTrades(600, seed: 3)
        let (old, new) = (Array(trades[..<400]), Array(trades[300...]))
        try add(old, to: folder.path("expected"), source: 1, gate: OpenGate())
        let before = try contents(folder.path("expected"))
        let counter = FaultyGate(failingAt: .max, isDead: false)
        try add(new, to: folder.path("expected"), source: 2, gate: counter)
        let after = try contents(folder.path("expected"))
        #expect(counter.steps > 10)
        var outcomes: Set<Bool> = []
        for step in 0..<counter.steps {
            let path = folder.path("\(isKilled)-\(step)")
            try add(old, to: path, source: 1, gate: OpenGate())
            do {
                try add(new, to: path, source: 2, gate: FaultyGate(failingAt: step, isDead: isKilled))
            } catch is TapeError {}
            // What is left is readable, and is the old tape or the new one.
            let tape = try Tape.open(path)
            try tape.verify()
            let isNew = try contents(path)["manifest.json"] == after["manifest.json"]
            #expect(tape.series.first?.resolutions.first?.events == (isNew ? 600 : 400), "step \(step)")
            outcomes.insert(isNew)
            try add(new, to: path, source: 2, gate: OpenGate())
            let repeated = try contents(path)
            #expect(repeated == after, "step \(step)")
        }
        #expect(outcomes == [false, true])
        #expect(before["manifest.json"] != after["manifest.json"])
    }

    @Test func aFirstIngestThatFailsAtAnyStepCanBeRepeated() throws {
        let folder = try TemporaryFolder()
        let trades = randomTrades(200, seed: 3)
        let counter = FaultyGate(failingAt: .max, isDead: false)
        try add(trades, to: folder.path("expected/deep"), source: 1, gate: counter)
        let expected = try contents(folder.path("expected/deep"))
        for step in 0..<counter.steps {
            let path = folder.path("\(step)/deep")
            try? add(trades, to: path, source: 1, gate: FaultyGate(failingAt: step, isDead: true))
            try add(trades, to: path, source: 1, gate: OpenGate())
            let repeated = try contents(path)
            #expect(repeated == expected, "step \(step)")
        }
    }

    @Test func aMergeThatFailsAtAnyStepLeavesItsInputsAlone() throws {
        let folder = try TemporaryFolder()
        let trades = randomTrades(200, seed: 3)
        try store(Array(trades[..<100]), in: folder.path("a"), source: 1)
        try store(Array(trades[100...]), in: folder.path("b"), source: 2)
        let inputs = [folder.path("a"), folder.path("b")]
        let before = try inputs.map(contents)
        let counter = FaultyGate(failingAt: .max, isDead: false)
        try TapeMerge.merge(inputs, into: folder.path("expected"), gate: counter)
        let expected = try contents(folder.path("expected"))
        for step in 0..<counter.steps {
            let path = folder.path("out-\(step)")
            try? TapeMerge.merge(inputs, into: path, gate: FaultyGate(failingAt: step, isDead: true))
            try TapeMerge.merge(inputs, into: path)
            #expect(try contents(path) == expected, "step \(step)")
        }
        #expect(try inputs.map(contents) == before)
    }
}
