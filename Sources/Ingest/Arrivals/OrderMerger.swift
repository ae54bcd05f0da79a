import Tape
import Units

/// Tells which trades of a log begin an order, so that the fills of one taker order count once.
///
/// Fills of one order share its time stamp and side, have consecutive ids, and move the price one way: up where the
/// taker buys, down where it sells. What a log does not have (ids, sides) is not asked for; the first move then says
/// which way. A clock that cannot tell two orders apart makes one of them where the price allows.
struct OrderMerger {
    private var last: TradeEvent?
    /// Which way the order at hand has moved the price, in the order of the file: −1, 0 or 1.
    private var direction: Int64 = 0

    /// Whether a trade begins an order; otherwise it is a further fill of the one before it in the file.
    mutating func begins(_ trade: TradeEvent) -> Bool {
        defer { last = trade }
        guard let last, last.time == trade.time, last.side == trade.side,
            let step = OrderMerger.step(from: last.ids, to: trade.ids)
        else {
            direction = 0
            return true
        }
        let move = (trade.price - last.price).signum()
        if move == 0 { return false }
        // Newest first, a buy goes down.
        let allowed: Int64 =
            switch trade.side {
            case .buy: step
            case .sell: -step
            case .unknown: direction == 0 ? move : direction
            }
        guard move == allowed else {
            direction = 0
            return true
        }
        direction = move
        return false
    }

    /// 1 where the second ids follow the first, −1 where they come just before them; nil where neither.
    private static func step(from one: ClosedRange<Int64>?, to other: ClosedRange<Int64>?) -> Int64? {
        guard let one = counted(one), let other = counted(other) else { return 1 }
        if other.lowerBound == one.upperBound + 1 { return 1 }
        return other.upperBound == one.lowerBound - 1 ? -1 : nil
    }

    /// Ids that count; those hashed from a text are above any count and follow in no order.
    private static func counted(_ ids: ClosedRange<Int64>?) -> ClosedRange<Int64>? {
        guard let ids, ids.lowerBound > 0, ids.upperBound < 1 << 56 else { return nil }
        return ids
    }
}
