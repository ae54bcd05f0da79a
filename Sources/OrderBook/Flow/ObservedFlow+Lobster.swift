import Foundation
import Units

extension ObservedFlow {
    /// The flow of a LOBSTER message file.
    ///
    /// Executions of one time stamp against one side are one aggressor. Executions of hidden orders do not touch the book
    /// and are left out.
    ///
    /// - Parameters:
    ///   - messages: The messages, in order.
    ///   - first: The first row of the `orderbook` file, where there is one.
    ///   - rows: The row of that file that belongs to a message, by the message's number from 0.
    ///   - tick: Dollars times 10,000 of a tick.
    public init(
        lobster messages: [LobsterMessage], first: LobsterRow?, rows: (Int) -> LobsterRow?, tick: Int64
    ) {
        var replay = LobsterReplay(first: first, tick: tick)
        var state = BookState(usualPerSecond: ObservedFlow.pace(messages))
        var index = 0
        while index < messages.count {
            let message = messages[index]
            let time = Double(decimal: message.time) ?? 0
            var end = index + 1
            if message.type == 4 || message.type == 5 {
                while end < messages.count, messages[end].type == 4 || messages[end].type == 5,
                    messages[end].time == message.time, messages[end].side == message.side
                {
                    end += 1
                }
            }
            state.look(at: replay.book, time: time)
            if let event = ObservedFlow.event(messages[index..<end], replay, time) {
                events.append(event)
                times.append(time)
            }
            for place in index..<end { replay.apply(messages[place], row: rows(place)) }
            index = end
        }
        restingOrders = state.restingOrders
        touchByPace = state.touchByPace
        spreadTicks = state.spreadTicks
    }

    private static func pace(_ messages: [LobsterMessage]) -> Double {
        guard let first = messages.first.flatMap({ Double(decimal: $0.time) }),
            let last = messages.last.flatMap({ Double(decimal: $0.time) }), last > first
        else { return 1 }
        return Double(messages.count) / (last - first)
    }

    private static func event(
        _ messages: ArraySlice<LobsterMessage>, _ replay: LobsterReplay, _ time: Double
    ) -> Event? {
        guard let message = messages.first else { return nil }
        let price = message.price / replay.tick
        let (own, opposite) = (
            replay.book.best(message.side), replay.book.best(message.side.opposite)
        )
        let distance = own.map { message.side == .buy ? $0 - price : price - $0 } ?? 0
        let spread = own.flatMap { own in opposite.map { abs($0 - own) } } ?? 0
        switch message.type {
        case 1:
            return Event(time: time, kind: .add, distance: distance, spread: spread, quantity: message.size)
        case 2, 3:
            return Event(
                time: time, kind: .cancel, distance: distance, spread: spread, quantity: message.size)
        case 4, 5:
            let shown = messages.filter { $0.type == 4 }
            guard !shown.isEmpty else { return nil }
            return Event(
                time: time, kind: .take, distance: 0, spread: spread,
                quantity: shown.reduce(0) { $0 + $1.size }, fills: shown.count,
                levels: Set(shown.map(\.price)).count)
        default: return nil
        }
    }
}

/// Means over events of what the book is like.
struct BookState {
    private static let levelsMax = 50
    private static let paceLevels = 12

    private var sums = [Double](repeating: 0, count: DistanceBuckets.count)
    private var looks = 0.0
    private var spreads = 0.0
    private var spreadLooks = 0.0
    /// Times of the last second's events, as a ring.
    private var recent: [Double] = []
    private var oldest = 0
    private let usualPerSecond: Double
    private var touch = [(pace: Double, lots: Double, count: Double)](
        repeating: (0, 0, 0), count: BookState.paceLevels)

    init(usualPerSecond: Double) {
        self.usualPerSecond = max(usualPerSecond, 1e-9)
    }

    /// Looks at the book before an event.
    mutating func look(at book: Book, time: Double) {
        let sides = Side.allCases.map { book.levels($0, limit: BookState.levelsMax) }
        add(
            bids: sides[0].map { ($0.price, Double($0.orders), Double($0.quantity)) },
            asks: sides[1].map { ($0.price, Double($0.orders), Double($0.quantity)) }, time: time)
    }

    /// Looks at levels: price in ticks, orders, lots; the best first.
    mutating func add(
        bids: [(price: Int64, orders: Double, lots: Double)],
        asks: [(price: Int64, orders: Double, lots: Double)], time: Double
    ) {
        recent.append(time)
        while oldest < recent.count, recent[oldest] < time - 1 { oldest += 1 }
        looks += 1
        guard let bid = bids.first, let ask = asks.first else { return }
        for level in bids { sums[DistanceBuckets.index(of: bid.price - level.price)] += level.orders }
        for level in asks { sums[DistanceBuckets.index(of: level.price - ask.price)] += level.orders }
        spreads += Double(ask.price - bid.price)
        spreadLooks += 1
        let pace = Double(recent.count - oldest) / usualPerSecond
        let place = min(BookState.paceLevels - 1, max(0, Int(saturating: log2(max(pace, 1e-9)) + 4)))
        touch[place].pace += pace
        touch[place].lots += bid.lots + ask.lots
        touch[place].count += 1
    }

    var restingOrders: [Double] { sums.map { looks > 0 ? $0 / looks : 0 } }
    var spreadTicks: Double { spreadLooks > 0 ? spreads / spreadLooks : 0 }
    var touchByPace: [(pace: Double, lots: Double, weight: Double)] {
        touch.filter { $0.count > 0 }.map { ($0.pace / $0.count, $0.lots / $0.count, $0.count) }
    }
}
