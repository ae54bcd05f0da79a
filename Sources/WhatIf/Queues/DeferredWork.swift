/// The work of a queue that may wait: messages that are held back, the oldest of each class first.
///
/// It is the plan's law, second by second. While nodes are lost, what may wait is done with what all else leaves over. In
/// normal times it is where it may be done later; otherwise it is served like all else. What is left over goes to the
/// highest class first, so that the lowest waits the longest and is the first to be shed. After the loss the queue gives
/// back what waits, again with what is left over.
///
/// Work that may be done later waits for as long as it takes, and is late where it waits longer than it may in seconds in
/// which no node is lost. Clients of other work wait as long as ever; then it is shed, which breaks no objective.
struct DeferredWork {
    /// What one second did.
    struct Done {
        /// Messages that came and may wait.
        var came = 0.0
        var served = 0.0
        /// Seconds of work of those that were served.
        var work = 0.0
        /// Messages that now have waited longer than they may; each counts once.
        var overdue = 0.0
        /// Messages that nobody waits for any more, by class.
        var shed = SIMD4<Double>.zero
        /// Messages that still wait.
        var waiting = 0.0
    }

    private let rule: DeferralRule
    private let patienceSeconds: Double
    private var lines: [DeferredLine]
    /// Messages that are served in the second, by group and class.
    private var leaving: [SIMD4<Double>]
    private var came = 0.0
    /// Seconds that went by, and those of them in which no node was lost.
    private var now = 0
    private var calmSeconds = 0

    init(_ rule: DeferralRule, groups: Int, patienceSeconds: Double) {
        self.rule = rule
        self.patienceSeconds = patienceSeconds
        lines = rule.classes.map { DeferredLine(position: $0, groups: groups) }
        leaving = [SIMD4<Double>](repeating: .zero, count: groups)
    }

    /// Holds back what may wait in the second that begins.
    mutating func hold(_ messages: inout [SIMD4<Double>], isShort: Bool) {
        now += 1
        if !isShort { calmSeconds += 1 }
        came = 0
        guard isShort || rule.seconds > 0 else { return }
        for line in lines.indices {
            came += lines[line].hold(
                &messages, share: rule.shares[lines[line].position], now: now, calm: calmSeconds)
        }
    }

    /// Ends the second: does what waits with so much capacity, in seconds of work, and sheds what nobody waits for.
    mutating func end(room: Double) -> Done {
        var done = Done()
        done.came = came
        var room = room
        for group in leaving.indices { leaving[group] = .zero }
        for line in lines.indices {
            let position = lines[line].position
            let served = lines[line].serve(room: room, work: rule.work[position], into: &leaving)
            done.served += served
            done.work += served * rule.work[position]
            room = max(0, room - served * rule.work[position])
            if rule.seconds > 0 {
                done.overdue += lines[line].overdue(calm: Double(calmSeconds) - rule.seconds)
            } else {
                done.shed[position] = lines[line].shed(bornBefore: Double(now) - patienceSeconds)
            }
            done.waiting += lines[line].count
        }
        return done
    }

    /// Lets those that were served in the second leave with the others.
    func leave(with messages: inout [SIMD4<Double>]) {
        for group in messages.indices { messages[group] += leaving[group] }
    }
}

/// What waits of one class, by the second in which it came.
private struct DeferredLine {
    let position: Int
    private let groups: Int
    /// For each second that something waits of: when it came, on both clocks, and its messages by group, flat.
    private var born: [(now: Int, calm: Int)] = []
    private var messages: [Double] = []
    /// The oldest that waits, and the oldest that was not counted as overdue.
    private var first = 0
    private var uncounted = 0
    /// Messages that wait.
    private(set) var count = 0.0

    /// So many seconds that were served are kept before room is made. Chosen, not measured.
    private static let keptMax = 4096
    /// Less work than this, in seconds, is rounding.
    private static let rounding = 1e-12

    init(position: Int, groups: Int) {
        self.position = position
        self.groups = groups
    }

    mutating func hold(_ coming: inout [SIMD4<Double>], share: Double, now: Int, calm: Int) -> Double {
        var held = 0.0
        for group in coming.indices { held += coming[group][position] * share }
        guard held > 0 else { return 0 }
        born.append((now, calm))
        for group in coming.indices {
            messages.append(coming[group][position] * share)
            coming[group][position] *= 1 - share
        }
        count += held
        return held
    }

    /// Serves the oldest as far as the room goes; gives the messages.
    mutating func serve(room: Double, work: Double, into leaving: inout [SIMD4<Double>]) -> Double {
        var room = room
        var served = 0.0
        while first < born.count, room > DeferredLine.rounding {
            let all = sum(first)
            let share = all * work > room ? room / (all * work) : 1
            for group in 0..<groups {
                leaving[group][position] += messages[first * groups + group] * share
                messages[first * groups + group] *= 1 - share
            }
            served += all * share
            room -= all * share * work
            if share < 1 { break }
            first += 1
        }
        drop(served)
        return served
    }

    /// Messages that came in a calm second up to this one and still wait; each is counted once.
    mutating func overdue(calm: Double) -> Double {
        var overdue = 0.0
        uncounted = max(uncounted, first)
        while uncounted < born.count, Double(born[uncounted].calm) <= calm {
            overdue += sum(uncounted)
            uncounted += 1
        }
        return overdue
    }

    /// Takes out messages that came up to a second; gives how many.
    mutating func shed(bornBefore second: Double) -> Double {
        var shed = 0.0
        while first < born.count, Double(born[first].now) <= second {
            shed += sum(first)
            first += 1
        }
        drop(shed)
        return shed
    }

    private func sum(_ place: Int) -> Double {
        (0..<groups).reduce(0) { $0 + messages[place * groups + $1] }
    }

    private mutating func drop(_ gone: Double) {
        count = first == born.count ? 0 : max(0, count - gone)
        guard first > DeferredLine.keptMax, 2 * first > born.count else { return }
        born.removeFirst(first)
        messages.removeFirst(first * groups)
        uncounted = max(0, uncounted - first)
        first = 0
    }
}

extension QueueState {
    /// Does work that may wait with what the others left over of the second.
    mutating func giveBack(
        _ ability: Conditions.Ability, left messages: [SIMD4<Double>], _ second: inout Second
    ) -> Double {
        let room = max(0, ability.capacity - work(of: messages))
        guard let done = deferred?.end(room: room) else { return 0 }
        let late = second.shareLate * second.fresh + done.overdue
        second.fresh += done.came
        second.offered += done.came
        second.arrived += done.came
        second.shareLate = second.fresh > 0 ? min(1, late / second.fresh) : 0
        second.served += done.served
        second.inTime += done.served
        second.backlog += done.waiting
        second.deferred = done.waiting
        second.shed = done.shed
        second.gaveUp += done.shed.sum()
        second.rejected += done.shed.sum()
        if ability.capacity > 0 { second.utilisation += done.work / ability.capacity }
        return done.work
    }
}
