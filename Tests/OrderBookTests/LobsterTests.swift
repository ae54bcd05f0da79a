import OrderBook
import TestSupport
import Testing

@Suite("LOBSTER messages")
struct LobsterTests {
    @Test("levels leave the window and come back as the book file has them")
    func window() throws {
        let rows = [
            "1020,5,1000,5,1030,7,990,8", "1010,3,1000,5,1020,5,990,8", "1020,5,1000,5,1030,9,990,8",
            "1020,5,1000,2,1030,9,990,8",
        ].map { Substring($0) }
        let messages = ["0.1,1,1,5,1000,1", "0.2,1,2,3,1010,-1", "0.3,3,2,3,1010,-1", "0.4,4,77,3,1000,1"].map
        { Substring($0) }
        var replay = LobsterReplay(first: LobsterRow(line: rows[0]), tick: 10)
        #expect(replay.row(levels: 2) == rows[0])
        for index in 1..<4 {
            replay.apply(
                try #require(LobsterMessage(line: messages[index])), row: LobsterRow(line: rows[index]))
            #expect(replay.row(levels: 2) == rows[index])
        }
        #expect(replay.mismatches == 0)
    }

    @Test("ticks are the largest common divisor")
    func ticks() {
        #expect(LobsterReplay.tick(of: [5_859_400, 5_798_700]) == 100)
        #expect(LobsterReplay.tick(of: [30, 45]) == 15 && LobsterReplay.tick(of: []) == 1)
    }

    @Test("in a halt the sides may overlap, and crosses and hidden trades change nothing")
    func halts() throws {
        let rows = [
            "1010,5,1000,5", "1010,5,1000,5", "1010,5,1020,7", "1010,5,1020,7", "1010,5,1020,7",
            "1010,2,1020,7",
        ]
        let messages = [
            "0.1,1,1,5,1000,1", "0.2,7,0,0,-1,-1", "0.3,1,2,7,1020,1", "0.4,6,-1,500,1015,-1",
            "0.5,5,0,9,1005,1", "0.6,4,77,3,1010,-1",
        ]
        #expect(try reproduces(rows, messages) == 0)
        // Without the halt, an order that rests although it should have traded is told of.
        #expect(try reproduces(rows, messages.map { $0.replacing(",7,0,0,-1,", with: ",7,0,0,1,") }) == 1)
    }

    /// How many messages named what the book did not hold; every row is checked.
    private func reproduces(_ rows: [String], _ messages: [String]) throws -> Int {
        var replay = LobsterReplay(first: LobsterRow(line: Substring(rows[0])), tick: 10)
        for (row, message) in zip(rows, messages).dropFirst() {
            replay.apply(
                try #require(LobsterMessage(line: Substring(message))),
                row: LobsterRow(lastLevelOf: Substring(row)))
            #expect(replay.row(levels: rows[0].split(separator: ",").count / 4) == row, "\(message)")
        }
        return replay.mismatches
    }

    @Test("any depth is reproduced from a made-up day with trades, halts and crosses", arguments: [1, 3, 50])
    func depths(levels: Int) throws {
        let day = MadeUpDay(levels: levels, seed: UInt64(levels))
        #expect(day.messages.count > 2000)
        #expect(try reproduces(day.rows, day.messages) == 0)
    }

    @Test("the last level is read from the end of a row, whatever comes before it")
    func lastLevel() {
        #expect(LobsterRow(lastLevelOf: "x,,0,5,1030,7,990,8") == LobsterRow(line: "1030,7,990,8"))
        #expect(LobsterRow(lastLevelOf: "1030,7,990,8") == LobsterRow(line: "1030,7,990,8"))
        #expect(LobsterRow(lastLevelOf: "9999999999,0,-9999999999,0")?.asks == [nil])
        for line in ["7,990,8", "", "1030,7,990,", "1030,7,x,8"] as [Substring] {
            #expect(LobsterRow(lastLevelOf: line) == nil)
        }
    }

    @Test(
        "the public sample is reproduced from its first row and its last levels alone, and so are fewer levels",
        .enabled(if: RealData.isPresent, Comment(rawValue: RealData.absence)))
    func sample() throws {
        let archive = RealData.path("lob/lobster/LOBSTER_SampleFile_GOOG_2012-06-21_10.zip")
        let rows = try TextLines(path: archive, member: LobsterMember.rows).lines
        let lines = try TextLines(path: archive, member: LobsterMember.messages).lines
        let messages = lines.compactMap(LobsterMessage.init)
        #expect(messages.count == rows.count && rows.count == 147_916)
        var replay = LobsterReplay(first: LobsterRow(line: rows[0]), tick: 100)
        var wrong = 0
        for index in 1..<rows.count {
            replay.apply(messages[index], row: LobsterRow(lastLevelOf: rows[index]))
            if replay.row(levels: 10) != rows[index] { wrong += 1 }
        }
        #expect(wrong == 0 && replay.mismatches == 0)
        // A file of fewer levels has the messages that change those.
        for levels in [1, 5] {
            var narrow: [String] = []
            var told: [String] = []
            for index in 0..<20_000 {
                let row = rows[index].split(separator: ",").prefix(4 * levels).joined(separator: ",")
                guard row != narrow.last else { continue }
                narrow.append(row)
                told.append(String(lines[index]))
            }
            #expect(try reproduces(narrow, told) == 0)
        }
    }
}

/// A day as LOBSTER would write it, made with a book that matches: orders, trades, cancels, reductions, and now and then
/// a hidden trade, a halt or a cross. Messages that do not change what is seen are left out.
private struct MadeUpDay {
    var messages: [String] = []
    var rows: [String] = []
    private let levels: Int
    private let book = Book()

    init(levels: Int, seed: UInt64) {
        self.levels = levels
        var random = SplitMix64(seed: seed)
        var live: [UInt64: Side] = [:]
        let matching = Book()
        for id in 1...12_000 as ClosedRange<UInt64> {
            let side: Side = Bool.random(using: &random) ? .buy : .sell
            let sign = side == .buy ? 1 : -1
            let quantity = Int64.random(in: 1...9, using: &random)
            let old = live.keys.sorted().dropFirst(Int.random(in: 0..<150, using: &random)).first
            switch Int.random(in: 0..<20, using: &random) {
            case 0..<9 where old != nil:
                guard let old, let oldSide = live[old], let price = price(of: old, oldSide, matching) else {
                    continue
                }
                let left = matching.remaining(old) ?? 0
                let isWhole = left <= quantity || Bool.random(using: &random)
                let size = isWhole ? left : quantity
                if isWhole { matching.cancel(old) } else { matching.reduce(old, by: size) }
                if isWhole { live[old] = nil }
                book.reduce(old, by: size)
                note("\(isWhole ? 3 : 2),\(old),\(size),\(price * 10),\(oldSide == .buy ? 1 : -1)")
            case 9, 10:
                let order = Order(
                    id: id, side: side, price: 0, quantity: 3 * quantity, kind: .market,
                    timeInForce: .immediateOrCancel)
                matching.submit(order)
                for fill in matching.fills {
                    book.reduce(fill.maker, by: fill.quantity)
                    if matching.remaining(fill.maker) == nil { live[fill.maker] = nil }
                    note("4,\(fill.maker),\(fill.quantity),\(fill.price * 10),\(-sign)")
                }
            case 11 where id % 7 == 0:
                note("\(id % 3 == 0 ? "7,0,0,-1,-1" : id % 3 == 1 ? "5,0,4,10000,1" : "6,-1,9,10000,-1")")
            default:
                // The two sides never meet, so that every order rests.
                let price = 1000 - Int64(sign) * Int64.random(in: 1...80, using: &random)
                let order = Order(id: id, side: side, price: price, quantity: quantity)
                matching.submit(order)
                book.submit(order)
                live[id] = side
                note("1,\(id),\(quantity),\(price * 10),\(sign)")
            }
        }
    }

    private func price(of id: UInt64, _ side: Side, _ book: Book) -> Int64? {
        book.queue(side).first { $0.id == id }?.price
    }

    private mutating func note(_ message: String) {
        func scaled(_ side: Side) -> [Book.Level] {
            book.levels(side, limit: levels).map {
                Book.Level(price: $0.price * 10, quantity: $0.quantity, orders: $0.orders)
            }
        }
        let row = LobsterRow.text(asks: scaled(.sell), bids: scaled(.buy), levels: levels)
        let isQuiet = message.hasPrefix("5") || message.hasPrefix("6") || message.hasPrefix("7")
        // The day opens once there is something to see on both sides.
        guard isQuiet ? !rows.isEmpty : row != rows.last, messages.count > 0 || book.orderCount > 100 else {
            return
        }
        messages.append("\(messages.count).5,\(message)")
        rows.append(row)
    }
}
