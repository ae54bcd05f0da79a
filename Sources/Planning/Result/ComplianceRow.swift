/// A row of `compliance.csv`.
public struct ComplianceRow: Sendable, Equatable {
    /// What is asked for.
    public var rule: SupervisoryRule
    /// What the plan has; nil where there is no figure. `SupervisoryRule.unit` says of what.
    public var planned: Double?
    /// What is asked for at least (or at most, for a utilisation); nil where the text gives no figure.
    public var required: Double?
    /// Whether it is met.
    public var isMet: Compliance
    /// What stands behind the figures.
    public var basis: Basis

    /// A row from its parts.
    public init(rule: SupervisoryRule, planned: Double?, required: Double?, isMet: Compliance, basis: Basis) {
        self.rule = rule
        self.planned = planned
        self.required = required
        self.isMet = isMet
        self.basis = basis
    }

    /// What stands behind the figures of a rule.
    public struct Basis: Sendable, Equatable {
        /// Messages a second that enter in the busiest step, in the median over paths.
        public var projectedPeak: Double
        /// Messages a second at which the first tier reaches what it holds; nil where no tier has a load.
        public var capacity: Double?
        /// That tier.
        public var firstLimit: String?
        /// The highest load known from the past.
        public var history: PlanOptions.HistoricalPeak?

        public init(
            projectedPeak: Double, capacity: Double?, firstLimit: String?,
            history: PlanOptions.HistoricalPeak? = nil
        ) {
            self.projectedPeak = projectedPeak
            self.capacity = capacity
            self.firstLimit = firstLimit
            self.history = history
        }
    }
}

/// Whether a rule is met.
public enum Compliance: String, Sendable, CaseIterable, Codable {
    /// It is.
    case yes
    /// It is not.
    case no
    /// The text gives no figure, or a figure that it needs is missing.
    case notEvaluable = "not_evaluable"

    init(_ isMet: Bool?) { self = isMet.map { $0 ? .yes : .no } ?? .notEvaluable }
}

/// A rule of a supervisor about capacity.
public enum SupervisoryRule: Sendable, CaseIterable {
    /// Installed capacity over the projected peak.
    case securitiesBoardOfIndiaPeak
    /// Utilisation at which capacity is extended.
    case securitiesBoardOfIndiaUtilisation
    /// Capacity over the peak of five years.
    case tradingVenueStandard
    /// Capacity planning of market participants.
    case systemsIntegrity
    /// Trading platforms of crypto assets.
    case cryptoAssets
    /// Digital operational resilience.
    case operationalResilience

    /// A short name.
    public var name: String {
        switch self {
        case .securitiesBoardOfIndiaPeak: "SEBI 1.5x projected peak"
        case .securitiesBoardOfIndiaUtilisation: "SEBI 75 % utilisation"
        case .tradingVenueStandard: "MiFID II RTS 7 2x five-year peak"
        case .systemsIntegrity: "Reg SCI capacity planning"
        case .cryptoAssets: "MiCA trading platform capacity"
        case .operationalResilience: "DORA ICT capacity"
        }
    }

    /// Where it is law.
    public var jurisdiction: String {
        switch self {
        case .securitiesBoardOfIndiaPeak, .securitiesBoardOfIndiaUtilisation: "India"
        case .tradingVenueStandard, .cryptoAssets, .operationalResilience: "European Union"
        case .systemsIntegrity: "United States"
        }
    }

    /// The text it is taken from.
    public var source: String {
        switch self {
        case .securitiesBoardOfIndiaPeak, .securitiesBoardOfIndiaUtilisation: "SEBI CIR/MRD/DP/17/2015"
        case .tradingVenueStandard: "Delegated Regulation (EU) 2017/584, Article 11"
        case .systemsIntegrity: "17 CFR 242.1001(a)(2)"
        case .cryptoAssets: "Regulation (EU) 2023/1114, Article 76(7)"
        case .operationalResilience: "Regulation (EU) 2022/2554, Article 7(c)"
        }
    }

    /// The unit of what is planned and required.
    public var unit: String {
        self == .securitiesBoardOfIndiaUtilisation ? "share_of_capacity" : "messages_per_second"
    }
}
