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
    /// The longest that a client waits here: then it is gone, whatever becomes of its message.
    let patienceSeconds: Double
    private let waitOfFullQueue: Double?
    /// Messages that wait, by group and class.
    private var waiting: [SIMD4<Double>]
    private var workWaiting = 0.0
    private var window: RollingWindow
    /// Messages offered in the last seconds, as many as a client waits.
    private var patience: RollingSum
    private var retries: RetryPool
    /// Of the second: what came for the first time, what came in all, and what of it and of those who waited was refused.
    private var fresh: [SIMD4<Double>]
    private var arrived: [SIMD4<Double>]
    private var refused: [SIMD4<Double>]
    /// Of a supplier that counts in windows longer than a second: the work that it still lets in, and the window's seconds that
    /// are left.
    private var letIn = (work: 0.0, seconds: 0)
    /// The place in the latency tables of the time that was last looked up.
    private var lastLookUp = (seconds: Double.nan, place: 0.0)

    init(_ spec: QueueSpec, options: WhatIfOptions) {
        self.spec = spec
        patienceSeconds =
            spec.law == .staff
            ? QueueState.longestSeconds
            : min(max(0, options.timeoutSeconds), spec.rules.timeoutSeconds ?? .infinity)
        waitOfFullQueue = spec.waitOfFullQueue
        waiting = [SIMD4<Double>](repeating: .zero, count: max(1, spec.groups.count))
        (fresh, arrived, refused) = (waiting, waiting, waiting)
        window = RollingWindow(allowed: 1 - spec.objective.quantile)
        retries = RetryPool(spec.rules, groups: max(1, spec.groups.count))
        patience = RollingSum(
            length: max(1, Int(saturating: min(max(0, options.timeoutSeconds), 86_400).rounded(.up))))
    }

    /// Nobody waits longer than a day.
    private static let longestSeconds = 86_400.0

    /// Whether the last five minutes break the objective.
    var isBroken: Bool { window.isBroken }

    /// Serves for a second. `messages` come in by group, and are replaced by those that leave.
    mutating func serve(
        _ messages: inout [SIMD4<Double>], ability: Conditions.Ability, table: LatencyTable
    ) -> Second {
        var second = Second()
        let ability = spec.windowSeconds > 1 ? counted(ability) : ability
        second.fresh = count(messages)
        second.offered = second.fresh
        if !retries.isEmpty {
            for group in messages.indices { fresh[group] = messages[group] }
            retries.addReturning(to: &messages)
            second.offered = count(messages)
        }
        for group in messages.indices { arrived[group] = messages[group] }
        let work = work(of: messages)
        let before = workWaiting
        let held = pass(&messages, shares: served(waiting: before + work, ability))
        if spec.windowSeconds > 1 { letIn.work -= min(letIn.work, before + work) }
        let room = room(held: held, offered: second.offered, ability)
        second.backlog = min(held, room)
        let hasRefused = held > room
        if hasRefused {
            for group in waiting.indices {
                refused[group] = waiting[group] * (1 - room / held)
                waiting[group] -= refused[group]
            }
        }
        workWaiting = held > 0 ? self.work(of: waiting) : 0
        judge(&second, ability: ability, table: table, before: before, work: work, hasRefused: hasRefused)
        return second
    }

    /// The most that goes on waiting. Who has waited too long gives up: no more can wait than came in that time. And none where
    /// there is no room, as at a supplier's. Of those who wait for people some hang up in every second.
    private mutating func room(held: Double, offered: Double, _ ability: Conditions.Ability) -> Double {
        switch spec.law {
        case .quota: return 0
        case .staff: return held * (1 - spec.hangsUp)
        case .queue:
            let limit = spec.rules.limitPerServer.map { Double($0) * Double(max(1, ability.servers)) }
            return max(0, min(patience.add(offered), limit ?? .infinity))
        }
    }

    /// What a supplier that counts in windows still lets in.
    private mutating func counted(_ ability: Conditions.Ability) -> Conditions.Ability {
        if letIn.seconds == 0 {
            letIn = (ability.capacity * Double(spec.windowSeconds), spec.windowSeconds)
        }
        letIn.seconds -= 1
        var counted = ability
        counted.capacity = ability.capacity > 0 ? letIn.work : 0
        return counted
    }

    /// Lets shares of each class leave, and keeps the rest waiting; gives how many messages that are.
    private mutating func pass(_ messages: inout [SIMD4<Double>], shares: SIMD4<Double>) -> Double {
        guard shares != SIMD4(repeating: 1) else {
            for group in waiting.indices {
                messages[group] += waiting[group]
                waiting[group] = .zero
            }
            return 0
        }
        var held = 0.0
        for group in waiting.indices {
            let all = waiting[group] + messages[group]
            messages[group] = all * shares
            waiting[group] = all - messages[group]
            held += spec.count(waiting[group])
        }
        return held
    }

    /// The share of each class's messages that leave in a second.
    private func served(waiting work: Double, _ ability: Conditions.Ability) -> SIMD4<Double> {
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
        work: Double, hasRefused: Bool
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
        let stretch = Double(ability.stretch)
        var doomed = 0.0
        if let timeout = spec.rules.timeoutSeconds {
            doomed = shareLonger(than: timeout, second, stretch: stretch, table)
        }
        // Bursts within the second fill a queue too, where no backlog has filled it already.
        var turnedAway = 0.0
        if let wait = waitOfFullQueue, before <= 0, second.backlog <= 0 {
            turnedAway = shareLonger(than: wait, second, stretch: stretch, table)
        }
        let failed =
            hasRefused || doomed > 0 || turnedAway > 0
            ? fail(&second, hasRefused: hasRefused, turnedAway: turnedAway, doomed: doomed) : 0
        if second.offered > 0 {
            let late = shareLonger(than: limit, second, stretch: stretch, table)
            second.shareLate = min(1, max(late, failed / second.offered))
        }
        window.add(offered: second.fresh, late: second.shareLate * second.fresh)
    }

    private mutating func shareLonger(
        than seconds: Double, _ second: Second, stretch: Double, _ table: LatencyTable
    ) -> Double {
        let left = (seconds - second.wait) / stretch
        guard left > 0 else { return 1 }
        // Where nothing waits, the time that is left is that of the second before.
        if left != lastLookUp.seconds { lastLookUp = (left, table.place(of: left)) }
        return table.shareOver(place: lastLookUp.place, load: second.load)
    }

    /// Gives up, or sends to those who try again, what was refused, turned away by bursts within the second, or will be
    /// given up; gives how many messages that are.
    private mutating func fail(
        _ second: inout Second, hasRefused: Bool, turnedAway: Double, doomed: Double
    ) -> Double {
        var failed = 0.0
        for group in arrived.indices {
            let came = arrived[group]
            var share = SIMD4<Double>.zero
            if hasRefused {
                share = (refused[group] / came).replacing(with: 0, where: came .<= 0)
                share.replace(with: 1, where: share .> 1)
            }
            share.replace(with: SIMD4(repeating: turnedAway), where: share .< turnedAway)
            share = 1 - (1 - share) * (1 - doomed)
            let anew = retries.isEmpty ? came : fresh[group]
            second.rejected += spec.count(retries.takeFailed(fresh: anew, share: share, group: group))
            failed += spec.count(came * share)
        }
        return failed
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
