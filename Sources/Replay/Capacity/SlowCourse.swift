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
    /// Fitted to the trades of BitMEX XBTUSD by the minute, 2017, hours of ten trades a minute and more (6,738): the
    /// squared coefficient of variation within an hour is 0.26, 0.68, 1.58 by the minute at the 10, 50, 90 % quantiles and
    /// 0.10, 0.28, 0.68 by five minutes, the busiest five minutes have 1.71, 2.32, 3.41 times the hour's mean; these
    /// factors give 0.30, 0.57, 1.16 and 0.11, 0.27, 0.66 and 1.73, 2.25, 3.33.
    static let standard = BurstModel(components: [
        slowComponent,
        BurstModel.Component(timeScaleSeconds: 30, variance: 0.5),
    ])

    /// The slower part of the standard, for logs that do not span an hour.
    static let standardMinutes = BurstModel(components: [slowComponent])

    private static let slowComponent = BurstModel.Component(timeScaleSeconds: 600, variance: 0.45)
}
