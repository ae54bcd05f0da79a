/// Searches to which share of the demand it has to be shed, once the events are over, for the backlog to clear.
///
/// The shares that are tried are steps of 5 % of the demand; the largest with which the backlog clears, while it is
/// watched, in 95 % of the histories is the answer. Less demand never waits longer on the same histories, so halving
/// the steps that are left finds it.
struct ShedSearch {
    private let scenario: Scenario
    private let input: WhatIfInput
    private let options: WhatIfOptions
    private let bursts: BurstPaths

    /// Demand is shed in so many steps. Chosen, not measured: rate limits are not set finer.
    private static let steps = 20
    /// More histories do not move a step of 5 %.
    private static let replicationsMax = 16

    init(_ scenario: Scenario, _ input: WhatIfInput, _ options: WhatIfOptions, bursts: BurstPaths) {
        self.scenario = scenario
        self.input = input
        self.bursts = bursts
        var few = options
        few.replications = min(options.replications, ShedSearch.replicationsMax)
        self.options = few
    }

    /// The share; 0 where no step does it.
    func shareThatClears() throws(WhatIfError) -> Double {
        var (clears, fails) = (0, ShedSearch.steps)
        while fails - clears > 1 {
            let middle = (clears + fails) / 2
            if try isCleared(share: Double(middle) / Double(ShedSearch.steps)) {
                clears = middle
            } else {
                fails = middle
            }
        }
        return Double(clears) / Double(ShedSearch.steps)
    }

    private func isCleared(share: Double) throws(WhatIfError) -> Bool {
        let rest = min(max(1, options.settleSeconds), EventKey.longestSeconds)
        let shed = Disturbance(
            Shed(share: share, course: Course(startSeconds: scenario.endSeconds, holdSeconds: rest)))
        var shedding = scenario
        shedding.events.append(shed)
        // The time that is watched stays the same: the shedding fills it.
        var watched = options
        watched.settleSeconds = 0
        let trial = try Trial(shedding, input, watched, sharing: bursts)
        let runs = trial.run()
        return Double(runs.count { $0.drainSeconds != nil })
            >= VerdictBuilder.shareToHold * Double(runs.count)
    }
}

/// Demand that is turned away before it enters, by the same share of every class and symbol.
private struct Shed: DemandDisturbing {
    static let name = "shed"
    static let meaning = "A share of the demand is admitted."

    let share: Double
    let course: Course

    init(share: Double, course: Course) {
        self.share = share
        self.course = course
    }

    init(_ keys: inout KeyReader) {
        share = keys.number("share", in: "share", 0.001...1, "Share of the demand that is admitted.")
        course = keys.pulse(for: "10m")
    }

    func act(onDemandOf input: WhatIfInput) -> DemandAct? {
        .multiplyingTrades(by: input.symbols.map { _ in share })
    }
}
