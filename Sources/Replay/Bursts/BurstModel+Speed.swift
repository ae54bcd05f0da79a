extension BurstModel {
    /// Factors from this scale on move the load from second to second; faster ones make the latency within a second.
    public static let slowScaleSeconds = 0.5

    /// The factors that move the load from second to second.
    public var slow: BurstModel {
        BurstModel(components: components.filter { $0.timeScaleSeconds >= BurstModel.slowScaleSeconds })
    }

    /// The factors that matter within a second.
    public var fast: BurstModel {
        BurstModel(components: components.filter { $0.timeScaleSeconds < BurstModel.slowScaleSeconds })
    }

    /// The variance of the factor of one scale; 0 where there is none.
    public func variance(atScale scale: Double) -> Double {
        components.first { $0.timeScaleSeconds == scale }?.variance ?? 0
    }
}
