import Exchange

/// The nodes of a queue that serve, where health checks and an autoscaler take some out and add some.
struct ServingNodes {
    private let check: QueueReactions.HealthCheck?
    private let scaler: QueueReactions.Autoscaler?
    /// Nodes that run at the start.
    private let nodes: Double
    /// Nodes that run, in service or taken out.
    private var running: Double
    /// Nodes that are ordered or leave, by the second in which they do: a ring.
    private var coming: [Double]
    private var ordered = 0.0
    /// Nodes that a check took out, by the second in which they are back.
    private var back: [Double]
    private var out = 0.0
    private var secondsToCheck: Int
    private var secondsToDecide: Int
    /// Processor time in use since the last decision, as the sum of its seconds' shares.
    private var used = 0.0
    private var now = 0

    /// nil where nothing takes nodes out or adds any, or where the queue has one server whatever its nodes.
    init?(_ spec: QueueSpec) {
        let reactions = spec.rules.reactions
        check = reactions.healthCheck
        scaler = reactions.autoscaler
        guard check != nil || scaler != nil, spec.nodesAddUp else { return nil }
        nodes = Double(max(1, spec.nodes))
        running = nodes
        coming = [Double](repeating: 0, count: ServingNodes.seconds(scaler?.lagSeconds ?? 0) + 1)
        back = [Double](repeating: 0, count: ServingNodes.seconds(check?.backSeconds ?? 0) + 1)
        secondsToCheck = ServingNodes.seconds(check?.everySeconds ?? 0)
        secondsToDecide = ServingNodes.seconds(scaler?.everySeconds ?? 0)
    }

    private static func seconds(_ time: Double) -> Int { max(1, Int(saturating: time.rounded())) }

    /// Nodes in service, as a share of those at the start.
    var share: Double { max(0, running - out) / nodes }

    /// Whether as many nodes serve as at the start, and none comes, leaves or is out.
    var isAtRest: Bool { running == nodes && ordered == 0 && out == 0 }

    /// Seconds over which it looks back for its next decision.
    var memorySeconds: Int { ServingNodes.seconds(max(scaler?.everySeconds ?? 0, check?.everySeconds ?? 0)) }

    /// A second begins: nodes come that were ordered, and those come back that were out for their time.
    mutating func begin() {
        let arriving = now % coming.count
        running += coming[arriving]
        ordered -= coming[arriving]
        coming[arriving] = 0
        let returning = now % back.count
        out -= back[returning]
        back[returning] = 0
        now += 1
    }

    /// The second is over: what comes at its end waits so long, and so much of the nodes' processor time was in use.
    mutating func end(waitSeconds: Double, processorUse: Double) {
        if let check {
            secondsToCheck -= 1
            if secondsToCheck <= 0 {
                secondsToCheck = ServingNodes.seconds(check.everySeconds)
                if waitSeconds > check.latencySeconds { takeOut(check) }
            }
        }
        if let scaler {
            used += min(1, processorUse)
            secondsToDecide -= 1
            if secondsToDecide <= 0 {
                let period = ServingNodes.seconds(scaler.everySeconds)
                decide(scaler, use: used / Double(period))
                secondsToDecide = period
                used = 0
            }
        }
    }

    private mutating func takeOut(_ check: QueueReactions.HealthCheck) {
        let least = check.leastShare * running
        let taken = min(max(1, (check.shareOut * running).rounded()), running - out - least)
        guard taken > 0 else { return }
        out += taken
        back[(now + back.count - 1) % back.count] += taken
    }

    private mutating func decide(_ scaler: QueueReactions.Autoscaler, use: Double) {
        let all = running + ordered
        let step = Double(scaler.step)
        if use > scaler.target {
            let wanted = (running * use / scaler.target).rounded(.up)
            let added = min(wanted - all, step, Double(scaler.nodesMax) - all)
            guard added > 0 else { return }
            ordered += added
            coming[(now + coming.count - 1) % coming.count] += added
        } else if use < scaler.shrinksBelow {
            let wanted = max(Double(scaler.nodesMin), (running * use / scaler.target).rounded(.up))
            let gone = min(running - wanted, step)
            if gone > 0 { running -= gone }
        }
    }
}
