import Exchange

/// What clients of one history see, from the first disturbance on: requests that were late or given up, by class, and
/// the minutes that a status page would show.
///
/// A message fails in a second where it is late or given up in some queue that does work for its class; of several, the
/// worst counts, since they mostly fail the same messages.
struct ServiceHarm {
    /// Messages that came, by class, and those of them that failed.
    private var came = SIMD4<Double>.zero
    private var failed = SIMD4<Double>.zero
    /// The same up to the last second in which not all was well.
    private var settledCame = SIMD4<Double>.zero
    private var settledFailed = SIMD4<Double>.zero
    private var minuteCame = SIMD4<Double>.zero
    private var minuteFailed = SIMD4<Double>.zero
    private var seconds = 0
    private var lateOfGroup: [SIMD4<Double>]
    /// For each queue the classes for which it does work, as ones, and the groups that pass it.
    private let worked: [SIMD4<Double>]
    private let groups: [[Int]]
    /// Minutes in which at least `degradedShare` of orders failed, those of an outage included.
    private(set) var degradedMinutes = 0
    /// Minutes in which at least `outageShare` of orders failed.
    private(set) var outageMinutes = 0
    /// Seconds from the first disturbance until the end of the first of these minutes: when there is something to post.
    private(set) var postSeconds: Double?
    /// Seconds from the first disturbance to the failure: the first second in which some queue is late, gives up messages,
    /// or serves most of them too late; nil: there is none.
    private var failedAt: Int?
    /// Seconds from the first disturbance to the end of the last such second.
    private(set) var troubledUntil = 0
    private var isTroubled = false

    /// From this share of failed orders on a minute is degraded. Chosen, not measured: what most objectives allow.
    static let degradedShare = 0.01
    /// From this share of failed orders on a minute is an outage. Chosen, not measured: most clients notice.
    static let outageShare = 0.5

    init(_ conditions: Conditions) {
        lateOfGroup = [SIMD4<Double>](repeating: .zero, count: conditions.flow.groupCount)
        worked = conditions.queues.map { SIMD4(repeating: 1).replacing(with: 0, where: $0.work .<= 0) }
        let all = Array(0..<conditions.flow.groupCount)
        groups = conditions.queues.map { $0.isSharded ? $0.groups : all }
    }

    /// Adds a second; `isTroubled`: some queue is late or gives up messages; `isOver`: the disturbances are over, and no
    /// queue is late.
    mutating func add(_ network: QueueNetwork, isTroubled: Bool, isOver: Bool) {
        noteLate(network)
        for group in lateOfGroup.indices {
            let messages = network.entering[group]
            minuteCame += messages
            minuteFailed += messages * lateOfGroup[group]
            came += messages
            failed += messages * lateOfGroup[group]
        }
        seconds += 1
        self.isTroubled =
            isTroubled || network.seconds.contains { $0.shareLate >= ServiceHarm.outageShare }
        if self.isTroubled {
            if failedAt == nil { failedAt = seconds - 1 }
            troubledUntil = seconds
        }
        if self.isTroubled || !isOver { (settledCame, settledFailed) = (came, failed) }
        if seconds % 60 == 0 { endMinute() }
    }

    private mutating func noteLate(_ network: QueueNetwork) {
        for group in lateOfGroup.indices { lateOfGroup[group] = .zero }
        for queue in groups.indices {
            let done = network.seconds[queue]
            guard done.shareLate > 0 || done.shed != .zero else { continue }
            var late = worked[queue] * done.shareLate
            let shed = done.shed / max(done.fresh, done.shed.sum())
            late.replace(with: shed, where: shed .> late)
            for group in groups[queue] {
                lateOfGroup[group].replace(with: late, where: late .> lateOfGroup[group])
            }
        }
    }

    private mutating func endMinute() {
        let order = DemandClass.order.position
        let share = minuteCame[order] > 0 ? minuteFailed[order] / minuteCame[order] : 0
        if share >= ServiceHarm.degradedShare {
            degradedMinutes += 1
            if postSeconds == nil { postSeconds = Double(seconds) }
        }
        if share >= ServiceHarm.outageShare { outageMinutes += 1 }
        (minuteCame, minuteFailed) = (.zero, .zero)
    }

    /// Seconds from the failure until nothing is late or given up any more: the return within the objective. 0 where
    /// nothing fails; nil where that does not end.
    var restoredSeconds: Double? { isTroubled ? nil : Double(troubledUntil - (failedAt ?? 0)) }

    /// Seconds from the first disturbance to the failure; nil where nothing fails.
    var failureSeconds: Double? { failedAt.map { Double($0) } }

    /// The share of all messages that failed, from the first disturbance until it is over and all is well.
    var shareOfRequests: Double {
        let all = settledCame.sum()
        return all > 0 ? settledFailed.sum() / all : 0
    }

    /// The share of orders that failed, of the same time.
    var shareOfOrders: Double {
        let order = DemandClass.order.position
        return settledCame[order] > 0 ? settledFailed[order] / settledCame[order] : 0
    }

    /// Orders that failed.
    var ordersFailed: Double { settledFailed[DemandClass.order.position] }
}
