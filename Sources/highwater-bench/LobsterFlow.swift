import Foundation
import OrderBook

/// The messages of a LOBSTER archive as orders for a book that matches: executions of one time and side become the one
/// order that caused them, levels that come into the archive's window or leave it become orders or cancels.
struct LobsterFlow {
    private(set) var messages: [BookMessage] = []
    private let book = Book()
    private let window: Int
    private var next: UInt64 = 1 << 40
    private var nameless: [Side: [Int64: UInt64]] = [.buy: [:], .sell: [:]]
    private let tick: Int64

    /// The sample archive; nil where the real data is not there.
    static func sample() throws -> LobsterFlow? {
        let checkout = URL(filePath: #filePath).deletingLastPathComponent()
            .deletingLastPathComponent().deletingLastPathComponent()
        let named = ProcessInfo.processInfo.environment["HIGHWATER_REAL_DATA"].map { URL(filePath: $0) }
        let folder = named ?? checkout.deletingLastPathComponent().appending(path: "shared/data")
        let path = folder.appending(path: "lob/lobster/LOBSTER_SampleFile_GOOG_2012-06-21_10.zip").path
        guard FileManager.default.fileExists(atPath: path) else { return nil }
        return LobsterFlow(
            messages: try TextLines(path: path, member: LobsterMember.messages).lines
                .compactMap(LobsterMessage.init),
            rows: try TextLines(path: path, member: LobsterMember.rows).lines)
    }

    init(messages lobster: [LobsterMessage], rows: [Substring]) {
        let first = rows.first.flatMap { LobsterRow(line: $0) }
        window = first?.asks.count ?? 0
        tick = LobsterReplay.tick(of: lobster.filter { $0.type <= 4 }.map(\.price))
        for side in Side.allCases {
            for level in (side == .sell ? first?.asks : first?.bids) ?? [] { adopt(level, side) }
        }
        var place = 1
        while place < lobster.count {
            var message = lobster[place]
            while message.type == 4, place + 1 < lobster.count {
                let following = lobster[place + 1]
                guard following.type == 4, following.time == message.time, following.side == message.side
                else { break }
                message.size += following.size
                message.price = following.price
                place += 1
            }
            translate(message)
            for side in Side.allCases { settle(side, row: rows[place]) }
            place += 1
        }
    }

    private mutating func translate(_ message: LobsterMessage) {
        let price = message.price / tick
        let named = book.remaining(message.order) != nil ? message.order : nameless[message.side]?[price]
        switch message.type {
        case 1: send(order(message.order, message.side, price, message.size))
        case 2, 3:
            guard let named, book.remaining(named) != nil else { return }
            send(
                message.type == 3 && named == message.order
                    ? .cancel(named) : .reduce(named, by: message.size))
        case 4:
            var taking = order(next, message.side.opposite, price, message.size)
            taking.order.timeInForce = .immediateOrCancel
            next += 1
            send(taking)
        default: break
        }
    }

    private func order(_ id: UInt64, _ side: Side, _ price: Int64, _ quantity: Int64) -> BookMessage {
        BookMessage(.submit, Order(id: id, side: side, price: price, quantity: quantity))
    }

    private mutating func send(_ message: BookMessage) {
        book.apply(message)
        messages.append(message)
    }

    private mutating func settle(_ side: Side, row: Substring) {
        let levels = book.levels(side, limit: window + 1)
        if levels.count > window {
            let last = levels[window - 1].price
            for order in book.queue(side) where side == .buy ? order.price < last : order.price > last {
                send(.cancel(order.id))
            }
        } else if levels.count < window, let row = LobsterRow(line: row) {
            let level = (side == .sell ? row.asks : row.bids).last ?? nil
            if let level, !levels.contains(where: { $0.price == level.price / tick }) { adopt(level, side) }
        }
    }

    private mutating func adopt(_ level: Book.Level?, _ side: Side) {
        guard let level else { return }
        nameless[side]?[level.price / tick] = next
        send(order(next, side, level.price / tick, level.quantity))
        next += 1
    }

    /// The flow for many books in turn, each some hundred messages behind the one before, so that no two are in the same
    /// state; what comes before all of them are under way fills the books.
    func interleaved(books: Int, limit: Int) -> OrderFlowSample {
        let lag = books == 1 ? 0 : 997
        let start = max(lag * books, 1000)
        var sample = OrderFlowSample([], warmUp: 0, books: books)
        for turn in 0..<messages.count {
            for book in 0..<books where turn >= lag * book {
                var message = messages[turn - lag * book]
                message.book = UInt32(book)
                if turn < start { sample.warmUp.append(message) } else { sample.messages.append(message) }
            }
            if sample.messages.count >= limit { break }
        }
        return sample
    }
}
