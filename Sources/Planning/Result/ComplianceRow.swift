/// A row of `compliance.csv`.
public struct ComplianceRow: Sendable, Equatable {
    /// A short name, as `SEBI 1.5x`.
    public var rule: String
    /// Where it is law.
    public var jurisdiction: String
    /// The text it is taken from.
    public var source: String
    /// What it asks for, in a sentence.
    public var requirement: String
    /// What the plan has; nil where there is no figure. `unit` says of what.
    public var planned: Double?
    /// What is asked for at least (or at most, as `requirement` says); nil likewise.
    public var required: Double?
    /// The unit of both figures.
    public var unit: String
    /// Whether it is met.
    public var isMet: Compliance
    /// What stands behind the figures, and the advice to verify with counsel.
    public var note: String

    /// A row from its parts.
    public init(
        rule: String, jurisdiction: String, source: String, requirement: String, planned: Double?,
        required: Double?, unit: String, isMet: Compliance, note: String
    ) {
        self.rule = rule
        self.jurisdiction = jurisdiction
        self.source = source
        self.requirement = requirement
        self.planned = planned
        self.required = required
        self.unit = unit
        self.isMet = isMet
        self.note = note
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
}
