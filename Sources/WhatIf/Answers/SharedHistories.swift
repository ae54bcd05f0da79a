/// What the cells of a sweep share: one set of histories, drawn once, their course without the events, the queues after the
/// warm-up, in which nothing happens yet, and the latency tables (`WhatIfOptions.tables`).
///
/// All cells are watched until the same second, so that what happens late in a history counts in all of them.
struct SharedHistories {
    let options: WhatIfOptions
    /// Until when every cell is watched, in seconds from the start.
    let totalSeconds: Double
    private let bursts: BurstPaths
    /// The histories without the events, by the nodes of the tiers.
    private var calm: [[Int]: [Replication]] = [:]
    /// The queues of each history after the warm-up, likewise.
    private var starts: [[Int]: [QueueNetwork]] = [:]

    /// Of more histories the warm-up is gone through anew, rather than kept: a history's queues take some 50 kB.
    private static let historiesKept = 64

    /// Histories for scenarios that end at the latest at a second.
    init(_ base: Variation, _ options: WhatIfOptions, endSeconds: Double) throws(WhatIfError) {
        totalSeconds = endSeconds.rounded(.up) + min(max(0, options.settleSeconds), 86_400).rounded(.up)
        self.options = options
        // Groups of symbols, and the undisturbed demand for which histories are drawn.
        let calm = try Conditions(
            Scenario(name: base.scenario.name, events: []), base.input, options, withEvents: false)
        bursts = BurstPaths(
            base.input, flow: calm.flow, demand: calm.demand,
            count: Conditions.warmUpSeconds + Int(saturating: totalSeconds) + 2, options: options)
    }

    /// Whether a scenario is over early enough.
    func covers(_ scenario: Scenario) -> Bool {
        scenario.endSeconds + options.settleSeconds <= totalSeconds + 1
    }

    /// The options with which a scenario is watched until the common end. The half second keeps rounding off the whole one.
    private func options(_ scenario: Scenario) -> WhatIfOptions {
        var changed = options
        changed.settleSeconds = max(0, totalSeconds - scenario.endSeconds + 0.5)
        return changed
    }

    /// Simulates an exchange without the events, where that is not known.
    mutating func know(_ input: WhatIfInput, of scenario: Scenario) throws(WhatIfError) {
        let nodes = input.topology.tiers.map(\.nodes)
        guard calm[nodes] == nil else { return }
        let trial = try Trial(scenario, input, options(scenario), sharing: bursts).undisturbed()
        if options.replications <= SharedHistories.historiesKept { starts[nodes] = trial.warmedUp() }
        calm[nodes] = trial.run()
    }

    /// The histories of an exchange without the events; `know` has to have been asked before.
    func calm(_ input: WhatIfInput) -> [Replication] { calm[input.topology.tiers.map(\.nodes)] ?? [] }

    /// A variation's verdict, without a timeline and latencies.
    func verdict(_ variation: Variation, threads: Int) throws(WhatIfError) -> Verdict {
        try builder(variation, threads: threads).verdict(besides: calm(variation.input))
    }

    /// An exchange without the events.
    func baseline(_ variation: Variation) throws(WhatIfError) -> Verdict.Baseline {
        let trial = try trial(variation, threads: options.threads)
        return VerdictBuilder(
            scenario: variation.scenario, conditions: trial.conditions, runs: calm(variation.input)
        ).baseline()
    }

    /// A variation's histories, ready to be summed up.
    func builder(_ variation: Variation, threads: Int) throws(WhatIfError) -> VerdictBuilder {
        let trial = try trial(variation, threads: threads)
        return VerdictBuilder(
            scenario: variation.scenario, conditions: trial.conditions,
            runs: trial.run(besides: calm(variation.input)))
    }

    /// Whether a variation holds.
    func isHeld(_ variation: Variation) throws(WhatIfError) -> Bool {
        try trial(variation, threads: options.threads).isHeld(besides: calm(variation.input))
    }

    private func trial(_ variation: Variation, threads: Int) throws(WhatIfError) -> Trial {
        var options = options(variation.scenario)
        options.threads = threads
        return try Trial(
            variation.scenario, variation.input, options, sharing: bursts,
            starts: starts[variation.input.topology.tiers.map(\.nodes)])
    }
}
