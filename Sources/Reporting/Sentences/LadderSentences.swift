import Planning

extension LadderRow.Rung {
    /// What is asked, in a few words.
    public var sentencePart: String {
        switch self {
        case .medianPeak: "the busiest hour, median path"
        case .peak99: "the busiest hour, all but 1 % of paths"
        case .allowedPeak: "the busiest hour, all but the allowed share"
        case .objective: "and keep the latency objective"
        case .losses: "and survive what may be lost"
        case .schedule: "and warm up, and stay for the minimum time"
        }
    }
}
