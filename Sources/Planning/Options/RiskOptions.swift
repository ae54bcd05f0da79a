import Units

/// What a plan's risks are priced with.
public struct RiskOptions: Sendable, Equatable {
    /// What a minute over an objective costs; nil where that is not told, so that no money is put at risk.
    public var minuteOver: Money?
    /// Failures of one node in a year.
    ///
    /// In a year 8 % of servers have a hardware failure (Vishwanath and Nagappan 2010, over 100,000 servers).
    public var nodeFailuresPerYear = 0.08
    /// From the failure of a node to its replacement, in seconds. Chosen, not measured.
    public var nodeRepairSeconds = 3600.0
    /// Whether a run tries the ten causes of outages on the plan (`risk_register.csv`), which takes ten what-ifs.
    public var hasRegister = false
    /// Rates and times of causes that are not the standard ones.
    public var causes: [RiskCause: Occurrence] = [:]

    public init() {}

    /// How often something happens, and for how long.
    public struct Occurrence: Sendable, Equatable {
        /// Times a year.
        public var perYear: Double
        /// Seconds until it is mended.
        public var repairSeconds: Double

        public init(perYear: Double, repairSeconds: Double) {
            self.perYear = perYear
            self.repairSeconds = repairSeconds
        }
    }
}

/// The ten causes of outages that the register has.
public enum RiskCause: String, Sendable, CaseIterable, Hashable {
    case capacityOverload = "capacity-overload"
    case badDeploy = "bad-deploy"
    case hardwareFailure = "hardware-failure"
    case networkTrouble = "network-trouble"
    case dependencyStall = "dependency-stall"
    case engineHalt = "engine-halt"
    case hostileTraffic = "hostile-traffic"
    case humanError = "human-error"
    case maintenance
    case siteLoss = "site-loss"
}
