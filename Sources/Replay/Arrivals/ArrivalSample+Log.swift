import Exchange
import Glibc
import Numerics

extension ArrivalSample {
    private static let blockTicks = 60
    /// Where a tick holds fewer arrivals in mean, some ticks have one level.
    private static let arrivalsOfLevel = 50.0
    private static let gapsMax = 1 << 18

    /// The sample of a log; nil where it has fewer than two instants.
    ///
    /// The log is cut into five minutes from its first arrival on, and these into ticks. A tick's arrivals are spread over
    /// as much operational time as there are of them, so that its level is gone from the gaps and in the course alone. Of a
    /// long log, evenly spaced five minutes give the gaps, and all of them the course.
    ///
    /// - Parameters:
    ///   - times: Arrivals in seconds, ascending.
    ///   - origin: Where they are from, in words.
    public convenience init?(seconds times: [Double], origin: String) {
        guard let first = times.first, let last = times.last, last > first else { return nil }
        let span = last - first
        let blockSeconds = Double(ArrivalSample.blockTicks) * ArrivalSample.tickSeconds
        let isShort = span < blockSeconds
        let ticks =
            isShort ? max(1, Int(saturating: span / ArrivalSample.tickSeconds)) : ArrivalSample.blockTicks
        let length = isShort ? span : blockSeconds
        let blocks = max(1, Int(saturating: span / length))
        let rate = Double(times.count) / span
        let grouped = min(
            ticks,
            max(
                1,
                Int(
                    saturating: (ArrivalSample.arrivalsOfLevel / (rate * ArrivalSample.tickSeconds)).rounded(
                        .up))))
        let stride = max(1, times.count / ArrivalSample.gapsMax)
        var levels: [Float] = []
        var courses: [[Float]] = []
        var gaps: [Float] = []
        var low = 0
        for block in 0..<blocks {
            let start = first + Double(block) * length
            let end = block == blocks - 1 && isShort ? .infinity : start + length
            var high = low
            while high < times.count, times[high] < end { high += 1 }
            let level = BlockLevel(
                times[low..<high], from: start, seconds: length, ticks: ticks, grouped: grouped)
            levels.append(Float(high - low))
            courses.append(level.course)
            if block % stride == 0 { gaps += level.gaps }
            low = high
        }
        guard gaps.count > 1 else { return nil }
        self.init(
            origin: origin, gaps: gaps, ratePerSecond: rate,
            reactionSeconds: ArrivalProfile.measuredReactionSeconds, levels: levels, courses: courses)
    }

    /// Arrivals of a stream of which nothing but its level is known.
    public static let standard: ArrivalSample = {
        let times = ClusterLaw.standard.sequence(gaps: Double(gapsMax), seed: 1)
        let gaps = zip(times.dropFirst(), times).map { Float($0 - $1) }
        return ArrivalSample(
            origin: "standard law", gaps: gaps, ratePerSecond: 0, reactionSeconds: 0, levels: [], courses: [])
    }()
}

/// Five minutes of a log, level and gaps apart.
private struct BlockLevel {
    /// The level by tick over its mean.
    let course: [Float]
    /// Gaps in operational time, of mean 1.
    let gaps: [Float]

    init(_ times: ArraySlice<Double>, from start: Double, seconds: Double, ticks: Int, grouped: Int) {
        guard !times.isEmpty else {
            (course, gaps) = ([Float](repeating: 1, count: ticks), [])
            return
        }
        let groups = (ticks + grouped - 1) / grouped
        let length = seconds / Double(groups)
        func group(_ time: Double) -> Int {
            max(0, min(groups - 1, Int(saturating: (time - start) / length)))
        }
        var counts = [Double](repeating: 0, count: groups)
        for time in times { counts[group(time)] += 1 }
        let mean = Double(times.count) / Double(groups)
        course = (0..<ticks).map { Float(counts[min(groups - 1, $0 * groups / ticks)] / mean) }
        var before: [Double] = []
        var sum = 0.0
        for count in counts {
            before.append(sum)
            sum += count
        }
        var last = 0.0
        gaps = times.map { time in
            let group = group(time)
            let part = min(1, max(0, (time - start) / length - Double(group)))
            let place = before[group] + counts[group] * part
            defer { last = place }
            return Float(place - last)
        }
    }
}
