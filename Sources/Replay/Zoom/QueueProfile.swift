import Exchange
import Glibc

/// What a single queue's simulation depends on, beside its servers and its bursts.
struct QueueProfile: Equatable {
    /// Service of a random message.
    var service: ServiceTime
    var objective: Objective
    var rules: QueueRules
    /// Cancels and all else, where cancels go first; nil otherwise.
    var classes: Classes?

    /// Two classes.
    struct Classes: Equatable {
        var firstShare: Double
        var first: ServiceTime
        var others: ServiceTime
    }

    /// A tier's queue at a mix of messages; nil where none of them costs anything.
    init?(_ tier: Tier, mix: ClassRates) {
        guard let service = tier.mixedService(of: mix) else { return nil }
        self.service = service
        objective = tier.objective
        rules = tier.rules
        guard tier.rules.cancelsFirst else { return }
        var first = ClassRates.zero
        var others = mix
        first[.cancel] = mix[.cancel]
        others[.cancel] = 0
        guard let firstService = tier.mixedService(of: first),
            let otherService = tier.mixedService(of: others)
        else { return }
        let counted = DemandClass.allCases.filter { tier.service[$0] != nil }.reduce(0) { $0 + mix[$1] }
        classes = Classes(firstShare: mix[.cancel] / counted, first: firstService, others: otherService)
    }

    /// The same with moments in steps of 0.5 %, so that mixes that hardly differ become equal.
    var rounded: QueueProfile {
        func rounded(_ time: ServiceTime) -> ServiceTime {
            ServiceTime(
                meanSeconds: roundedToHalfPercent(time.meanSeconds),
                coefficientOfVariation: roundedToHalfPercent(time.coefficientOfVariation))
        }
        var result = self
        result.service = rounded(service)
        result.classes = classes.map {
            Classes(
                firstShare: roundedToHalfPercent($0.firstShare), first: rounded($0.first),
                others: rounded($0.others))
        }
        return result
    }

    /// The queue with so many servers.
    func chain(servers: Int, shape: ServiceShape) -> QueueChain {
        func distribution(_ time: ServiceTime) -> ServiceDistribution {
            ServiceDistribution(time, shape: shape)
        }
        let isSurrounded = !rules.isPlainButForPauses
        return QueueChain(
            stages: [
                QueueChain.Stage(
                    servers: servers, service: distribution(service), other: nil, speed: rules.speed,
                    pause: isSurrounded ? nil : rules.pause,
                    surroundings: isSurrounded
                        ? QueueChain.Surroundings(
                            rules: rules, judged: chainClasses(shape: shape), other: nil)
                        : nil)
            ], latencySeconds: objective.latencySeconds, shareAllowed: 1 - objective.quantile)
    }

    /// The classes as a stage of a chain has them.
    func chainClasses(shape: ServiceShape) -> QueueChain.Classes {
        QueueChain.Classes(
            first: classes.map { (ServiceDistribution($0.first, shape: shape), $0.firstShare) },
            others: ServiceDistribution(classes?.others ?? service, shape: shape))
    }
}

/// A number to three digits in a geometric grid of 0.5 %, so that figures that hardly differ become equal.
func roundedToHalfPercent(_ value: Double) -> Double { rounded(value, ratio: 1.005) }

/// The nearest number of a geometric grid.
func rounded(_ value: Double, ratio: Double) -> Double {
    guard value > 0, value.isFinite else { return 0 }
    let step = log(ratio)
    return exp((log(value) / step).rounded() * step)
}

extension BurstProfile {
    /// The profile with its rate to 10 % and its variances to 5 %, so that sums of streams that hardly differ become equal.
    var rounded: BurstProfile {
        let rate = Replay.rounded(measuredRatePerSecond, ratio: 1.1)
        return BurstProfile(
            measuredRatePerSecond: rate,
            points: points.indices.map { place in
                let window = points[place].windowSeconds
                let variance = Replay.rounded(rateVariance(ofPoint: place), ratio: 1.05)
                return Point(windowSeconds: window, indexOfDispersion: 1 + rate * window * variance)
            }, origin: "")
    }
}
