/// What is wrong with a topology, and where.
public struct TopologyIssue: Error, Sendable, Equatable {
    /// Which part of the topology is at fault.
    public enum Place: Sendable, Equatable {
        /// The tier with this index.
        case tier(Int)
        /// The edge with this index.
        case edge(Int)
        case source(DemandClass)
        /// The topology as a whole.
        case whole
    }

    /// Where.
    public var place: Place
    /// What, in a sentence that says how to mend it.
    public var message: String

    public init(place: Place, message: String) {
        self.place = place
        self.message = message
    }
}

extension Topology {
    /// Everything that makes this topology impossible; empty when it can be replayed.
    public func issues() -> [TopologyIssue] {
        if tiers.isEmpty {
            return [TopologyIssue(place: .whole, message: "a topology needs at least one tier")]
        }
        var found = namingIssues()
        guard found.isEmpty else { return found }
        if let cycle = cycle() {
            let place = edges.firstIndex { $0.from == cycle[0] && $0.to == cycle[1] }
            let circle = cycle.joined(separator: " → ")
            found.append(
                TopologyIssue(
                    place: place.map { .edge($0) } ?? .whole,
                    message: "the tiers form a cycle: \(circle); remove one of these edges"))
            return found
        }
        return feedingIssues()
    }

    private func namingIssues() -> [TopologyIssue] {
        var found: [TopologyIssue] = []
        var seen: [String: String] = [:]
        for (index, tier) in tiers.enumerated() {
            if let problem = Name.problem(tier.name) {
                found.append(
                    TopologyIssue(place: .tier(index), message: "the tier '\(tier.name)' \(problem)"))
            }
            let folded = Name.folded(tier.name)
            if let other = seen[folded] {
                let why =
                    other == tier.name
                    ? "is already declared"
                    : "differs from '\(other)' only in case and punctuation, so exports could not tell them "
                        + "apart"
                found.append(TopologyIssue(place: .tier(index), message: "the tier '\(tier.name)' \(why)"))
            }
            seen[folded] = tier.name
            for problem in tier.partProblems {
                found.append(
                    TopologyIssue(place: .tier(index), message: "the tier '\(tier.name)' \(problem)"))
            }
            for (demandClass, time) in tier.service.sorted(by: { $0.key < $1.key }) {
                guard let problem = time.problem else { continue }
                found.append(
                    TopologyIssue(
                        place: .tier(index),
                        message:
                            "the tier '\(tier.name)' has a service time of '\(demandClass.rawValue)' with \(problem)"
                    ))
            }
        }
        for (demandClass, name) in sources.sorted(by: { $0.key < $1.key }) where index(of: name) == nil {
            found.append(
                TopologyIssue(place: .source(demandClass), message: unknown(name, "enters at")))
        }
        for (index, edge) in edges.enumerated() {
            for name in [edge.from, edge.to] where self.index(of: name) == nil {
                found.append(TopologyIssue(place: .edge(index), message: unknown(name, "names")))
            }
        }
        return found
    }

    private func unknown(_ name: String, _ verb: String) -> String {
        "\(verb) the tier '\(name)', which does not exist; the tiers are "
            + tiers.map(\.name).joined(separator: ", ")
    }

    private func feedingIssues() -> [TopologyIssue] {
        var found: [TopologyIssue] = []
        let visits = visits()
        for (index, tier) in tiers.enumerated() {
            if visits[index].total == 0 {
                found.append(
                    TopologyIssue(
                        place: .tier(index),
                        message:
                            "no messages reach the tier '\(tier.name)': add an edge to it, or a class that "
                            + "enters there"
                    ))
            } else if let pause = tier.rules.pause, pause.lengthSeconds >= pause.everySeconds {
                found.append(
                    TopologyIssue(
                        place: .tier(index),
                        message: "the tier '\(tier.name)' never works between its pauses: make them shorter "
                            + "or less frequent"))
            } else if tier.work(of: visits[index]) == 0 {
                let classes = DemandClass.allCases.filter { visits[index][$0] > 0 }.map(\.rawValue)
                found.append(
                    TopologyIssue(
                        place: .tier(index),
                        message: "the tier '\(tier.name)' has no service time for the messages that reach it "
                            + "("
                            + classes.joined(separator: ", ") + ")"))
            }
        }
        for (index, edge) in edges.enumerated() {
            guard let from = self.index(of: edge.from) else { continue }
            for demandClass in edge.carries.keys.sorted() where visits[from][demandClass] == 0 {
                found.append(
                    TopologyIssue(
                        place: .edge(index),
                        message:
                            "carries '\(demandClass.rawValue)', which never reaches the tier '\(edge.from)'"))
            }
        }
        return found
    }

    /// One circle of tier names, the first repeated at the end, or nil.
    private func cycle() -> [String]? {
        guard flowOrder() == nil else { return nil }
        for start in tiers {
            var path: [String] = [start.name]
            if extend(&path, backTo: start.name) { return path }
        }
        return nil
    }

    private func extend(_ path: inout [String], backTo start: String) -> Bool {
        guard let last = path.last else { return false }
        for edge in edges where edge.from == last {
            if edge.to == start {
                path.append(start)
                return true
            }
            guard !path.contains(edge.to) else { continue }
            path.append(edge.to)
            if extend(&path, backTo: start) { return true }
            path.removeLast()
        }
        return false
    }
}
