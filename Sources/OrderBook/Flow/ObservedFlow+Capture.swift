extension ObservedFlow {
    /// The flow behind a capture of depth, best prices and trades.
    ///
    /// A capture shows levels, not orders: a level that grows counts as a new order, one that shrinks by more than what
    /// traded there as a cancel. Trades of one exchange time and side are one aggressor. All messages tell the bursts.
    public init(capture messages: [CaptureMessage]) {
        let units = CaptureUnits(messages)
        let seconds = (messages.last?.time ?? 0) - (messages.first?.time ?? 0)
        var state = BookState(
            usualPerSecond: seconds > 0 ? Double(messages.count) / seconds : 1)
        var reader = CaptureReader(units: units)
        var looks = 0.0
        for message in messages {
            times.append(message.time)
            switch message.content {
            case .depth(let bids, let asks):
                events += reader.change(bids: bids, asks: asks, time: message.time)
                looks += 1
                if let look = reader.look() {
                    state.add(bids: look.bids, asks: look.asks, time: message.time)
                }
            case .best(let bid, let ask): reader.tell(bid: bid.price, ask: ask.price)
            case .trade(let trade, let exchangeTime, let isBuyerMaker):
                if let event = reader.trade(trade, exchangeTime, isBuyerMaker, time: message.time) {
                    events.append(event)
                }
            case .other: break
            }
        }
        if let event = reader.finish() { events.append(event) }
        restingOrders = state.restingOrders
        touchByPace = state.touchByPace
        spreadTicks = state.spreadTicks
        lookSeconds = looks > 0 ? seconds / looks : 0
    }
}

/// The tick and the lot of a capture: the largest of which all prices and quantities are multiples.
struct CaptureUnits {
    var tick: Int64 = 0
    var lot: Int64 = 0

    init(_ messages: [CaptureMessage]) {
        for message in messages {
            switch message.content {
            case .depth(let bids, let asks): (bids + asks).forEach { take($0) }
            case .best(let bid, let ask): [bid, ask].forEach { take($0) }
            case .trade(let trade, _, _): take(trade)
            case .other: break
            }
        }
        tick = max(1, tick)
        lot = max(1, lot)
    }

    private mutating func take(_ level: CaptureMessage.Level) {
        tick = CaptureUnits.common(tick, level.price)
        lot = CaptureUnits.common(lot, level.quantity)
    }

    private static func common(_ one: Int64, _ other: Int64) -> Int64 {
        var (one, other) = (one, other)
        while other != 0 { (one, other) = (other, one % other) }
        return one
    }
}

/// Follows the levels of a capture.
private struct CaptureReader {
    struct Level {
        var price: Int64
        var lots: Int64
        var orders: Double
    }

    private static let levelsMax = 50

    let units: CaptureUnits
    /// Bids and asks, the best first.
    private var sides: [[Level]] = [[], []]
    /// What traded at each price and is yet to be seen in the depth, in lots.
    private var traded: [Int64: Int64] = [:]
    /// How far behind the best each side is looked at; what happens farther out does not count.
    private var reach: [Int64] = [0, 0]
    private var open: (time: Int64, isBuyerMaker: Bool, event: ObservedFlow.Event, prices: Set<Int64>)?

    init(units: CaptureUnits) {
        self.units = units
    }

    private func isAhead(_ side: Int, _ one: Int64, _ other: Int64) -> Bool {
        side == 0 ? one > other : one < other
    }

    /// The best prices as the exchange tells them, in units of 10⁻⁸: levels past them are stale.
    mutating func tell(bid: Int64, ask: Int64) {
        sides[0].removeFirst(position(0, bid / units.tick))
        sides[1].removeFirst(position(1, ask / units.tick))
    }

    /// Levels have new quantities. What left is taken to have left before what came, so that a price that moves is an
    /// empty level first and an order inside the spread then.
    mutating func change(
        bids: [CaptureMessage.Level], asks: [CaptureMessage.Level], time: Double
    ) -> [ObservedFlow.Event] {
        // The nearest to the other side first: an order that closes the spread comes before those behind it.
        let changes =
            bids.sorted { $0.price > $1.price }.map { (side: 0, level: $0) }
            + asks.sorted { $0.price < $1.price }.map { (side: 1, level: $0) }
        var events: [ObservedFlow.Event] = []
        for isGrowth in [false, true] {
            for change in changes {
                let lots = change.level.quantity / units.lot
                let price = change.level.price / units.tick
                let before = level(change.side, price)?.lots ?? 0
                guard (lots > before) == isGrowth, lots != before else { continue }
                if let event = set(change.side, price, lots: lots, before: before, time: time) {
                    events.append(event)
                }
            }
        }
        return events
    }

    private func level(_ side: Int, _ price: Int64) -> Level? {
        let place = position(side, price)
        guard place < sides[side].count, sides[side][place].price == price else { return nil }
        return sides[side][place]
    }

    /// One level's new quantity, and the event that it stands for.
    private mutating func set(
        _ side: Int, _ price: Int64, lots: Int64, before: Int64, time: Double
    ) -> ObservedFlow.Event? {
        let event = event(side, price, change: lots - before, time: time)
        let place = position(side, price)
        if before == 0 {
            sides[side].insert(Level(price: price, lots: lots, orders: 1), at: place)
        } else if lots == 0 {
            sides[side].remove(at: place)
        } else {
            let orders = sides[side][place].orders + (lots > before ? 1 : -1)
            sides[side][place] = Level(price: price, lots: lots, orders: max(1, orders))
        }
        return event
    }

    private mutating func event(
        _ side: Int, _ price: Int64, change: Int64, time: Double
    ) -> ObservedFlow.Event? {
        var change = change
        if change < 0, let gone = traded[price] {
            let explained = min(gone, -change)
            traded[price] = gone > explained ? gone - explained : nil
            change += explained
        }
        guard change != 0, let bid = sides[0].first?.price, let ask = sides[1].first?.price, bid < ask else {
            return nil
        }
        let distance = side == 0 ? bid - price : price - ask
        guard -distance < ask - bid, distance <= reach[side] else { return nil }
        return ObservedFlow.Event(
            time: time, kind: change > 0 ? .add : .cancel, distance: distance, spread: ask - bid,
            quantity: abs(change))
    }

    /// Where a price stands or would stand.
    private func position(_ side: Int, _ price: Int64) -> Int {
        var low = 0
        var high = sides[side].count
        while low < high {
            let middle = (low + high) / 2
            if isAhead(side, sides[side][middle].price, price) { low = middle + 1 } else { high = middle }
        }
        return low
    }

    /// The levels near the touch; nil where a side is empty or the two cross.
    mutating func look() -> (
        bids: [(price: Int64, orders: Double, lots: Double)],
        asks: [(price: Int64, orders: Double, lots: Double)]
    )? {
        let near = sides.map { side in
            side.prefix(CaptureReader.levelsMax).map { ($0.price, $0.orders, Double($0.lots)) }
        }
        guard let bid = near[0].first, let ask = near[1].first, bid.0 < ask.0, let lastBid = near[0].last,
            let lastAsk = near[1].last
        else { return nil }
        reach = [bid.0 - lastBid.0, lastAsk.0 - ask.0]
        return (near[0], near[1])
    }

    /// A trade; gives the aggressor before it where this one is another's.
    mutating func trade(
        _ trade: CaptureMessage.Level, _ exchangeTime: Int64, _ isBuyerMaker: Bool, time: Double
    ) -> ObservedFlow.Event? {
        let price = trade.price / units.tick
        let lots = trade.quantity / units.lot
        traded[price, default: 0] += lots
        if traded.count > 10_000 { traded.removeAll() }
        var done: ObservedFlow.Event?
        if let last = open, last.time != exchangeTime || last.isBuyerMaker != isBuyerMaker { done = finish() }
        if open == nil {
            open = (
                exchangeTime, isBuyerMaker,
                ObservedFlow.Event(time: time, kind: .take, distance: 0, spread: 0, quantity: 0), []
            )
        }
        open?.event.quantity += lots
        open?.event.fills += 1
        open?.prices.insert(price)
        return done
    }

    /// The aggressor that is still open.
    mutating func finish() -> ObservedFlow.Event? {
        guard var last = open else { return nil }
        open = nil
        last.event.levels = last.prices.count
        return last.event
    }
}
