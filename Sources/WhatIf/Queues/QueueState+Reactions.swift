import Exchange

/// What clients, balancers and scalers do in the course of a second.
extension QueueState {
    /// What the queue can do in the second that begins, by the nodes in service and after a standstill.
    mutating func react(to calm: Conditions.Ability, _ second: inout Second) -> Conditions.Ability {
        var ability = calm
        if nodes != nil {
            nodes?.begin()
            second.nodesShare = nodes?.share ?? 1
            ability.capacity *= second.nodesShare
        }
        if let cost = restart?.begin(capacity: ability.capacity) {
            ability.stretch *= Float(cost.stretch)
            ability.capacity = cost.capacity
        }
        second.stretch = Double(ability.stretch)
        return ability
    }

    /// Lets clients give up whose time is up in the second that begins; they try again, or do not.
    mutating func giveUp(
        _ messages: [SIMD4<Double>], _ ability: Conditions.Ability, _ table: LatencyTable,
        _ second: inout Second
    ) {
        guard let deadlines else { return }
        var newer = Ends()
        var older = Ends()
        var capacity = ability.capacity
        for line in 0..<deadlines.lineCount {
            let classes = deadlines.classes(ofLine: line)
            let overdue = deadlines.overdue(line: line, capacity: capacity)
            newer.add(
                overdue.newer, classes, slow(overdue.newerWait, deadlines, ago: deadlines.whole, table))
            older.add(
                overdue.older, classes, slow(overdue.olderWait, deadlines, ago: deadlines.whole + 1, table))
            if overdue.droppedWork > 0 {
                second.gaveUp += drop(overdue.droppedWork, classes)
            }
            if line + 1 < deadlines.lineCount {
                capacity = max(0, capacity - work(of: waiting, classes) - work(of: messages, classes))
            }
        }
        settle(deadlines, ago: deadlines.whole, newer, &second)
        settle(deadlines, ago: deadlines.whole + 1, older, &second)
    }

    /// By class the share of a second's messages whose time is up, and the share that is given up.
    private struct Ends {
        var up = SIMD4<Double>.zero
        var late = SIMD4<Double>.zero

        /// `slow` is the share that is late of those that the line lets through in time.
        mutating func add(
            _ share: (up: Double, late: Double), _ classes: SIMD4<Double>, _ slow: Double
        ) {
            up += classes * share.up
            late += classes * (share.late + (share.up - share.late) * slow)
        }
    }

    /// The share of messages that take too long by themselves after such a wait, of those that came so long ago.
    ///
    /// Behind a backlog a message waits for the work ahead and then takes its service; waits as in an endless queue at the
    /// second's load are of those that find none.
    private func slow(
        _ wait: Double, _ deadlines: Deadlines, ago: Int, _ table: LatencyTable
    ) -> Double {
        guard let (load, stretch) = deadlines.sent.load(ago: ago) else { return 0 }
        let left = (deadlines.timeoutSeconds - wait) / stretch
        return left > 0 ? table.shareOver(left, load: wait > 0 ? 0 : load) : 1
    }

    private mutating func settle(
        _ deadlines: Deadlines, ago: Int, _ ends: Ends, _ second: inout Second
    ) {
        guard ends.up != .zero, deadlines.sent.load(ago: ago) != nil else { return }
        for group in waiting.indices {
            for attempt in 0...retries.attemptsMax {
                let sent = deadlines.sent.messages(ago: ago, attempt: attempt, group: group)
                let failed = sent * ends.late
                second.inTime += spec.count(sent * ends.up - failed)
                guard failed != .zero else { continue }
                second.timedOut += spec.count(failed)
                let lost = retries.take(failed, attempt: attempt, group: group, inCourse: true)
                second.rejected += spec.count(lost)
            }
        }
    }

    /// Takes work out of what waits in some classes; gives how many messages that were.
    private mutating func drop(_ dropped: Double, _ classes: SIMD4<Double>) -> Double {
        let all = work(of: waiting, classes)
        guard all > 0 else { return 0 }
        let left = max(0, 1 - dropped / all)
        let gone = waiting.reduce(0) { $0 + spec.count($1 * classes) } * (1 - left)
        for group in waiting.indices { waiting[group] *= 1 - classes * (1 - left) }
        workWaiting -= all * (1 - left)
        return gone
    }

    /// Lets only a share of the messages that clients would send pass; the rest fails at once.
    mutating func hold(_ messages: inout [SIMD4<Double>], _ share: Double, _ second: inout Second) {
        for group in messages.indices {
            second.rejected += spec.count(messages[group]) * (1 - share)
            messages[group] *= share
            fresh[group] *= share
        }
        retries.thin(to: share)
    }

    /// Takes out of what waits what there is no room for: the same share of all, or cancels last.
    mutating func refuse(_ held: Double, _ room: Double) {
        var shares = SIMD4<Double>(repeating: 1 - room / held)
        if spec.rules.reactions.exemptsCancels {
            let cancel = DemandClass.cancel.position
            let cancels = waiting.reduce(0) { $0 + (spec.work[cancel] > 0 ? $1[cancel] : 0) }
            let others = held - cancels
            shares = SIMD4(repeating: others > 0 ? min(1, (held - room) / others) : 0)
            shares[cancel] = cancels > 0 ? max(0, min(1, (held - room - others) / cancels)) : 0
        }
        for group in waiting.indices {
            refused[group] = waiting[group] * shares
            waiting[group] -= refused[group]
        }
    }

    /// The second is over; of its work so much was such as may wait.
    mutating func settle(
        _ second: inout Second, ability: Conditions.Ability, calm: Conditions.Ability,
        before: [SIMD4<Double>], left messages: [SIMD4<Double>], _ givenBack: Double
    ) {
        if deadlines != nil {
            for line in 0..<(deadlines?.lineCount ?? 0) {
                let classes = deadlines?.classes(ofLine: line) ?? .zero
                let waits = work(of: waiting, classes)
                let came = waits + work(of: messages, classes) - work(of: before, classes)
                deadlines?.advance(line: line, came: max(0, came), waiting: waits)
            }
            deadlines?.sent.advance(load: second.load, stretch: second.stretch)
        } else {
            second.inTime = second.served
        }
        breaker?.end(sent: second.offered, failed: second.refused + second.timedOut)
        guard nodes != nil else { return }
        let speed = ability.capacity > 0 ? ability.capacity : spec.capacity / second.stretch
        let processors = calm.capacity * Double(calm.stretch) * second.nodesShare
        let done = givenBack + messages.reduce(0) { $0 + ($1 * spec.work).sum() }
        nodes?.end(
            waitSeconds: workWaiting / speed, processorUse: processors > 0 ? done / processors : 0)
    }

    /// Work of messages in some classes.
    private func work(of messages: [SIMD4<Double>], _ classes: SIMD4<Double>) -> Double {
        messages.reduce(0) { $0 + ($1 * classes * spec.work).sum() }
    }
}
