import Units

/// A way to forecast a series: a candidate of the combination.
///
/// A model is fitted on what lies before an origin and then forecasts from that origin or from a later one:
/// the parameters stay, the state is always that of the window it is given.
public protocol ForecastModel: Sendable {
    /// The name in reports, as `seasonal_naive_24`.
    var name: String { get }
    /// The factor by which its loss counts more than that of others: above 1 for a reserve, which joins the
    /// combination only where it is clearly better.
    var handicap: Double { get }
}

extension ForecastModel {
    /// None.
    public var handicap: Double { 1 }
}

extension Double {
    static let reserveHandicap = 1.2
    /// That of the damped level and of recent means. Chosen, not measured.
    static let levelHandicap = 1.1
}

/// A model with its parameters.
public protocol FittedModel: Sendable {
    /// The next `horizon` values after the window.
    func forecast(_ window: HistoryWindow, horizon: Int) -> [Double]
}

/// A model that looks at one series at a time.
public protocol SingleSeriesModel: ForecastModel {
    /// Fits one window, or says why it cannot.
    func fit(_ window: HistoryWindow) throws(ModelFailure) -> any FittedModel
}

/// A model whose series share work, so that they are fitted together.
public protocol SharedModel: ForecastModel {
    /// Fits each window of the pool; a window that the model cannot answer for has the reason.
    func fit(_ pool: SeriesPool, horizon: Int) -> [Result<any FittedModel, ModelFailure>]
}

/// A model whose fits are too large to keep: it fits the series of a block together, and forecasts at once
/// from the origins that each fit serves.
public protocol PassingModel: ForecastModel {
    /// Fits each window of the pool and forecasts from `origins`, as many for each window as there are; or
    /// says why it cannot, for all origins of a window.
    func forecasts(_ pool: SeriesPool, from origins: [[RecentValues]], horizon: Int)
        -> [Result<[[Double]], ModelFailure>]
}

extension SingleSeriesModel {
    /// The fit, or the reason why there is none.
    func result(_ window: HistoryWindow) -> Result<any FittedModel, ModelFailure> {
        do throws(ModelFailure) { return .success(try fit(window)) } catch { return .failure(error) }
    }
}

/// Why a model gives no answer for a series.
public struct ModelFailure: Error, Equatable, Sendable, CustomStringConvertible {
    /// The reason, in a few words.
    public let reason: String

    /// A failure with its reason.
    public init(_ reason: String) {
        self.reason = reason
    }

    public var description: String { reason }

    /// A history that is too short.
    static func tooShort(_ window: HistoryWindow, needs count: Int) -> ModelFailure {
        ModelFailure("the history has only \(window.count) values and needs \(count)")
    }
}
