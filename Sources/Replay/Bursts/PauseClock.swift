import Exchange
import Numerics
import Units

/// The clock of servers that stand still in pauses.
///
/// Between two readings it shows the time that the servers work. A queue whose arrivals are read on it is one without
/// pauses, and what leaves then leaves at the wall's time again.
struct PauseClock {
    /// One pause, in the path's time.
    struct Pause {
        var start: Double
        var seconds: Double
    }

    /// The clock at the start of each pause, and the seconds paused before.
    private let readings: [(clock: Double, start: Double, seconds: Double, before: Double)]

    /// A clock; pauses that overlap follow one another.
    init(_ pauses: [Pause]) {
        var before = 0.0
        var readings: [(clock: Double, start: Double, seconds: Double, before: Double)] = []
        var end = -Double.infinity
        for pause in pauses {
            let start = max(pause.start, end)
            readings.append((start - before, start, pause.seconds, before))
            before += pause.seconds
            end = start + pause.seconds
        }
        self.readings = readings
    }

    /// Whether it is the wall's.
    var isPlain: Bool { readings.isEmpty }

    /// The clock at a time of the wall.
    func clock(at time: Double) -> Double {
        let next = readings.partitioningIndex { $0.start > time }
        guard next > 0 else { return time }
        let last = readings[next - 1]
        return max(last.clock, time - last.before - last.seconds)
    }

    /// The wall's time when the clock gets to a reading.
    func time(atClock reading: Double) -> Double {
        let next = readings.partitioningIndex { $0.clock >= reading }
        guard next > 0 else { return reading }
        return reading + readings[next - 1].before + readings[next - 1].seconds
    }

    /// The seconds of a pause that are left at a time.
    func secondsLeft(at time: Double) -> Double {
        let next = readings.partitioningIndex { $0.start > time }
        guard next > 0 else { return 0 }
        return max(0, readings[next - 1].start + readings[next - 1].seconds - time)
    }

    /// The pauses of a stage: exponential gaps and lengths.
    static func draw(_ pause: QueueRules.Pause?, seconds: Double, seed: UInt64, stage: Int) -> [Pause] {
        guard let pause, pause.everySeconds > 0, pause.lengthSeconds > 0 else { return [] }
        var random = stream(seed, 13, UInt64(stage))
        var pauses: [Pause] = []
        var time = pause.everySeconds * random.exponential()
        while time < seconds {
            pauses.append(Pause(start: time, seconds: pause.lengthSeconds * random.exponential()))
            time += pause.everySeconds * random.exponential()
        }
        return pauses
    }

    /// Where cells end, in lengths of a pause after its start. Chosen, not measured.
    private static let cutLengths = [0, 0.5, 1, 1.25, 2, 4]

    /// Times at which cells should end, so that work that a pause leaves behind is followed: its start, and some of its
    /// lengths after it.
    static func cuts(_ pauses: [[Pause]], from start: Double) -> ArraySlice<Double> {
        var cuts: [Double] = []
        for pause in pauses.joined() {
            for lengths in cutLengths {
                cuts.append(start + pause.start + lengths * pause.seconds)
            }
        }
        return cuts.sorted()[...]
    }
}
