import Exchange
import Replay

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
        /// Messages that came again.
        var retried = 0.0
        /// Messages that were served, whether or not somebody still waited.
        var served = 0.0
        /// Messages that found no room.
        var refused = 0.0
        /// The share of those that came that bursts within the second left no room for.
        var shareTurnedAway = 0.0
        /// Messages that were given up in it after the tier's timeout.
        var timedOut = 0.0
        /// Messages of which it shows in this second that they were served in time.
        var inTime = 0.0
        /// Nodes in service, as a share of those that run today.
        var nodesShare = 1.0
        /// How much longer a message takes than undisturbed.
        var stretch = 1.0
        /// Messages of the backlog that may wait, and are held back.
        var deferred = 0.0
        /// Messages, by class, that might wait and that nobody waits for any more.
        var shed = SIMD4<Double>.zero
        /// Messages that clients wanted to send, those sent again included, whether or not a breaker let them.
        var arrived = 0.0
        /// Of these and of those that waited: turned down by a breaker, for want of room, or by a quota.
        var turnedDown = 0.0
        /// Of the same: given up while they waited, so that nobody serves them.
        var gaveUp = 0.0
    }

    let spec: QueueSpec
    /// The longest that a client waits here: then it is gone, whatever becomes of its message.
    let patienceSeconds: Double
    private let waitOfFullQueue: Double?
    /// Messages that wait, by group and class.
    var waiting: [SIMD4<Double>]
    var workWaiting = 0.0
    private(set) var window: RollingWindow
    /// Messages offered in the last seconds, as many as a client waits; nil where the tier's clients have their own timeout.
    private var patience: RollingSum?
    var retries: RetryPool
    /// What clients give up after the tier's timeout; nil without one.
    var deadlines: Deadlines?
    var nodes: ServingNodes?
    var breaker: CallBreaker?
    var restart: RestartCost?
    /// Work that may wait; nil where none may.
    var deferred: DeferredWork?
    /// Of the second: what came for the first time, what came in all, and what of it and of those who waited was refused.
    var fresh: [SIMD4<Double>]
    private var arrived: [SIMD4<Double>]
    var refused: [SIMD4<Double>]
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
        retries = RetryPool(spec.rules, groups: waiting.count)
        if let timeout = spec.rules.timeoutSeconds {
            deadlines = Deadlines(
                timeout, rules: spec.rules, attempts: retries.attemptsMax + 1, groups: waiting.count)
        } else {
            patience = RollingSum(
                length: max(1, Int(saturating: min(max(0, options.timeoutSeconds), 86_400).rounded(.up))))
        }
        nodes = ServingNodes(spec)
        breaker = spec.rules.reactions.breaker.map { CallBreaker($0) }
        restart = RestartCost(spec.rules.reactions)
        deferred = spec.deferral.map {
            DeferredWork($0, groups: waiting.count, patienceSeconds: patienceSeconds)
        }
    }

    /// Nobody waits longer than a day.
    private static let longestSeconds = 86_400.0

    /// Whether the last five minutes break the objective.
    var isBroken: Bool { window.isBroken }

    /// Serves for a second. `messages` come in by group, and are replaced by those that leave.
    mutating func serve(
        _ messages: inout [SIMD4<Double>], ability calm: Conditions.Ability, table: LatencyTable
    ) -> Second {
        var second = Second()
        let calm = spec.windowSeconds > 1 ? counted(calm) : calm
        let ability = react(to: calm, &second)
        deferred?.hold(&messages, isShort: calm.isShort)
        second.fresh = count(messages)
        if deadlines != nil { giveUp(messages, ability, table, &second) }
        let passing = breaker?.share ?? 1
        if retries.isEmpty {
            second.arrived = second.fresh
            if passing < 1 { hold(&messages, passing, &second) }
            second.offered = passing < 1 ? count(messages) : second.fresh
        } else {
            for group in messages.indices { fresh[group] = messages[group] }
            retries.note(fresh: messages.reduce(0) { $0 + $1.sum() })
            retries.addReturning(to: &messages)
            second.arrived = count(messages)
            if passing < 1 { hold(&messages, passing, &second) }
            second.offered = count(messages)
            second.retried = second.offered - count(fresh)
        }
        second.turnedDown = second.arrived - second.offered
        for group in messages.indices { arrived[group] = messages[group] }
        let work = work(of: messages)
        let before = workWaiting
        let waitingBefore = deadlines == nil ? [] : waiting
        let most = mostWaiting(offered: second.offered, ability)
        let held = pass(&messages, shares: served(waiting: before + work, ability, room: most))
        if spec.windowSeconds > 1 { letIn.work -= min(letIn.work, before + work) }
        // Of those who wait for people some hang up in every second.
        let room = spec.law == .staff ? held * (1 - spec.hangsUp) : most
        second.served = count(messages)
        second.backlog = min(held, room)
        let hasRefused = held > room
        if hasRefused {
            refuse(held, room)
            let refusedForRoom =
                spec.law == .staff ? 0 : min(held - room, max(0, held - limitOfRoom(ability)))
            second.turnedDown += refusedForRoom
            second.gaveUp += held - room - refusedForRoom
        }
        workWaiting = held > 0 ? self.work(of: waiting) : 0
        judge(&second, ability: ability, table: table, before: before, work: work, hasRefused: hasRefused)
        if second.shareTurnedAway > 0 {
            second.turnedDown += second.served * second.shareTurnedAway
            for group in messages.indices { messages[group] *= 1 - second.shareTurnedAway }
            second.served *= 1 - second.shareTurnedAway
        }
        if passing < 1 { second.shareLate = 1 - passing * (1 - second.shareLate) }
        let givenBack = giveBack(ability, left: messages, &second)
        window.add(offered: second.fresh, late: second.shareLate * second.fresh)
        settle(&second, ability: ability, calm: calm, before: waitingBefore, left: messages, givenBack)
        deferred?.leave(with: &messages)
        return second
    }

    /// The most that goes on waiting. Who has waited too long gives up: no more can wait than came in that time. And none where
    /// there is no room, as at a supplier's.
    private mutating func mostWaiting(offered: Double, _ ability: Conditions.Ability) -> Double {
        switch spec.law {
        case .quota: return 0
        case .staff: return .infinity
        case .queue:
            return max(0, min(patience?.add(offered) ?? .infinity, limitOfRoom(ability)))
        }
    }

    /// The most that there is room for; infinite without a bound.
    private func limitOfRoom(_ ability: Conditions.Ability) -> Double {
        if spec.law == .quota { return 0 }
        return spec.rules.limitPerServer.map {
            Double($0) * max(1, Double(ability.servers) * (nodes?.share ?? 1))
        } ?? .infinity
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
    private func served(
        waiting work: Double, _ ability: Conditions.Ability, room: Double
    ) -> SIMD4<Double> {
        func share(_ work: Double, _ capacity: Double) -> Double {
            work > capacity ? capacity / work : capacity > 0 ? 1 : 0
        }
        // A full queue that takes cancels before all else gives them the servers that others are refused.
        let isShedding =
            spec.rules.reactions.exemptsCancels && work > ability.capacity
            && (count(waiting) + count(arrived)) * (1 - ability.capacity / work) > room
        guard spec.rules.cancelsFirst || isShedding else {
            return SIMD4(repeating: share(work, ability.capacity))
        }
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
        let isServing = ability.capacity > 0
        var ramp = WaitRamp(pause: pause)
        if speed > 0 {
            second.load = work / speed
            second.utilisation = second.load
            second.wait = pause + (before + workWaiting) / 2 / speed
            second.isLate = second.backlog > 0 && pause + workWaiting / speed > limit
            ramp = WaitRamp(
                ahead: before / speed, adding: second.load, left: workWaiting / speed,
                standstill: isServing ? 0 : pause, pause: isServing ? pause : 0)
        } else {
            second.utilisation = work > 0 ? 1 : 0
            second.wait = pause
            second.isLate = second.backlog > 0
        }
        let stretch = Double(ability.stretch)
        // Bursts within the second fill a queue too, where no backlog has filled it already.
        if let wait = waitOfFullQueue, before <= 0, second.backlog <= 0 {
            second.shareTurnedAway = shareLonger(
                than: wait, ramp, load: second.load, stretch: stretch, table)
        }
        if hasRefused || second.shareTurnedAway > 0 || deadlines != nil {
            fail(&second, hasRefused: hasRefused)
        }
        if second.offered > 0 {
            // What its client gives up before the objective's time is late all the same.
            let latest = min(limit, spec.rules.timeoutSeconds ?? limit)
            let late = shareLonger(than: latest, ramp, load: second.load, stretch: stretch, table)
            second.shareLate = min(1, max(late, second.refused / second.offered))
        }
    }

    /// The share of a second's messages that take longer: what waits for longer by work ahead alone, and of the rest what
    /// the second's own waits add enough to.
    private mutating func shareLonger(
        than seconds: Double, _ ramp: WaitRamp, load: Double, stretch: Double, _ table: LatencyTable
    ) -> Double {
        func share(after wait: Double) -> Double {
            let left = (seconds - wait) / stretch
            guard left > 0 else { return 1 }
            // Where nothing waits, the time that is left is that of the second before.
            if left != lastLookUp.seconds { lastLookUp = (left, table.place(of: left)) }
            return table.shareOver(place: lastLookUp.place, load: load)
        }
        let parts = ramp.parts(limit: seconds)
        var late = parts.over
        if parts.waiting > 0 { late += parts.waiting * share(after: parts.meanWait) }
        if parts.free > 0 { late += parts.free * share(after: parts.leastWait) }
        return min(1, late)
    }

    /// Loses, or sends to those who try again, what was refused or turned away by bursts within the second; the rest is let
    /// in.
    private mutating func fail(_ second: inout Second, hasRefused: Bool) {
        let turnedAway = SIMD4(repeating: second.shareTurnedAway)
        for group in arrived.indices {
            let came = arrived[group]
            var share = SIMD4<Double>.zero
            if hasRefused {
                share = (refused[group] / came).replacing(with: 0, where: came .<= 0)
                share.replace(with: 1, where: share .> 1)
            }
            share.replace(with: turnedAway, where: share .< turnedAway)
            second.refused += spec.count(came * share)
            for attempt in 0...retries.attemptsMax {
                let sent = sent(attempt, group)
                let failed = sent * share
                let lost = retries.take(failed, attempt: attempt, group: group, inCourse: false)
                second.rejected += spec.count(lost)
                deadlines?.sent.set(sent - failed, attempt: attempt, group: group)
            }
        }
    }

    /// What was sent in this second by those who had tried so often before.
    private func sent(_ attempt: Int, _ group: Int) -> SIMD4<Double> {
        if retries.isEmpty { return arrived[group] }
        return attempt == 0 ? fresh[group] : retries.returned(attempt: attempt - 1, group: group)
    }

    func count(_ messages: [SIMD4<Double>]) -> Double {
        messages.reduce(0) { $0 + spec.count($1) }
    }

    /// Seconds of work of messages.
    func work(of messages: [SIMD4<Double>]) -> Double {
        messages.reduce(0) { $0 + ($1 * spec.work).sum() }
    }
}

extension QueueSpec {
    /// Messages that cost the queue something.
    func count(_ messages: SIMD4<Double>) -> Double {
        messages.replacing(with: 0, where: work .<= 0).sum()
    }
}
