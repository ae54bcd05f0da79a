import Exchange
import Units
import WhatIf

extension Incident {
    /// One line of the comparison.
    public struct Comparison: Sendable, Equatable {
        public var run: String
        /// What it is, as `recovers after`.
        public var figure: String
        /// What was published, with its unit; nil: nothing was.
        public var reported: String?
        /// What the model shows.
        public var model: String
        /// Whether both are the same, within what the file allows; nil: nothing was published, or the model was given it.
        public var agrees: Bool?
        /// Whether the model was given it.
        public var isGiven: Bool
    }

    /// Replays all runs, and compares their figures.
    ///
    /// - Throws: `WhatIfError` where a run names a tier that there is not.
    public func comparisons() throws(WhatIfError) -> [Comparison] {
        var lines: [Comparison] = []
        for run in runs {
            let tiers = run.tiers.isEmpty ? tiers : run.tiers
            let input = Incident.input(tiers, run.requestsPerSecond ?? requestsPerSecond)
            // Only the tiers' own clients give up: what was published names their timeouts.
            let options = WhatIfOptions(
                seeksChange: false, timeoutSeconds: 86_400, settleSeconds: run.watchSeconds)
            let rows = try course(of: Scenario(name: name, events: run.events), on: input, options: options)
            lines += run.figures.map { $0.comparison(run: run.name, rows, first: tiers.first?.name ?? "") }
        }
        return lines
    }

    /// The machine on which replays run: a core, so that a tier's service times and nodes alone say what it can do.
    private static let catalogue = Catalogue(
        source: "incidents",
        shapes: [
            Shape(
                name: "core", cores: 1, memoryGiB: 1, networkGbps: 1, onDemandPerHour: .zero,
                reservedPerHour: .zero, warmUpSeconds: 0)
        ])

    private static func input(_ tiers: [Tier], _ requestsPerSecond: Double) -> WhatIfInput {
        let edges = zip(tiers, tiers.dropFirst()).map {
            Topology.Edge(from: $0.name, to: $1.name, carries: [.order: 1])
        }
        let symbol = SymbolDemand(
            id: SeriesID(kind: "requests", venue: "incident", name: "all"),
            mix: MessageMix(ordersPerTrade: 1, cancelsPerTrade: 0, queriesPerTrade: 0), bursts: .poisson)
        var placements: [String: Placement] = [:]
        for tier in tiers where tier.kind.isSharded {
            placements[tier.name] = Placement(shardCount: tier.nodes, shardOfSymbol: [0])
        }
        return WhatIfInput(
            topology: Topology(
                tiers: tiers, sources: tiers.first.map { [.order: $0.name] } ?? [:], edges: edges),
            catalogue: catalogue, placements: placements, zones: ["a"], symbols: [symbol],
            tradesPerSecond: [requestsPerSecond])
    }
}

extension Incident.Figure {
    fileprivate func comparison(
        run: String, _ rows: [QueueSecond], first: String
    ) -> Incident.Comparison {
        let own = rows.filter {
            $0.tier == tier ?? first && Double($0.second) >= fromSeconds
                && Double($0.second) < toSeconds ?? .infinity
        }
        let value = measure.value(of: own, from: fromSeconds)
        let number = reported.flatMap { Double(decimal: $0) }
        let model =
            switch value {
            case .word(let word): word
            case .number(let number): measure.text(number)
            }
        var agrees: Bool?
        if let reported {
            switch (value, number) {
            case (.word(let word), _): agrees = word == reported
            case (.number(let model), let number?): agrees = abs(model - number) <= within * abs(number)
            case (.number, nil): agrees = false
            }
        }
        return Incident.Comparison(
            run: run, figure: measure.words, reported: number.map(measure.text) ?? reported, model: model,
            agrees: isGiven ? nil : agrees, isGiven: isGiven)
    }
}
