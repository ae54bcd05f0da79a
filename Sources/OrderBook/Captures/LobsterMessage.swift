/// A message of LOBSTER's reconstructed NASDAQ data: `time,type,order,size,price,direction`.
public struct LobsterMessage: Sendable, Equatable {
    /// Seconds after midnight, as it was written.
    public var time: Substring
    /// 1 a new order, 2 a reduction, 3 a deletion, 4 an execution, 5 one of a hidden order, 6 a cross, 7 a halt.
    public var type: Int
    public var order: UInt64
    /// Shares.
    public var size: Int64
    /// Dollars times 10,000.
    public var price: Int64
    /// The side of the resting order.
    public var side: Side

    /// Reads a line; nil where it is none.
    public init?(line: Substring) {
        let fields = line.split(separator: ",", omittingEmptySubsequences: false)
        guard fields.count >= 6, let type = Int(fields[1]), (1...7).contains(type),
            let order = Int64(fields[2]),
            let size = Int64(fields[3]), let price = Int64(fields[4]), let direction = Int(fields[5]),
            direction == 1 || direction == -1, size >= 0, size <= Order.valueMax,
            abs(price) <= Order.valueMax
        else { return nil }
        time = fields[0]
        self.type = type
        self.order = UInt64(bitPattern: order)
        self.size = size
        self.price = price
        side = direction == 1 ? .buy : .sell
    }
}

/// The levels of one row of LOBSTER's `orderbook` file: ask price, ask size, bid price, bid size, and so on downward.
public struct LobsterRow: Sendable, Equatable {
    /// Asks, the best first; nil where there is no such level.
    public var asks: [Book.Level?] = []
    /// Bids likewise.
    public var bids: [Book.Level?] = []

    /// What stands for the price of a level that is not there.
    public static let noPrice: Int64 = 9_999_999_999

    /// Reads a line; nil where it is no such row.
    public init?(line: Substring) {
        let values = line.split(separator: ",").map { Int64($0) }
        guard values.count >= 4, values.count % 4 == 0 else { return nil }
        for start in stride(from: 0, to: values.count, by: 4) {
            guard let ask = values[start], let askSize = values[start + 1], let bid = values[start + 2],
                let bidSize = values[start + 3]
            else { return nil }
            asks.append(LobsterRow.level(ask, askSize))
            bids.append(LobsterRow.level(bid, bidSize))
        }
    }

    private static func level(_ price: Int64, _ size: Int64) -> Book.Level? {
        size > 0 && price > 0 && price < noPrice ? Book.Level(price: price, quantity: size, orders: 1) : nil
    }

    /// Reads the last level alone, and nothing of what comes before it; nil where the line is too short.
    public init?(lastLevelOf line: Substring) {
        var start = line.utf8.endIndex
        var commas = 0
        while start > line.utf8.startIndex {
            let before = line.utf8.index(before: start)
            if line.utf8[before] == UInt8(ascii: ",") {
                commas += 1
                if commas == 4 { break }
            }
            start = before
        }
        guard let row = LobsterRow(line: line[start...]) else { return nil }
        self = row
    }

    /// Appends a row as text, for so many levels of each side, with a line end.
    public static func write(asks: [Book.Level], bids: [Book.Level], levels: Int, to text: inout [UInt8]) {
        for index in 0..<levels {
            if index > 0 { text.append(UInt8(ascii: ",")) }
            let ask = index < asks.count ? asks[index] : Book.Level(price: noPrice, quantity: 0, orders: 0)
            let bid = index < bids.count ? bids[index] : Book.Level(price: -noPrice, quantity: 0, orders: 0)
            append(ask.price, to: &text)
            text.append(UInt8(ascii: ","))
            append(ask.quantity, to: &text)
            text.append(UInt8(ascii: ","))
            append(bid.price, to: &text)
            text.append(UInt8(ascii: ","))
            append(bid.quantity, to: &text)
        }
        text.append(UInt8(ascii: "\n"))
    }

    private static func append(_ value: Int64, to text: inout [UInt8]) {
        if value < 0 { text.append(UInt8(ascii: "-")) }
        let start = text.count
        var left = value.magnitude
        repeat {
            text.append(UInt8(ascii: "0") + UInt8(left % 10))
            left /= 10
        } while left > 0
        text[start...].reverse()
    }

    /// A row as text, without a line end.
    public static func text(asks: [Book.Level], bids: [Book.Level], levels: Int) -> String {
        var text: [UInt8] = []
        write(asks: asks, bids: bids, levels: levels, to: &text)
        return String(decoding: text.dropLast(), as: UTF8.self)
    }
}
