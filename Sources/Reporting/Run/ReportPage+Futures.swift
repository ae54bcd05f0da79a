import Planning
import Tables
import Units

extension RunReport {
    /// The nodes of each tier's busiest hour, what binds there, and what comes next.
    func busiestHours() -> Markup {
        let rows = plan.tiers.compactMap { tier -> [String]? in
            let steps = plan.hourLadder.filter { $0.tier == tier.tier }
            guard let first = steps.first else { return nil }
            let hour = steps.reduce(first) { $1.workQ99 > $0.workQ99 ? $1 : $0 }
            func nodes(_ count: Int?) -> String { count.map { String($0) } ?? "–" }
            let queues = tightest(tier.tier, at: hour.start)
            return [
                tier.tier, hour.start.description, nodes(hour.nodesQ50), nodes(hour.nodesQ99),
                nodes(hour.nodesObjective), nodes(hour.nodesLosses), String(hour.nodesRunning),
                hour.constraint.description,
                hour.bindingResource.description + (queues.first.map { " (\($0))" } ?? ""),
                queues.count > 1 ? queues[1] : "–",
            ]
        }
        let table = Page.table(
            [
                "tier", "busiest hour", "median work", "99 % of paths", "objective", "losses", "running",
                "set by", "binding", "next",
            ], numeric: [2, 3, 4, 5, 6], rows)
        return "<h3>Nodes in the busiest hour of each tier</h3>\(table)"
    }

    /// The queues of a tier, then of all others, in a step by the share of what they hold that their load is: the tightest of
    /// the tier, and the next in it, or else of the exchange.
    private func tightest(_ tier: String, at start: Timestamp) -> [String] {
        let queues = plan.capacity.filter { $0.start == start }.map { row in
            (
                isOwn: row.tier == tier, name: row.shard ?? row.tier,
                share: row.heldAfterLoss > 0
                    ? row.workQ99 / row.heldAfterLoss : row.workQ99 > 0 ? .infinity : 0
            )
        }.sorted { ($1.share, $0.name) < ($0.share, $1.name) }
        let own = queues.filter(\.isOwn)
        let next = own.count > 1 ? own.dropFirst().first : queues.first { !$0.isOwn }
        return [own.first, next].compactMap { $0 }.map { "\($0.name) \(NumberText.percent($0.share))" }
    }

    /// What may go otherwise than was planned for.
    func futuresSection() -> Markup {
        "\(regretTable())\(marginTable())<h3>Alerts</h3>\(thresholdTable())\(registerTable())"
    }

    private func money(_ amount: Money?) -> String { amount?.description ?? "–" }

    private func regretTable() -> Markup {
        guard !regret.isEmpty else {
            return "<p>Other futures were not tried; <code>plan.futures</code> does it.</p>"
        }
        let rows = RegretRow.Cause.allCases.flatMap { cause in
            regret.filter { $0.future.cause == cause }.map { row in
                [
                    row.future.name, NumberText.percent(row.probabilityBroken), row.firstTier ?? "–",
                    row.cost.description, money(row.ownCost), money(row.regret),
                ]
            }
        }
        let table = Page.table(
            ["future", "chance of a break", "first tier", "cost USD", "plan for it USD", "regret USD"],
            numeric: [1, 3, 4, 5], rows)
        return """
            <p>The plan in futures that it was not made for, beside the plan that is made for each. Regret is what it costs \
            more, or 1.25 times what it costs less.</p>\(table)
            """
    }

    private func marginTable() -> Markup {
        guard !margins.isEmpty else { return "" }
        let table = Page.table(
            [
                "tier", "demand at most ×", "service time at most ×", "spare nodes", "smallest safe",
                "chance that more are down",
            ], numeric: [1, 2, 3, 4, 5],
            margins.map { row in
                [
                    row.tier, row.loadFactor.map { NumberText.figure($0) } ?? "–",
                    row.serviceFactor.map { NumberText.figure($0) } ?? "–", String(row.spareNodes),
                    String(row.smallestSafeSpares), NumberText.percent(row.probabilityMoreDown),
                ]
            })
        return "<h3>Margins of each tier</h3>\(table)"
    }

    private func thresholdTable() -> Markup {
        Page.table(
            ["queue", "alert at", "lead", "from", "surge breaks at", "past breaks", "false alarms a week"],
            numeric: [1, 2, 4, 5, 6],
            thresholds.map { row in
                [
                    row.shard ?? row.tier, NumberText.percent(row.level),
                    row.leadSeconds.map { NumberText.time(seconds: $0) } ?? "–",
                    row.leadSource?.rawValue ?? "–",
                    row.surgeBreaksAt.map { "\(NumberText.figure($0)) x" } ?? "–",
                    String(row.breaks), NumberText.figure(row.falseAlarmsPerWeek),
                ]
            }, limit: 60)
    }

    private func registerTable() -> Markup {
        guard !register.isEmpty else { return "" }
        let table = Page.table(
            [
                "cause", "a year", "minutes over each", "minutes over a year", "USD a year", "first tier",
                "mitigation", "USD a month", "saves USD a year",
            ], numeric: [1, 2, 3, 4, 7, 8],
            register.map { row in
                [
                    row.cause.rawValue, NumberText.figure(row.occurrence.perYear),
                    row.minutesEach.map { NumberText.figure($0) } ?? "–",
                    row.minutesPerYear.map { NumberText.figure($0) } ?? "–", money(row.moneyPerYear),
                    row.firstTier ?? "none", row.mitigation ?? "none needed", money(row.mitigationPerMonth),
                    money(row.savingPerYear),
                ]
            })
        return "<h3>Risk register</h3>\(table)"
    }
}
