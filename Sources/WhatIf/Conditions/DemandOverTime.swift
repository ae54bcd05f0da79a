import Exchange

/// The messages that enter the exchange in every second, by group of symbols and class, without bursts.
struct DemandOverTime: Sendable {
    /// Messages by class, `[row][group]`, flat; seconds that are alike share a row.
    private var rows: [SIMD4<Double>] = []
    /// The row of each second.
    private var rowOfSecond: [Int32] = []
    private let groupCount: Int
    /// The trading of each group over what it is undisturbed, weighted by messages: `[row][group]`, flat.
    private(set) var levels: [Double] = []
    /// The most trades a second that each symbol comes to.
    private(set) var peakTrades: [Double]

    init(_ scenario: Scenario, _ input: WhatIfInput, flow: FlowGraph, count: Int) {
        groupCount = flow.groupCount
        peakTrades = input.tradesPerSecond
        rowOfSecond.reserveCapacity(count)
        let acts = scenario.events.compactMap { event in
            event.kind.act(onDemandOf: input).map { (course: event.course, act: $0) }
        }
        var last: [Moment]?
        for index in 0..<count {
            let second = Conditions.second(index)
            let moments = acts.map { $0.act.essence(of: $0.course.moment(at: second)) }
            if moments != last {
                var demand = DisturbedDemand(input)
                for (place, moment) in moments.enumerated() where moment.isPresent {
                    acts[place].act.act(on: &demand, at: moment)
                }
                append(demand, input, flow)
                last = moments
            }
            rowOfSecond.append(Int32(rows.count / groupCount - 1))
        }
    }

    /// Messages of one group that enter in a second.
    func messages(index: Int, group: Int) -> SIMD4<Double> {
        rows[place(index: index, group: group)]
    }

    /// Where a group in a second stands in what is kept by row and group.
    func place(index: Int, group: Int) -> Int { Int(rowOfSecond[index]) * groupCount + group }

    private mutating func append(_ demand: DisturbedDemand, _ input: WhatIfInput, _ flow: FlowGraph) {
        var row = [SIMD4<Double>](repeating: .zero, count: groupCount)
        var weights = [SIMD2<Double>](repeating: .zero, count: groupCount)
        let allTrades = input.tradesPerSecond.reduce(0, +)
        for symbol in input.symbols.indices {
            let trades = demand.trades[symbol]
            peakTrades[symbol] = max(peakTrades[symbol], trades)
            var messages = input.symbols[symbol].mix.perTrade.perSecond * trades
            messages *= demand.factors[symbol]
            // Clients are shared out among the symbols as trades are.
            let share =
                allTrades > 0 ? input.tradesPerSecond[symbol] / allTrades : 1 / Double(input.symbols.count)
            messages += demand.extraPerSecond * share
            row[flow.groupOfSymbol[symbol]] += messages
            let perTrade = input.symbols[symbol].mix.perTrade.total
            weights[flow.groupOfSymbol[symbol]] +=
                SIMD2(trades, input.tradesPerSecond[symbol]) * perTrade
        }
        rows += row
        levels += weights.map { $0.y > 0 ? $0.x / $0.y : 1 }
    }
}
