import Exchange

/// One queue while the seconds go by.
///
/// What waits is mixed: in each second the same share of every class and group is served. Waits are those of first come,
/// first served, from the work that is ahead.
struct QueueState {
    /// What one second did.
    struct Second {
        var utilisation = 0.0
        /// Messages that wait at its end.
        var backlog = 0.0
        /// Messages that came, those sent again included.
        var offered = 0.0
        /// Messages that came for the first time.
        var fresh = 0.0
        /// Messages that were refused or given up, and will not be sent again.
        var rejected = 0.0
        /// The share of those that came that was late or given up.
        var shareLate = 0.0
        /// How long the messages of the second wait for work that is ahead, in seconds, beside the waits of its own.
        var wait = 0.0
        /// The load of which the second's own waits are those.
        var load = 0.0
        /// Whether what waits at its end takes longer than the objective.
        var isLate = false
    }

    let spec: QueueSpec
    /// Messages that wait, by group and class.
    private var waiting: [SIMD4<Double>]
    private var workWaiting = 0.0
    private var window: RollingWindow
    /// Messages offered in the last seconds, as many as a client waits.
    private var patience: RollingSum
    private var retries: RetryPool

    init(_ spec: QueueSpec, options: WhatIfOptions) {
        self.spec = spec
        waiting = [SIMD4<Double>](repeating: .zero, count: max(1, spec.groups.count))
        window = RollingWindow(allowed: 1 - spec.objective.quantile)
        retries = RetryPool(spec.rules, groups: max(1, spec.groups.count))
        patience = RollingSum(
            length: max(1, Int(saturating: min(max(0, options.timeoutSeconds), 86_400).rounded(.up))))
    }

    /// Whether the last five minutes break the objective.
    var isBroken: Bool { window.isBroken }

    /// Serves for a second. `messages` come in by group, and are replaced by those that leave.
    mutating func serve(
        _ messages: inout [SIMD4<Double>], ability: Conditions.Ability, table: LatencyTable
    ) -> Second {
        var second = Second()
        let fresh = messages
        second.fresh = count(fresh)
        retries.addReturning(to: &messages)
        let arrived = messages
        second.offered = count(arrived)
        let work = work(of: arrived)
        let before = workWaiting
        let shares = served(waiting: before + work, arrived, ability)
        var held = 0.0
        for group in waiting.indices {
            let all = waiting[group] + messages[group]
            messages[group] = all * shares
            waiting[group] = all - messages[group]
            held += spec.count(waiting[group])
        }
        var refused = arrived.map { _ in SIMD4<Double>.zero }
        // Who has waited too long gives up: no more can wait than came in that time. And none where there is no room.
        let limit = spec.rules.limitPerServer.map { Double($0) * Double(max(1, ability.servers)) }
        let room = min(patience.add(second.offered), limit ?? .infinity)
        if held > room {
            for group in waiting.indices {
                refused[group] = waiting[group] * (1 - room / held)
                waiting[group] -= refused[group]
            }
            held = room
        }
        workWaiting = self.work(of: waiting)
        second.backlog = held
        judge(
            &second, ability: ability, table: table, before: before, work: work,
            failures: Failures(fresh: fresh, arrived: arrived, refused: refused))
        return second
    }

    /// What came in a second, and what of it and of those who waited was refused.
    private struct Failures {
        var fresh: [SIMD4<Double>]
        var arrived: [SIMD4<Double>]
        var refused: [SIMD4<Double>]
    }

    /// The share of each class's messages that leave in a second.
    private func served(
        waiting work: Double, _ arrived: [SIMD4<Double>], _ ability: Conditions.Ability
    ) -> SIMD4<Double> {
        func share(_ work: Double, _ capacity: Double) -> Double {
            work > capacity ? capacity / work : capacity > 0 ? 1 : 0
        }
        guard spec.rules.cancelsFirst else { return SIMD4(repeating: share(work, ability.capacity)) }
        let cancel = DemandClass.cancel.position
        let first =
            waiting.indices.reduce(0) { $0 + (waiting[$1][cancel] + arrived[$1][cancel]) }
            * spec.work[cancel]
        var shares = SIMD4(repeating: share(work - first, max(0, ability.capacity - first)))
        shares[cancel] = share(first, ability.capacity)
        return shares
    }

    private mutating func judge(
        _ second: inout Second, ability: Conditions.Ability, table: LatencyTable, before: Double,
        work: Double,
        failures: Failures
    ) {
        let speed = ability.capacity > 0 ? ability.capacity : spec.capacity / Double(ability.stretch)
        let pause = Double(ability.pause)
        let limit = spec.objective.latencySeconds
        if speed > 0 {
            second.load = work / speed
            second.utilisation = second.load
            second.wait = pause + (before + workWaiting) / 2 / speed
            second.isLate = second.backlog > 0 && pause + workWaiting / speed > limit
        } else {
            second.utilisation = work > 0 ? 1 : 0
            second.wait = pause
            second.isLate = second.backlog > 0
        }
        func shareLonger(than seconds: Double) -> Double {
            let left = (seconds - second.wait) / Double(ability.stretch)
            return left <= 0 ? 1 : table.shareOver(left, load: second.load)
        }
        let doomed = spec.rules.timeoutSeconds.map(shareLonger) ?? 0
        // Bursts within the second fill a queue too, where no backlog has filled it already.
        let isEmpty = before <= 0 && second.backlog <= 0
        let refused = isEmpty ? spec.waitOfFullQueue.map(shareLonger) ?? 0 : 0
        let shares = failures.arrived.indices.map { group in
            failureShares(failures, group: group, refused: refused, doomed: doomed)
        }
        let lost = retries.takeFailed(fresh: failures.fresh, shares: shares)
        second.rejected = count(lost)
        let failed = failures.arrived.indices.reduce(0) { $0 + spec.count(failures.arrived[$1] * shares[$1]) }
        if second.offered > 0 {
            second.shareLate = min(1, max(shareLonger(than: limit), failed / second.offered))
        }
        window.add(offered: second.fresh, late: second.shareLate * second.fresh)
    }

    /// The share of a group's messages that were refused, in this second or in bursts within it, or will be given up.
    private func failureShares(
        _ failures: Failures, group: Int, refused: Double, doomed: Double
    ) -> SIMD4<Double> {
        let came = failures.arrived[group]
        var share = (failures.refused[group] / came).replacing(with: 0, where: came .<= 0)
        share.replace(with: 1, where: share .> 1)
        share.replace(with: SIMD4(repeating: refused), where: share .< refused)
        return 1 - (1 - share) * (1 - doomed)
    }

    private func count(_ messages: [SIMD4<Double>]) -> Double {
        messages.reduce(0) { $0 + spec.count($1) }
    }

    private func work(of messages: [SIMD4<Double>]) -> Double {
        messages.reduce(0) { $0 + ($1 * spec.work).sum() }
    }
}

extension QueueSpec {
    /// Messages that cost the queue something.
    func count(_ messages: SIMD4<Double>) -> Double {
        messages.replacing(with: 0, where: work .<= 0).sum()
    }
}
