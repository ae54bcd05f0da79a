import Planning
import Replay
import Reporting
import WhatIf

extension WeeklyRun {
    /// The most symbols for which futures are tried unasked: each future is a plan of its own. 200 symbols take 16 s on two
    /// cores without them, 36 s with.
    private static let futureSymbolsMax = 100

    /// Adds what may go wrong with the plan: other futures, margins, alerts, and the ten causes of outages.
    func addRisks(
        to report: inout RunReport, _ built: DemandBuilder.Result, _ capacity: SimulatedCapacity
    ) throws {
        report.thresholds = ThresholdSearch(
            plan: report.plan, histories: built.histories, asOf: built.asOf,
            stepSeconds: built.demand.stepSeconds
        ).rows()
        if plan.options.triesFutures ?? (built.demand.symbols.count <= Self.futureSymbolsMax) {
            let planner = try planner(built)
            report.regret = try planner.regret(
                of: report.plan, demand: built.demand, topology: plan.topology, catalogue: plan.catalogue,
                capacity: capacity)
            report.margins = try planner.margins(
                of: report.plan, demand: built.demand, topology: plan.topology, catalogue: plan.catalogue,
                capacity: capacity)
        }
        if plan.options.risk.hasRegister {
            report.register = try RiskRegister(
                plan: report.plan, topology: plan.topology,
                input: WhatIfInput.planned(report.plan, demand: built.demand, plan: plan),
                options: plan.whatIfOptions(threads: threads)
            ).rows()
        }
    }
}
