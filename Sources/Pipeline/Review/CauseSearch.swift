import Planning
import Tables
import Units

/// Holds what came in a window against each cause that data may tell of.
struct CauseSearch {
    /// The run, cut to the window.
    let cut: FinishedRun
    let actual: ObservedTrades
    let queues: [Review.QueueScore]
    let forecasts: [Review.ForecastScore]
    let unplanned: [(id: SeriesID, trades: Double)]
    let traffic: TrafficRatio

    /// So many times the requests for each trade are remarkable, and allow for hostile traffic. Chosen, not measured.
    private static let (trafficFits, trafficPossible) = (2.0, 1.3)
    /// New series with this share of all trades are remarkable. Chosen, not measured.
    private static let newShare = 0.05
    /// A chance of a break from which bursts are worth a look. Chosen, not measured.
    private static let burstChance = 0.05

    /// All causes, the best fit first and otherwise in their order; others fit where none that the tape tells of does.
    func candidates() -> [WindowReview.Candidate] {
        var found = [overload(), loss(), bursts(), demand(), newSeries(), requests(), silence()]
        let isExplained = found.contains { $0.fit == .fits }
        found.append(
            WindowReview.Candidate(
                cause: .elsewhere, fit: isExplained ? .unknown : .possible,
                evidence:
                    "A tape does not show software, configuration, network, dependencies or people: look at "
                    + "deployments, changes and alerts of \(cut.start?.description ?? "the window") and before.",
                at: nil))
        let order = WindowReview.Fit.allCases
        return found.enumerated().sorted {
            (order.firstIndex(of: $0.element.fit) ?? 0, $0.offset)
                < (order.firstIndex(of: $1.element.fit) ?? 0, $1.offset)
        }.map(\.element)
    }

    private var judged: [Review.QueueScore] { queues.filter { $0.steps > 0 } }

    private func overload() -> WindowReview.Candidate {
        let over = judged.filter { $0.stepsOverAllUp > 0 }
        guard let worst = over.max(by: { $0.factorNeeded < $1.factorNeeded }) else {
            let near = judged.max { $0.factorNeeded < $1.factorNeeded }
            return WindowReview.Candidate(
                cause: .overload, fit: judged.isEmpty ? .unknown : .unlikely,
                evidence: near.map {
                    "No queue had more work than it holds with all nodes up; \($0.name) came nearest, at "
                        + "\(NumberText.percent($0.factorNeeded)) of what it holds after a loss."
                } ?? "The tape does not cover the window.", at: near?.worstAt)
        }
        return WindowReview.Candidate(
            cause: .overload, fit: .fits,
            evidence:
                "\(names(over)) had more work than is held with all nodes up; the worst is \(worst.name), with "
                + "\(NumberText.figure(worst.worstWork)) busy cores of work.", at: worst.worstAt)
    }

    private func loss() -> WindowReview.Candidate {
        let over = judged.filter { $0.stepsOver > $0.stepsOverAllUp }
        guard let worst = over.max(by: { $0.factorNeeded < $1.factorNeeded }) else {
            return WindowReview.Candidate(
                cause: .loss, fit: judged.isEmpty ? .unknown : .unlikely,
                evidence:
                    "Whatever the plan survives, the loss of nodes or of a zone alone would have broken nothing "
                    + "that ran.", at: nil)
        }
        return WindowReview.Candidate(
            cause: .loss, fit: .possible,
            evidence:
                "\(names(over)) had more work than is held after the loss that is to be survived, and less than "
                + "with all nodes up: the loss of nodes, a zone or power breaks it.", at: worst.worstAt)
    }

    private func bursts() -> WindowReview.Candidate {
        let held = judged.filter { $0.stepsOver == 0 }
        let likeliest = held.max { $0.probabilityBroken < $1.probabilityBroken }
        guard let likeliest, likeliest.probabilityBroken >= CauseSearch.burstChance else {
            return WindowReview.Candidate(
                cause: .bursts, fit: judged.isEmpty ? .unknown : .unlikely,
                evidence:
                    "Where the load itself fits, bursts like those of the logs break an objective with a chance of "
                    + "\(NumberText.percent(likeliest?.probabilityBroken ?? 0)), during the failures to survive.",
                at: nil)
        }
        return WindowReview.Candidate(
            cause: .bursts, fit: PlanScore.isBroken(likeliest.probabilityBroken) ? .fits : .possible,
            evidence:
                "The load of \(likeliest.name) fits, and its bursts break the objective with a chance of "
                + "\(NumberText.percent(likeliest.probabilityBroken)), during the failures to survive.",
            at: likeliest.worstAt)
    }

    private func demand() -> WindowReview.Candidate {
        let known = forecasts.filter { $0.steps > 0 }
        let wild = known.filter { $0.missedQ999 > 0 }
        let high = known.filter { $0.missedQ99 > 0 }
        guard
            let worst = (wild.isEmpty ? high : wild).max(by: { $0.peak / $0.peakQ99 < $1.peak / $1.peakQ99 })
        else {
            return WindowReview.Candidate(
                cause: .demand, fit: known.isEmpty ? .unknown : .unlikely,
                evidence: "No symbol had more trades than its forecast's 99 %.", at: nil)
        }
        let count = wild.isEmpty ? high.count : wild.count
        return WindowReview.Candidate(
            cause: .demand, fit: wild.isEmpty ? .possible : .fits,
            evidence:
                "\(count) of \(known.count) symbols passed their forecast's \(wild.isEmpty ? "99" : "99.9") %, "
                + "\(worst.id.description) with \(NumberText.short(worst.peak)) trades in a step where 99 % is "
                + "\(NumberText.short(worst.peakQ99)).", at: worst.peakAt)
    }

    private func newSeries() -> WindowReview.Candidate {
        let all = cut.forecasts.reduce(0) { $0 + actual.trades(of: $1.id).values.reduce(0, +) }
        let new = unplanned.reduce(0) { $0 + $1.trades }
        guard let first = unplanned.max(by: { $0.trades < $1.trades }) else {
            return WindowReview.Candidate(
                cause: .newSeries, fit: .unlikely, evidence: "Every series that traded was planned for.",
                at: nil)
        }
        let share = new / (all + new)
        return WindowReview.Candidate(
            cause: .newSeries, fit: share >= CauseSearch.newShare ? .fits : .possible,
            evidence:
                "\(unplanned.count) series were not planned for and had \(NumberText.percent(share)) of all trades, "
                + "\(first.id.description) most.", at: nil)
    }

    private func requests() -> WindowReview.Candidate {
        guard let ratio = traffic.ratio else {
            return WindowReview.Candidate(
                cause: .traffic, fit: .unknown,
                evidence:
                    "The tape has no requests of the window and the week before it: ingest access logs to tell.",
                at: nil)
        }
        let fit: WindowReview.Fit =
            ratio >= CauseSearch.trafficFits
            ? .fits : ratio >= CauseSearch.trafficPossible ? .possible : .unlikely
        return WindowReview.Candidate(
            cause: .traffic, fit: fit,
            evidence:
                "\(NumberText.figure(ratio)) times as many requests came with each trade as in the week before.",
            at: nil)
    }

    private func silence() -> WindowReview.Candidate {
        var low = (steps: 0, of: 0)
        for forecast in cut.forecasts {
            let floor = forecast.quantiles[FinishedRun.lowest] ?? []
            for (step, start) in forecast.starts.enumerated() where step < floor.count {
                guard let came = actual.trades(forecast.id, start) else { continue }
                low.of += 1
                if came < floor[step] { low.steps += 1 }
            }
        }
        let uncovered = forecasts.map(\.stepsWithoutData).max() ?? 0
        guard low.steps > 0 || uncovered > 0 else {
            return WindowReview.Candidate(
                cause: .silence, fit: .unlikely,
                evidence: "No symbol had fewer trades than its forecast's 2.5 %, and no step is missing.",
                at: nil)
        }
        // A fortieth of steps lies below by chance.
        let isMuch = 2 * low.steps > low.of
        return WindowReview.Candidate(
            cause: .silence, fit: isMuch ? .fits : .possible,
            evidence:
                "\(low.steps) of \(low.of) hours of symbols have fewer trades than their forecast's 2.5 %"
                + (uncovered > 0 ? ", and \(uncovered) steps have no logs" : "")
                + ": nothing came through, or clients were gone.", at: nil)
    }

    private func names(_ queues: [Review.QueueScore]) -> String {
        let shown = queues.prefix(3).map(\.name).joined(separator: ", ")
        return queues.count > 3 ? "\(shown) and \(queues.count - 3) more" : shown
    }
}
