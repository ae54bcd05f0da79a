import Units

/// The forecasts of every candidate for one series, at every origin asked for.
struct CandidateForecasts: Sendable {
    /// A forecast from one origin by parameters of the same or an earlier one, in steps before the end.
    struct Slot: Hashable, Sendable {
        let offset: Int
        let fit: Int
    }

    /// The values against which forecasts are scored; NaN is missing.
    let values: [Double]
    /// How much of them a window holds.
    let span: KnownSpan
    /// By slot, then by model: the forecast or why there is none.
    var bySlot: [Slot: [Result<[Double], ModelFailure>]]
    /// What was known of the series at each place.
    let contexts: [Int: OriginContext]
    /// Which fit serves an origin of a place.
    let schedule: FitSchedule

    /// The forecasts at an origin, as they serve a forecast made at `place`.
    func results(at offset: Int, for place: Int) -> [Result<[Double], ModelFailure>]? {
        bySlot[Slot(offset: offset, fit: schedule.fit(offset, for: place, count: span.count(at: place)))]
    }

    /// The first `count` values from an origin as they were known at `place`: without outages, and without what came
    /// of a shift of the level that the origin did not know of.
    func actual(from offset: Int, count: Int, knownAt place: Int) -> [Double]? {
        let first = values.count - offset
        guard first >= 0, count <= offset else { return nil }
        var result = Array(values[first..<first + count])
        if let outages = contexts[place]?.outages, !outages.isEmpty {
            for step in 0..<count where outages.contains(offset - place - step) { result[step] = .nan }
        }
        if let splice = contexts[place]?.splice, offset - place > splice.sinceBelieved {
            let first = min(max(0, offset - place - splice.sinceRamp), count)
            for step in first..<count { result[step] = .nan }
        }
        return result
    }

    /// By how much the level has shifted since an origin, as it was known at `place`.
    func shift(since offset: Int, knownAt place: Int) -> Double {
        guard let splice = contexts[place]?.splice, offset - place > splice.sinceShift else { return 1 }
        return splice.factor
    }
}

/// How many values the window of a series holds at each place, in steps before the end.
struct KnownSpan: Sendable {
    private let total: Int
    private let longest: Int

    init(_ series: RegularSeries, longest: Int) {
        total = series.values.count - HistoryWindow.beginning(series.values[...])
        self.longest = longest
    }

    func count(at place: Int) -> Int { max(0, min(total - place, longest)) }
}

/// What the candidates said of a block of series, and which of them resemble each other.
struct CandidateBlock: Sendable {
    let forecasts: [CandidateForecasts]
    /// By the offset of the fit.
    let neighbours: [Int: BlockNeighbours]

    /// The pool of a fit: its neighbourhood counts the windows that there are.
    struct BlockNeighbours: Sendable {
        let neighbourhood: Neighbourhood
        /// Where each series of the block is in the pool; nil where it had no window.
        let places: [Int?]
        /// The series of each window.
        let members: [Int]
    }
}
