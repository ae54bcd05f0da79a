import Foundation

/// A frame of a WebSocket capture: the nanosecond at which it came, a space, and Binance's combined-stream JSON.
public struct CaptureMessage: Sendable, Equatable {
    /// A price and what rests or traded there, both in units of 10⁻⁸.
    public struct Level: Sendable, Equatable {
        public var price: Int64
        /// The quantity; 0 where the level is gone.
        public var quantity: Int64
    }

    /// What a frame says.
    public enum Content: Sendable, Equatable {
        /// Levels that changed.
        case depth(bids: [Level], asks: [Level])
        case best(bid: Level, ask: Level)
        /// A trade: its time at the exchange, and whether the buyer rested.
        case trade(Level, exchangeMilliseconds: Int64, isBuyerMaker: Bool)
        /// Anything else.
        case other
    }

    /// Seconds since the epoch.
    public var time: Double
    /// What it says.
    public var content: Content

    /// Reads a line; nil where it is none.
    public init?(line: some StringProtocol) {
        guard let space = line.firstIndex(of: " "), let nanoseconds = Int64(line[..<space]),
            let object = try? JSONSerialization.jsonObject(
                with: Data(line[line.index(after: space)...].utf8)) as? [String: Any]
        else { return nil }
        time = Double(nanoseconds) * 1e-9
        content = CaptureMessage.content(object["data"] as? [String: Any] ?? object)
    }

    private static func content(_ data: [String: Any]) -> Content {
        if let bids = levels(data["b"] ?? data["bids"]), let asks = levels(data["a"] ?? data["asks"]) {
            return .depth(bids: bids, asks: asks)
        }
        if let bid = level(data["b"], data["B"]), let ask = level(data["a"], data["A"]) {
            return .best(bid: bid, ask: ask)
        }
        if let trade = level(data["p"], data["q"]), let time = (data["T"] as? NSNumber)?.int64Value,
            let isBuyerMaker = data["m"] as? Bool
        {
            return .trade(trade, exchangeMilliseconds: time, isBuyerMaker: isBuyerMaker)
        }
        return .other
    }

    private static func levels(_ value: Any?) -> [Level]? {
        guard let list = value as? [[Any]] else { return nil }
        return list.compactMap { $0.count >= 2 ? level($0[0], $0[1]) : nil }
    }

    private static func level(_ price: Any?, _ quantity: Any?) -> Level? {
        guard let price = (price as? String).flatMap(fixed),
            let quantity = (quantity as? String).flatMap(fixed)
        else { return nil }
        return Level(price: price, quantity: quantity)
    }

    /// A decimal number in units of 10⁻⁸; nil where it is none or too large.
    static func fixed(_ text: String) -> Int64? {
        var value: Int64 = 0
        var decimals = -1
        for byte in text.utf8 {
            if byte == UInt8(ascii: "."), decimals < 0 {
                decimals = 0
                continue
            }
            guard byte >= 48, byte <= 57 else { return nil }
            if decimals == 8 { continue }
            let (product, over) = value.multipliedReportingOverflow(by: 10)
            guard !over, product <= Int64.max - 10 else { return nil }
            value = product + Int64(byte - 48)
            if decimals >= 0 { decimals += 1 }
        }
        for _ in max(0, decimals)..<8 {
            let (product, over) = value.multipliedReportingOverflow(by: 10)
            guard !over else { return nil }
            value = product
        }
        return text.isEmpty ? nil : value
    }
}
