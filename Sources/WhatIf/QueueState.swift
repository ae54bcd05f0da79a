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
        /// Messages that came.
        var offered = 0.0
        /// Messages that were given up.
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

    init(_ spec: QueueSpec, options: WhatIfOptions) {
        self.spec = spec
        waiting = [SIMD4<Double>](repeating: .zero, count: max(1, spec.groups.count))
        window = RollingWindow(allowed: 1 - spec.objective.quantile)
        patience = RollingSum(length: max(1, Int(min(max(0, options.timeoutSeconds), 86_400).rounded(.up))))
    }

    /// Whether the last five minutes break the objective.
    var isBroken: Bool { window.isBroken }

    /// Serves for a second. `messages` come in by group, and are replaced by those that leave.
    mutating func serve(
        _ messages: inout [SIMD4<Double>], ability: Conditions.Ability, table: LatencyTable
    ) -> Second {
        var second = Second()
        var work = 0.0
        for group in waiting.indices {
            work += (messages[group] * spec.work).sum()
            second.offered += spec.count(messages[group])
        }
        let before = workWaiting
        let total = before + work
        let share = total > ability.capacity ? ability.capacity / total : ability.capacity > 0 ? 1 : 0
        var held = 0.0
        for group in waiting.indices {
            let all = waiting[group] + messages[group]
            messages[group] = all * share
            waiting[group] = all - messages[group]
            held += spec.count(waiting[group])
        }
        // Who has waited too long gives up: no more can wait than came in that time.
        let room = patience.add(second.offered)
        if held > room {
            second.rejected = held - room
            for group in waiting.indices { waiting[group] *= room / held }
            held = room
        }
        workWaiting = waiting.reduce(0) { $0 + ($1 * spec.work).sum() }
        second.backlog = held
        judge(&second, ability: ability, table: table, before: before, work: work)
        return second
    }

    private mutating func judge(
        _ second: inout Second, ability: Conditions.Ability, table: LatencyTable, before: Double, work: Double
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
        if second.offered > 0 {
            let left = (limit - second.wait) / Double(ability.stretch)
            let late = left <= 0 ? 1 : table.shareOver(left, load: second.load)
            second.shareLate = min(1, max(late, second.rejected / second.offered))
        }
        window.add(offered: second.offered, late: second.shareLate * second.offered)
    }
}

extension QueueSpec {
    /// Messages that cost the queue something.
    func count(_ messages: SIMD4<Double>) -> Double {
        messages.replacing(with: 0, where: work .<= 0).sum()
    }
}
