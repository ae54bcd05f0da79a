import Replay

/// For each step the loads at which hours break on the nodes that serve in it.
struct StepLevels: Sendable {
    /// Those that differ.
    private var different: [BreakLevels] = []
    /// For each step the place among them.
    private var places: [Int] = []

    /// The same in every step.
    init(always levels: BreakLevels, steps: Int) {
        different = [levels]
        places = [Int](repeating: 0, count: steps)
    }

    /// One number of nodes a step.
    init(_ nodes: [Int], of capacity: NodeCapacity) {
        var known: [Int: Int] = [:]
        for count in nodes {
            let place = known[count] ?? different.count
            if place == different.count { different.append(capacity.levels(nodes: count)) }
            known[count] = place
            places.append(place)
        }
    }

    /// What is held in each step: the median of the loads at which hours break.
    var held: [Double] {
        let held = different.map { $0.held.value }
        return places.map { held[$0] }
    }

    /// For each path the sum over the steps of −log(1 − the chance that the step breaks), the load times a factor.
    func hazards(of load: PathLoad, logFactor: Double = 0) -> [Double] {
        hazards(of: load, logFactors: [Double](repeating: 0, count: load.stepCount), logFactor: logFactor)
    }

    /// The same with a further factor for each step.
    func hazards(of load: PathLoad, logFactors: [Double], logFactor: Double) -> [Double] {
        let factors = logFactors.map { $0 + logFactor }
        return (0..<load.pathCount).map { path in
            var sum = 0.0
            let from = path * load.stepCount
            for step in 0..<load.stepCount where sum < BreakLevels.certain {
                sum += different[places[step]].hazard(logRate: load.logWork[from + step] + factors[step])
            }
            return sum
        }
    }

    /// −log(1 − the chance that one step of a path breaks).
    func hazard(of load: PathLoad, path: Int, step: Int) -> Double {
        different[places[step]].hazard(logRate: load.logWork[path * load.stepCount + step])
    }
}
