import Planning

extension RiskCause {
    /// Outages of one service in a year: 597 of 32 services in the seven years from 2009 to 2015 (Gunawi et al. 2016, "Why
    /// does the cloud stop computing?").
    static let outagesPerYear = 597.0 / 32 / 7

    /// What is taken where the plan file says nothing, and where it is from; `nodeFailures` are those of all planned nodes in
    /// a year.
    func standard(nodeFailures: RiskOptions.Occurrence) -> (
        occurrence: RiskOptions.Occurrence, source: String
    ) {
        switch self {
        case .hardwareFailure:
            (nodeFailures, "node_failures_per_year and node_repair of the plan file, by planned node")
        case .maintenance:
            (
                RiskOptions.Occurrence(perYear: 4, repairSeconds: repairSeconds),
                "chosen, not measured: planned work once a quarter"
            )
        default:
            (
                RiskOptions.Occurrence(
                    perYear: RiskCause.outagesPerYear * shareOfOutages, repairSeconds: repairSeconds),
                "2.7 outages of a service a year (Gunawi et al. 2016) x "
                    + "\(shareOfOutages), chosen after the study's kinds of root cause; time chosen, not measured"
            )
        }
    }

    /// The weight of the cause in the rate of outages. Chosen, not measured: after the kinds of root cause of the study, which are
    /// load; upgrade; network; cross-service dependencies; bugs; security; configuration and human mistakes; power and natural
    /// disasters. How often a cause breaks an objective on the plan at hand is measured, in `share_broken`, and its share of all
    /// breaks follows from both.
    private var shareOfOutages: Double {
        switch self {
        case .capacityOverload: 0.09
        case .badDeploy: 0.16
        case .networkTrouble: 0.15
        case .dependencyStall: 0.08
        case .engineHalt: 0.15
        case .hostileTraffic: 0.05
        case .humanError: 0.14
        case .siteLoss: 0.09
        case .hardwareFailure, .maintenance: 0
        }
    }

    /// Seconds until it is mended, as the scenarios of the same names in Datasets have them. Chosen, not measured.
    private var repairSeconds: Double {
        switch self {
        case .capacityOverload: 1200
        case .badDeploy, .humanError: 600
        case .networkTrouble: 1200
        case .dependencyStall: 330
        case .engineHalt: 60
        case .hostileTraffic: 900
        case .hardwareFailure: 1800
        case .maintenance: 3600
        case .siteLoss: 7200
        }
    }
}
