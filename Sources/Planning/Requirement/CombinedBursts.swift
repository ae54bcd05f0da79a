import Exchange

/// How the sum of streams bunches, if all of them burst at the same moments.
///
/// The rate's standard deviation over a window is then the sum of the parts', which is the most it can be;
/// streams of one profile together keep it. Between the measured windows of a part its variance is that of
/// the next longer one, and past the last that of the last.
func combinedBursts(_ streams: [(ratePerSecond: Double, profile: BurstProfile)]) -> BurstProfile {
    let busy = streams.filter { $0.ratePerSecond > 0 }
    guard let first = busy.first ?? streams.first else {
        return BurstProfile(measuredRatePerSecond: 0, points: [], origin: "no arrivals")
    }
    if busy.allSatisfy({ $0.profile == first.profile }) { return first.profile }
    let total = busy.reduce(0) { $0 + $1.ratePerSecond }
    let windows = Set(busy.flatMap { $0.profile.points.map(\.windowSeconds) }).sorted()
    let points = windows.map { window in
        let deviation = busy.reduce(0) { sum, stream in
            let points = stream.profile.points
            let place = points.firstIndex { $0.windowSeconds >= window } ?? points.count - 1
            let variance = place >= 0 ? stream.profile.rateVariance(ofPoint: place) : 0
            return sum + stream.ratePerSecond / total * variance.squareRoot()
        }
        return BurstProfile.Point(
            windowSeconds: window, indexOfDispersion: 1 + total * window * deviation * deviation)
    }
    return BurstProfile(
        measuredRatePerSecond: total, points: points, origin: "sum of \(busy.count) streams")
}
