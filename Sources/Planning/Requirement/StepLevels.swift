import Replay

/// For each step the loads at which hours break on the nodes that serve in it.
struct StepLevels: Sendable {
    /// Those that differ, in the order in which steps have them.
    private(set) var different: [BreakLevels] = []
    /// For each step the place among them.
    private(set) var places: [Int] = []

    /// Levels, and for each step the place among them.
    init(_ different: [BreakLevels], places: [Int]) {
        self.different = different
        self.places = places
    }

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

    /// The levels of each step times a factor of its own.
    func scaled(by factors: [Double]) -> StepLevels {
        guard factors.contains(where: { $0 != 1 }) else { return self }
        var result = StepLevels([], places: [])
        var known: [Key: Int] = [:]
        for (place, factor) in zip(places, factors) {
            let key = Key(place: place, factor: factor)
            let found = known[key] ?? result.different.count
            if found == result.different.count {
                result.different.append(different[place].scaled(by: factor))
            }
            known[key] = found
            result.places.append(found)
        }
        return result
    }

    private struct Key: Hashable {
        var place: Int
        var factor: Double
    }

    /// Those of a step.
    func levels(step: Int) -> BreakLevels { different[places[step]] }

    /// What is held in each step: the median of the loads at which hours break.
    var held: [Double] {
        let held = different.map { $0.held.value }
        return places.map { held[$0] }
    }

    /// For each path the sum over the steps of −log(1 − the chance that the step breaks).
    func hazards(of load: PathLoad) -> [Double] {
        (0..<load.pathCount).map { hazard(of: load, path: $0, logFactor: 0) }
    }

    /// The same of one path, its loads times a factor.
    func hazard(of load: PathLoad, path: Int, logFactor: Double) -> Double {
        hazard(of: load, path: path) { work, _ in work + logFactor }
    }

    /// The same with a further factor for each step.
    func hazard(of load: PathLoad, path: Int, logFactors: [Double], logFactor: Double) -> Double {
        hazard(of: load, path: path) { work, step in work + logFactors[step] + logFactor }
    }

    @inline(__always)
    private func hazard(of load: PathLoad, path: Int, logRate: (_ logWork: Double, _ step: Int) -> Double)
        -> Double
    {
        var sum = 0.0
        let from = path * load.stepCount
        for step in 0..<load.stepCount where sum < BreakLevels.certain {
            sum += different[places[step]].hazard(logRate: logRate(load.logWork[from + step], step))
        }
        return sum
    }

    /// −log(1 − the chance that one step of a path breaks).
    func hazard(of load: PathLoad, path: Int, step: Int) -> Double {
        different[places[step]].hazard(logRate: load.logWork[path * load.stepCount + step])
    }
}
