import Planning

extension LadderRow.Rung {
    /// What is asked, in a few words.
    public var sentencePart: String {
        switch self {
        case .medianPeak: "peak hour, median path"
        case .peak99: "peak hour, 99 % of paths"
        case .allowedPeak: "peak hour, allowed share"
        case .objective: "latency objective"
        case .losses: "failures to survive"
        case .hold: "surges to hold"
        case .schedule: "warm-up and minimum time"
        }
    }
}
