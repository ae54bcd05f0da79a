import Planning
import Replay
import Tape
import Units

/// A window of a finished run's span in which something went wrong, held against the plan and its forecast: what may have
/// caused it, what the model says of it, and what would have held.
///
/// A tape tells what came in, not what was done with it, so a cause is what the data fit, never what they prove.
public struct WindowReview: Sendable {
    /// One thing that may have caused it.
    public struct Candidate: Sendable, Equatable {
        /// What it is.
        public var cause: Cause
        /// How well the data fit.
        public var fit: Fit
        /// The figures that decided, in a sentence.
        public var evidence: String
        /// When they were at their worst; nil: the whole window.
        public var at: Timestamp?
    }

    /// Causes that a tape can tell something of, and one for all others.
    public enum Cause: String, Sendable, CaseIterable {
        /// More load than the plan's nodes hold with all of them up.
        case overload
        /// Nodes, a zone or power lost while the load needed them.
        case loss
        /// Arrivals that bunched more than the load alone tells.
        case bursts
        /// Demand that was not forecast.
        case demand
        /// Series that nobody planned for.
        case newSeries = "new series"
        /// More requests with each trade: hostile traffic, retries, or a client gone wrong.
        case traffic
        /// Trades that stopped: the exchange or its logs were down, or clients were gone.
        case silence
        /// What no tape of trades shows: software, configuration, network, a dependency, people.
        case elsewhere
    }

    /// How well the data fit a cause, the best first.
    public enum Fit: String, Sendable, CaseIterable {
        /// They would show just this.
        case fits
        /// They would allow for it.
        case possible
        /// They speak against it.
        case unlikely
        /// They tell nothing of it.
        case unknown
    }

    /// The window's start, at the start of a step.
    public let from: Timestamp
    /// Its end, at the end of a step.
    public let to: Timestamp
    /// Steps of the plan in it.
    public let steps: Int
    /// Steps that the tape covers of every symbol.
    public let stepsWithData: Int
    /// The chance that the loads that came break the plan in the window, while what is to be survived is lost.
    public let probabilityBroken: Double
    /// The queues, scored in the window alone.
    public let queues: [Review.QueueScore]
    /// The symbols, scored in the window alone.
    public let forecasts: [Review.ForecastScore]
    /// What may have caused it, the best fit first.
    public let candidates: [Candidate]

    /// Reviews a window of a run.
    ///
    /// - Parameters:
    ///   - folder: The folder that the run wrote.
    ///   - tape: A tape that covers the window, or a part of it.
    ///   - from: The window's start; the start of its step counts. nil: the run's start.
    ///   - to: Its end, itself no longer in it; the end of its step counts. nil: the run's end.
    /// - Throws: As `Review`, and `ReviewError` where the window holds nothing of the run's span, or the tape nothing of it.
    public init(run folder: String, tape: Tape, from: Timestamp?, to: Timestamp?) throws {
        let run = try FinishedRun(folder)
        let (first, end) = try WindowReview.span(run, from: from, to: to)
        let cut = run.cut(from: first, to: end)
        guard !cut.forecasts.isEmpty else {
            throw ReviewError(description: "the run's forecast.csv has no step from \(first) to \(end)")
        }
        let actual = try ObservedTrades(cut, tape)
        let trades = tradesPerSecond(
            cut.forecasts.map { actual.trades(of: $0.id) }, start: actual.start,
            stepSeconds: cut.stepSeconds, stepCount: cut.stepCount)
        let judge = try cut.judge()
        (self.from, self.to) = (first, end)
        steps = cut.stepCount
        probabilityBroken = judge.score(tradesPerSecond: trades).probabilityBroken
        forecasts = cut.forecasts.map { Review.ForecastScore($0, actual) }
        queues = zip(cut.queues, judge.queueScores(tradesPerSecond: trades)).map {
            Review.QueueScore($0, actual, score: $1, run: cut)
        }
        stepsWithData = forecasts.map(\.steps).min() ?? 0
        let traffic = try TrafficRatio(tape, from: first, to: end)
        candidates = CauseSearch(
            cut: cut, actual: actual, queues: queues, forecasts: forecasts,
            unplanned: try actual.unplanned(tape), traffic: traffic
        ).candidates()
    }

    /// The steps of a run that a window touches.
    private static func span(
        _ run: FinishedRun, from: Timestamp?, to: Timestamp?
    ) throws -> (first: Timestamp, end: Timestamp) {
        guard let start = run.start else {
            throw ReviewError(description: "the run's forecast.csv has no forecast")
        }
        let step = run.stepSeconds
        let end = start.advanced(bySeconds: Int64(run.stepCount) * step)
        let (asked, until) = (from ?? start, to ?? end)
        guard asked < until else {
            throw ReviewError(description: "the window ends at \(until), before it starts at \(asked)")
        }
        guard asked < end, until > start else {
            throw ReviewError(
                description:
                    "the window from \(asked) to \(until) is not in the run, which plans \(start) to \(end)")
        }
        let skipped = max(0, asked.seconds - start.seconds) / step
        let taken = (min(until.seconds, end.seconds) - start.seconds + step - 1) / step
        return (
            start.advanced(bySeconds: skipped * step), start.advanced(bySeconds: taken * step)
        )
    }
}

/// Requests for each trade, in a window over the week before it.
struct TrafficRatio {
    /// Requests a trade in the window, over that of the week before; nil where the tape has none of either.
    let ratio: Double?

    /// A week, in seconds.
    private static let before: Int64 = 604_800

    init(_ tape: Tape, from: Timestamp, to: Timestamp) throws {
        let start = from.advanced(bySeconds: -TrafficRatio.before)
        func sum(_ kind: String, _ from: Timestamp, _ to: Timestamp) throws -> Double {
            var total = 0.0
            for series in tape.series where series.id.kind == kind {
                total += try tape.read(series.id, from: from, to: to).counts.reduce(0, +)
            }
            return total
        }
        let (trades, requests) = (try sum("trades", from, to), try sum("requests", from, to))
        let (tradesBefore, requestsBefore) = (
            try sum("trades", start, from), try sum("requests", start, from)
        )
        let known = trades > 0 && tradesBefore > 0 && requestsBefore > 0 && requests > 0
        ratio = known ? requests / trades / (requestsBefore / tradesBefore) : nil
    }
}
