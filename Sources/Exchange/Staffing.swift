import Units

/// People who answer contacts: how long clients wait for them, and what they cost.
public struct Staffing: Sendable, Equatable {
    /// The mean time after which a client who waits hangs up, exponential; nil: nobody does.
    public var patienceSeconds: Double?
    /// The share of paid time in which somebody does not answer: breaks, training, illness.
    public var shrinkage: Double
    /// The shortest shift, in seconds.
    public var shiftSeconds: Double
    /// From the call to the first answer of somebody who is called in, in seconds.
    public var callInSeconds: Double
    /// Pay of an hour of those who are called in.
    public var perHour: Money
    /// Pay of an hour of those with a permanent contract, who are there in every hour.
    public var permanentPerHour: Money
    /// Contacts on top for each minute in which some objective of another tier is broken.
    public var contactsPerAffectedMinute: Double

    public init(
        patienceSeconds: Double? = nil, shrinkage: Double = 0, shiftSeconds: Double = 28_800,
        callInSeconds: Double = 0, perHour: Money = .zero, permanentPerHour: Money? = nil,
        contactsPerAffectedMinute: Double = 0
    ) {
        self.patienceSeconds = patienceSeconds
        self.shrinkage = shrinkage
        self.shiftSeconds = shiftSeconds
        self.callInSeconds = callInSeconds
        self.perHour = perHour
        self.permanentPerHour = permanentPerHour ?? perHour
        self.contactsPerAffectedMinute = contactsPerAffectedMinute
    }

    /// Of so many people those who answer at a time.
    public func answering(of people: Int) -> Int {
        Int(saturating: (Double(people) * (1 - shrinkage) + 1e-9).rounded(.down))
    }
}
