import Foundation
import Planning
import Tables
import Units

extension PlanBacktestReport {
    /// So many broken plans or more, with less than this chance, are more than was promised. (The upper end of a central
    /// 95 % interval.)
    private static let surpriseChance = 0.025
    /// Plans are too few to tell if all would hold with more than this chance although they break `worseFactor` times as
    /// often as promised. (Both chosen, not measured.)
    private static let missedChance = 0.05
    private static let worseFactor = 10.0

    /// What came of the promises, in a sentence without a full stop.
    ///
    /// `of the last 52 plans, 51 would have held (99 % promised); …`. Plans
    /// that said that they do not hold have promised nothing and are told apart.
    public var sentence: String {
        if let budget, !weeks.isEmpty {
            return ([budgetPart(budget)] + [costPart].compactMap { $0 }).joined(separator: "; ")
        }
        let promised = weeks.filter(\.saidHolds)
        var parts = [PlanBacktestReport.held(promised, of: weeks, allowed: allowed)]
        if !promised.isEmpty, promised.count < weeks.count {
            parts.append("\(weeks.count - promised.count) more said that they would not hold")
        }
        if let part = costPart { parts.append(part) }
        if let part = trustPart(promised) { parts.append(part) }
        return parts.joined(separator: "; ")
    }

    /// What came of an error budget in mean over the weeks, beside what was said and is allowed.
    private func budgetPart(_ budget: ErrorBudget) -> String {
        let known = weeks.compactMap(\.budget)
        func mean(_ misses: (PlannedWeek.Budget) -> PlanMisses) -> Double {
            known.reduce(0) { $0 + misses($1).counted(by: budget) } / Double(max(1, known.count))
        }
        let plans = weeks.count == 1 ? "the last plan" : "each of the last \(weeks.count) plans, in mean,"
        let (came, said) = (mean(\.came), mean(\.said))
        let text = "\(plans) would have had \(budget.amount(came)); it expected \(budget.amount(said))"
        guard let allowed = known.first?.allowed else { return text }
        return text + ", and the error budget allows \(budget.amount(allowed))"
            + (came > allowed ? ": more came than is allowed" : "")
    }

    private static func held(_ promised: [PlannedWeek], of weeks: [PlannedWeek], allowed: Double) -> String {
        let share = "(\(NumberText.figure((1 - allowed) * 100, digits: 6)) % promised)"
        let held = promised.count { !$0.broke }
        switch (promised.count, weeks.count) {
        case (_, 0): return "no past week could be planned again"
        case (0, 1): return "the last plan said that it would not hold"
        case (0, _): return "none of the last \(weeks.count) plans said that it would hold"
        case (1, 1): return "the last plan would \(held == 1 ? "" : "not ")have held \(share)"
        case (let some, let all) where some < all:
            return
                "of the \(some) of the last \(all) plans that said they hold, \(held) would have held \(share)"
        default: return "of the last \(promised.count) plans, \(held) would have held \(share)"
        }
    }

    /// What the plans cost beside the cheapest simple rule that breaks no more weeks; nil where none was tried.
    private var costPart: String? {
        let simple = rules.filter(\.isSimple)
        guard !simple.isEmpty, !weeks.isEmpty else { return nil }
        let broken = weeks.count(where: \.broke)
        let equal = simple.filter { $0.weeksBroken <= broken && $0.cost > .zero }
        guard let best = equal.map(\.cost).min() else { return "no simple rule broke as few weeks" }
        let cost = weeks.reduce(Money.zero) { $0 + $1.cost }
        let ratio = NumberText.figure(cost.dollars / best.dollars, digits: 2)
        return ratio == "1"
            ? "they cost as much as the cheapest simple rule that broke no more weeks"
            : "they cost \(ratio) times as much as the cheapest simple rule that broke no more weeks"
    }

    /// How far the share of broken plans can be believed; nil where there is nothing to say.
    private func trustPart(_ promised: [PlannedWeek]) -> String? {
        guard !promised.isEmpty else { return nil }
        let broken = promised.count(where: \.broke)
        let chance = PlanBacktestReport.chance(ofAtLeast: broken, of: promised.count, each: allowed)
        if chance < PlanBacktestReport.surpriseChance { return "more broke than promised" }
        let worse = min(0.5, PlanBacktestReport.worseFactor * allowed)
        return pow(1 - worse, Double(promised.count)) > PlanBacktestReport.missedChance
            ? "too few to tell" : nil
    }

    /// The chance that at least so many of independent events happen (binomial).
    static func chance(ofAtLeast count: Int, of all: Int, each p: Double) -> Double {
        guard count > 0 else { return 1 }
        guard p > 0 else { return 0 }
        guard p < 1 else { return 1 }
        var term = pow(1 - p, Double(all))
        var below = 0.0
        for index in 0..<min(count, all + 1) {
            below += term
            term *= Double(all - index) / Double(index + 1) * p / (1 - p)
        }
        return max(0, 1 - below)
    }
}
