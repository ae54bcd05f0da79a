import Glibc
import Units

/// One request of a load test.
struct LoadSample {
    /// When it was sent, in seconds of any origin.
    let start: Double
    /// How long it took, in seconds.
    let seconds: Double
    /// Whether it was answered without an error.
    let succeeded: Bool
}

/// Requests of a load test, counted by windows of time and joined to levels of load.
struct LoadTestWindows {
    private(set) var levels: [LoadTestLog.Level] = []
    let windowSeconds: Double
    /// Whether the tool says how many users there were.
    let isByUsers: Bool

    private struct Window {
        var answered = 0
        var inFlight = 0.0
        var times: [Double] = []
        var users = 0.0
        var userReadings = 0
    }

    /// How many windows a test is cut into, and their least length.
    private static let windowsWanted = 300.0
    private static let windowSecondsMin = 1.0

    var windowText: String { windowSeconds == 1 ? "a second" : "\((windowSeconds * 10).rounded() / 10) s" }

    init(_ samples: [LoadSample], users: [(time: Double, count: Double)]) {
        let first = samples.lazy.map(\.start).min() ?? 0
        let last = samples.lazy.map { $0.start + $0.seconds }.max() ?? first
        let span = max(last - first, 1e-3)
        windowSeconds = min(span, max(Self.windowSecondsMin, (span / Self.windowsWanted).rounded(.up)))
        isByUsers = !users.isEmpty
        var windows = [Window](
            repeating: Window(), count: max(1, Int(saturating: min(1e6, (span / windowSeconds).rounded(.up))))
        )
        for sample in samples { Self.add(sample, to: &windows, first, windowSeconds) }
        for reading in users {
            let index = Self.index((reading.time - first) / windowSeconds, windows.count)
            windows[index].users += reading.count
            windows[index].userReadings += 1
        }
        if isByUsers { Self.carryUsers(&windows) }
        // The first and the last window are begun or broken off.
        let whole = windows.count >= 5 ? Array(windows[1..<windows.count - 1]) : windows
        levels = join(whole)
    }

    private static func index(_ place: Double, _ count: Int) -> Int {
        max(0, min(count - 1, Int(saturating: place.rounded(.down))))
    }

    /// Counts a request where it ends, and its time in flight in every window that it touches.
    private static func add(
        _ sample: LoadSample, to windows: inout [Window], _ first: Double, _ length: Double
    ) {
        let start = (sample.start - first) / length
        let end = start + sample.seconds / length
        let from = index(start, windows.count)
        let to = index(end, windows.count)
        for window in from...max(from, to) {
            let overlap = min(end, Double(window + 1)) - max(start, Double(window))
            windows[window].inFlight += max(0, overlap)
        }
        windows[to].times.append(sample.seconds)
        if sample.succeeded { windows[to].answered += 1 }
    }

    /// Windows without a reading have as many users as the one before.
    private static func carryUsers(_ windows: inout [Window]) {
        var last = windows.first { $0.userReadings > 0 }.map { $0.users / Double($0.userReadings) } ?? 0
        for index in windows.indices {
            if windows[index].userReadings > 0 {
                last = windows[index].users / Double(windows[index].userReadings)
            }
            windows[index].users = last
        }
    }

    /// Windows of the same load make a level: of the same number of users, or of a quarter of an octave of requests in
    /// flight.
    private func join(_ windows: [Window]) -> [LoadTestLog.Level] {
        var groups: [Int: [Window]] = [:]
        for window in windows where !window.times.isEmpty {
            let load = isByUsers ? window.users : window.inFlight
            guard load > 0 else { continue }
            groups[
                isByUsers ? Int(saturating: load.rounded()) : Int(saturating: (4 * log2(load)).rounded()),
                default: []
            ]
            .append(window)
        }
        return groups.values.map { group in
            let times = group.flatMap(\.times).sorted()
            let length = windowSeconds * Double(group.count)
            return LoadTestLog.Level(
                load: group.reduce(0) { $0 + (isByUsers ? $1.users : $1.inFlight) } / Double(group.count),
                throughputPerSecond: Double(group.reduce(0) { $0 + $1.answered }) / length,
                medianSeconds: Self.quantile(times, 0.5), p99Seconds: Self.quantile(times, 0.99))
        }
    }

    private static func quantile(_ sorted: [Double], _ level: Double) -> Double? {
        guard !sorted.isEmpty else { return nil }
        return sorted[min(sorted.count - 1, Int(saturating: level * Double(sorted.count)))]
    }
}
