import Exchange

/// What moves the level over seconds to minutes.
enum SlowCourse: Equatable, Sendable {
    /// A product of random factors.
    case cascade(BurstModel)
    /// The course that it took in a log.
    case sample(ArrivalSample)

    init(_ bursts: BurstProfile) {
        if let sample = bursts.sample {
            self = .sample(sample)
        } else {
            let model = BurstModel(fitting: bursts).rounded
            self = .cascade(
                BurstModel(
                    components: model.components.filter {
                        $0.timeScaleSeconds >= ArrivalSequence.slowSeconds
                    }))
        }
    }

    /// How the level moves from five minutes to five minutes of an hour, and within them, where no log tells.
    ///
    /// The busier an hour, the steadier its minutes, and capacity is decided by busy hours: of BitMEX XBTUSD by the minute,
    /// 2017, hours in fifths by their trades (260, 922, 2,444, 5,831 and 14,956 an hour), the squared coefficient of
    /// variation within an hour by the minute is 2.13, 1.29, 0.90, 0.60 and 0.33 in the median. These factors are between the
    /// busiest fifth and Binance BTCUSDT by 15 minutes, 2020 (20,000 to 93,000 trades an hour); 10, 50, 90 % quantiles:
    ///
    /// | over its hour's mean | busiest five minutes | busiest 15 minutes |
    /// |---|---|---|
    /// | BitMEX, busiest fifth | 1.40, 1.78, 2.39 | 1.14, 1.32, 1.65 |
    /// | Binance | | 1.10, 1.24, 1.54 |
    /// | these factors | 1.39, 1.70, 2.21 | 1.15, 1.31, 1.64 |
    static let standard = BurstModel(components: [
        slowComponent,
        BurstModel.Component(timeScaleSeconds: 30, variance: 0.3),
    ])

    /// The slower part of the standard, for logs that do not span an hour.
    static let standardMinutes = BurstModel(components: [slowComponent])

    private static let slowComponent = BurstModel.Component(timeScaleSeconds: 600, variance: 0.2)
}
