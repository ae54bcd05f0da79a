import Foundation
import Numerics
import Units

/// Generates orders by `FlowParameters` and matches them in a book of its own.
///
/// Each tick of the clock picks among new orders, cancels and aggressors in proportion to their rates in the book's
/// present state. A cancel picks any order and is rejected in proportion to how much slower its distance is cancelled
/// than the fastest (thinning), so that no sum over the book is needed.
public struct OrderFlow {
    /// What was done to the book.
    public struct Message: Sendable, Equatable {
        /// Seconds from the start.
        public var time: Double
        /// A new order or an aggressor; nil where an order was cancelled.
        public var order: Order?
        /// The order that was cancelled; nil otherwise.
        public var cancelled: UInt64?
        /// More orders that came or were cancelled with it, alike but for their ids, which follow its own.
        public var followers = 0
        /// Ticks behind the best price of its side before it, negative where it betters it; 0 for aggressors.
        public var distance: Int64
        /// The spread before it, in ticks.
        public var spread: Int64
        /// Lots at the best prices of both sides before it.
        public var touchLots: Int64
        /// What the book answered.
        public var outcome: Outcome
    }

    public let book = Book(capacity: 4096)
    private let parameters: FlowParameters
    private var random: Random
    private var clock: HawkesClock
    private var live: [(ids: ClosedRange<UInt64>, side: Side, price: Int64)] = []
    private var nextID: UInt64 = 1
    private let addSums: [Double]
    private let cancelMax: Double
    private let cancelFactor: Double
    /// What a side is priced from while it is empty.
    private var lastBest: [Int64]

    /// Where the book starts, in ticks.
    private static let startPrice: Int64 = 1 << 30
    /// The least surge by which cancels are scaled.
    private static let leastSurge = 1e-3
    /// The most orders that a distance has at the start. Chosen for memory.
    private static let startOrdersMax = 100_000

    /// A flow.
    ///
    /// - Parameters:
    ///   - parameters: The model.
    ///   - seed: Everything random follows from it.
    ///   - surge: A factor on the pace of events: what comes then comes faster, to a thinner book.
    public init(_ parameters: FlowParameters, seed: UInt64, surge: Double = 1) {
        self.parameters = parameters
        random = Random(seed: seed, stream: 71)
        var arrivals = parameters.arrivals
        arrivals.ratePerSecond *= surge
        // A surge is more of the same within each second, so that its bursts quicken with it.
        for index in arrivals.components.indices { arrivals.components[index].decayPerSecond *= surge }
        clock = HawkesClock(arrivals, random: &random)
        var sum = 0.0
        addSums = parameters.addDistances.map { share in
            sum += share
            return sum
        }
        cancelFactor = pow(max(surge, OrderFlow.leastSurge), parameters.thinningExponent)
        cancelMax = (parameters.cancelShares.max() ?? 0) * cancelFactor
        lastBest = [OrderFlow.startPrice, OrderFlow.startPrice + 1]
        fillBook()
    }

    /// The book as it usually is: at each distance the usual number of orders.
    private mutating func fillBook() {
        for side in Side.allCases {
            for (bucket, orders) in parameters.restingOrders.enumerated() where orders > 0 {
                for _ in 0..<min(OrderFlow.startOrdersMax, random.poisson(mean: orders / 2)) {
                    rest(side, distance: distance(in: bucket), quantity: pick(parameters.addQuantities))
                }
            }
        }
    }

    private mutating func rest(_ side: Side, distance: Int64, quantity: Int64) {
        let best = lastBest[Int(side.rawValue)]
        _ = submit(side, price: side == .buy ? best - distance : best + distance, quantity: quantity)
    }

    /// One new order, or as many of about that quantity together as a change of a level stands for.
    private mutating func submit(
        _ side: Side, price: Int64, quantity: Int64
    ) -> (order: Order, followers: Int, outcome: Outcome) {
        let more = parameters.ordersPerAdd > 1 ? random.poisson(mean: parameters.ordersPerAdd - 1) : 0
        let count = min(Int64(more) + 1, quantity)
        var order = Order(
            id: nextID, side: side, price: price, quantity: (quantity + count / 2) / count)
        let first = order
        let outcome = book.submit(order)
        for _ in 1..<max(1, count) {
            order.id += 1
            book.submit(order)
        }
        nextID = order.id + 1
        if outcome.status == .resting { live.append((first.id...order.id, side, price)) }
        return (first, Int(count) - 1, outcome)
    }

    /// The next message, already applied.
    public mutating func next() -> Message {
        let time = clock.next(&random)
        while true {
            if let message = attempt(time) { return message }
        }
    }

    private mutating func attempt(_ time: Double) -> Message? {
        let adds = parameters.addShare
        let cancels = cancelMax * Double(live.count)
        let luck = random.uniform() * (adds + cancels + parameters.takeShare)
        if luck < adds { return add(time) }
        if luck < adds + cancels { return cancel(time) }
        return take(time)
    }

    private mutating func best(_ side: Side) -> Int64 {
        if let price = book.best(side) { lastBest[Int(side.rawValue)] = price }
        return lastBest[Int(side.rawValue)]
    }

    private func touchLots() -> Int64 {
        Side.allCases.reduce(0) { $0 + (book.levels($1, limit: 1).first?.quantity ?? 0) }
    }

    private mutating func add(_ time: Double) -> Message? {
        let side: Side = random.uniform() < 0.5 ? .buy : .sell
        let (own, opposite) = (best(side), best(side.opposite))
        let spread = max(1, side == .buy ? opposite - own : own - opposite)
        let distance = placement(spread: spread)
        let price = side == .buy ? own - distance : own + distance
        guard price > 0 else { return nil }
        let touch = touchLots()
        let (order, followers, outcome) = submit(side, price: price, quantity: pick(parameters.addQuantities))
        return Message(
            time: time, order: order, cancelled: nil, followers: followers, distance: distance,
            spread: spread,
            touchLots: touch, outcome: outcome)
    }

    /// Ticks behind the own best: negative inside the spread.
    private mutating func placement(spread: Int64) -> Int64 {
        let share = parameters.betterScale * parameters.betterShares[DistanceBuckets.index(of: spread)]
        if spread > 1, !parameters.betterParts.isEmpty, random.uniform() < share {
            // Where more would better it than come, those who come better it by as much more.
            let one = parameters.betterParts[random.index(below: parameters.betterParts.count)]
            let part = share > 1 ? 1 - pow(max(0, 1 - one), share) : one
            return -min(spread - 1, max(1, Int64(saturating: (part * Double(spread)).rounded())))
        }
        let luck = random.uniform() * (addSums.last ?? 0)
        return distance(in: addSums.firstIndex { luck < $0 } ?? 0)
    }

    private mutating func spread() -> Int64 { best(.sell) - best(.buy) }

    private mutating func cancel(_ time: Double) -> Message? {
        let chosen = random.index(below: live.count)
        let order = live[chosen]
        // The last of them is the last to trade.
        guard book.remaining(order.ids.upperBound) != nil else {
            remove(chosen)
            return nil
        }
        let own = best(order.side)
        let distance = order.side == .buy ? own - order.price : order.price - own
        let spread = spread()
        let share = parameters.cancelShares[DistanceBuckets.index(of: distance)] * cancelFactor
        guard random.uniform() * cancelMax < share else { return nil }
        remove(chosen)
        let touch = touchLots()
        guard let first = order.ids.first(where: { book.remaining($0) != nil }) else { return nil }
        let outcome = book.cancel(first)
        for id in order.ids where id > first { book.cancel(id) }
        return Message(
            time: time, order: nil, cancelled: first, followers: Int(order.ids.upperBound - first),
            distance: distance, spread: spread, touchLots: touch, outcome: outcome)
    }

    private mutating func remove(_ index: Int) {
        live.swapAt(index, live.count - 1)
        live.removeLast()
    }

    private mutating func take(_ time: Double) -> Message? {
        let side: Side = random.uniform() < 0.5 ? .buy : .sell
        let quantity = random.uniform() < parameters.sweepShare ? deepSize(side) : size(side)
        guard let quantity else { return nil }
        let spread = spread()
        let touch = touchLots()
        let order = Order(
            id: nextID, side: side, price: 0, quantity: quantity, kind: .market,
            timeInForce: .immediateOrCancel)
        nextID += 1
        return Message(
            time: time, order: order, cancelled: nil, distance: 0, spread: spread, touchLots: touch,
            outcome: book.submit(order))
    }

    /// What an aggressor wants that goes no farther than the best level; nil where nothing rests.
    private mutating func size(_ side: Side) -> Int64? {
        let wanted = Double(pick(parameters.takeQuantities)) * parameters.takeScale
        let level = book.levels(side.opposite, limit: 1).first
        return level.map { min($0.quantity, max(1, Int64(saturating: min(wanted, 1e15).rounded()))) }
    }

    /// What an aggressor wants that goes through levels: all but the last, and a part of that.
    private mutating func deepSize(_ side: Side) -> Int64? {
        guard !parameters.deepLevels.isEmpty else { return nil }
        let reach = parameters.deepLevels[random.index(below: parameters.deepLevels.count)]
        let levels = book.levels(side.opposite, limit: reach)
        guard let last = levels.last else { return nil }
        let whole = levels.dropLast().reduce(0) { $0 + $1.quantity }
        return whole + 1 + Int64(random.index(below: Int(last.quantity)))
    }

    private mutating func distance(in bucket: Int) -> Int64 {
        let range = DistanceBuckets.distances(of: bucket)
        return range.lowerBound + Int64(random.index(below: range.count))
    }

    private mutating func pick(_ sizes: [Int64]) -> Int64 { sizes[random.index(below: sizes.count)] }
}

extension ObservedFlow {
    /// A generated flow, as it would have been observed.
    ///
    /// - Parameters:
    ///   - parameters: The model.
    ///   - count: Messages to generate, after a warm-up of a quarter as many.
    ///   - seed: Everything random follows from it.
    ///   - surge: A factor on the pace of events.
    ///   - visit: Called with every message that counts.
    public init(
        generating parameters: FlowParameters, events count: Int, seed: UInt64, surge: Double = 1,
        visit: (OrderFlow.Message) -> Void = { _ in }
    ) {
        var flow = OrderFlow(parameters, seed: seed, surge: surge)
        for _ in 0..<count / 4 { _ = flow.next() }
        events.reserveCapacity(count)
        times.reserveCapacity(count)
        var touch = 0.0
        var looks = 0.0
        var nextLook = 0.0
        lookSeconds = parameters.lookSeconds
        for _ in 0..<count {
            let bid = flow.book.best(.buy)
            let ask = flow.book.best(.sell)
            let message = flow.next()
            let kind: Event.Kind =
                message.cancelled != nil ? .cancel : message.order?.kind == .market ? .take : .add
            events.append(
                Event(
                    time: message.time, kind: kind, distance: message.distance, spread: message.spread,
                    quantity: kind == .take
                        ? message.outcome.filled
                        : (message.order?.quantity ?? 0) * Int64(message.followers + 1),
                    fills: message.outcome.fills, levels: message.outcome.levelsSwept))
            times.append(message.time)
            if message.time >= nextLook, let bid, let ask {
                // The book stood like this until now, for as many looks as there were since.
                let stood = lookSeconds > 0 ? ((message.time - nextLook) / lookSeconds).rounded(.down) + 1 : 1
                nextLook += stood * lookSeconds
                looks += stood
                touch += stood * Double(message.touchLots)
                spreadTicks += stood * Double(ask - bid)
            }
            visit(message)
        }
        spreadTicks /= max(1, looks)
        touchByPace = [(surge, touch / max(1, looks), looks)]
    }
}
