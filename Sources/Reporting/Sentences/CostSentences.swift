import Planning

extension MonthlyCost {
    /// The plan and today's nodes in a month, like for like.
    public var sentence: String {
        "the plan \(planned.description) USD; today's nodes \(todayComparable.description) USD bought like the plan's, "
            + "\(today.description) USD on demand"
    }
}
