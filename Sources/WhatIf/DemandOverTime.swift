import Exchange

/// The messages that enter the exchange in every second, by group of symbols and class, without bursts.
struct DemandOverTime: Sendable {
    /// Messages by class, `[row][group]`, flat; seconds that are alike share a row.
    private var rows: [SIMD4<Double>] = []
    /// The row of each second.
    private var rowOfSecond: [Int32] = []
    private let groupCount: Int
    /// The most trades a second that each symbol comes to.
    private(set) var peakTrades: [Double]

    init(_ scenario: Scenario, _ input: WhatIfInput, flow: FlowGraph, count: Int) {
        groupCount = flow.groupCount
        peakTrades = input.tradesPerSecond
        rowOfSecond.reserveCapacity(count)
        let waves = scenario.events.compactMap { Wave($0, input) }
        var last: [Double]?
        for index in 0..<count {
            let strengths = waves.map { $0.event.strength(at: Conditions.second(index)) }
            if strengths != last {
                append(strengths, waves, input, flow)
                last = strengths
            }
            rowOfSecond.append(Int32(rows.count / groupCount - 1))
        }
    }

    /// Messages of one group that enter in a second.
    func messages(index: Int, group: Int) -> SIMD4<Double> {
        rows[Int(rowOfSecond[index]) * groupCount + group]
    }

    private mutating func append(
        _ strengths: [Double], _ waves: [Wave], _ input: WhatIfInput, _ flow: FlowGraph
    ) {
        var row = [SIMD4<Double>](repeating: .zero, count: groupCount)
        let extra = zip(waves, strengths).reduce(0) { $0 + $1.0.queriesPerSecond * $1.1 }
        let allTrades = input.tradesPerSecond.reduce(0, +)
        for symbol in input.symbols.indices {
            var trades = input.tradesPerSecond[symbol]
            var queries = 1.0
            for (wave, strength) in zip(waves, strengths) {
                trades *= 1 + (wave.factors[symbol] - 1) * strength
                queries *= 1 + (wave.queryFactor - 1) * strength
            }
            peakTrades[symbol] = max(peakTrades[symbol], trades)
            var messages = input.symbols[symbol].mix.perTrade.perSecond * trades
            messages[DemandClass.query.position] *= queries
            // Clients are shared out among the symbols as trades are.
            let share =
                allTrades > 0 ? input.tradesPerSecond[symbol] / allTrades : 1 / Double(input.symbols.count)
            messages[DemandClass.query.position] += extra * share
            row[flow.groupOfSymbol[symbol]] += messages
        }
        rows += row
    }

    /// An event that changes the demand.
    private struct Wave {
        var event: Disturbance
        /// The factor on each symbol at full strength.
        var factors: [Double]
        /// The factor on queries at full strength.
        var queryFactor = 1.0
        /// Queries a second on top at full strength.
        var queriesPerSecond = 0.0

        init?(_ event: Disturbance, _ input: WhatIfInput) {
            self.event = event
            switch event.effect {
            case .surge(let factor, let symbols):
                factors = input.matches(symbols).map { $0 ? factor : 1 }
            case .listing(let factor, let symbol, let others):
                let trades = input.tradesPerSecond
                let busiest = trades.indices.max { (trades[$0], $1) < (trades[$1], $0) }
                let listed = symbol.map(input.matches) ?? trades.indices.map { $0 == busiest }
                factors = listed.map { $0 ? factor : others }
            case .flood(let factor):
                factors = input.symbols.map { _ in 1 }
                queryFactor = factor
            case .reconnect(let requests):
                factors = input.symbols.map { _ in 1 }
                queriesPerSecond = requests
            default: return nil
            }
        }
    }
}
