import Numerics
import OrderBook

/// Nanoseconds of each operation of the exact book: batches of one kind over 40 books of 1,000 resting orders, each batch
/// on fresh books, processor time, medians over the repetitions.
enum OperationBench {
    static let books = 40
    private static let ordersPerBook = 1000
    private static let batch = 100

    static func measure(_ settings: BenchSettings) -> OperationCosts {
        let fills = 5
        func median(_ messages: (inout Scene) -> [BookMessage]) -> Double {
            var seconds: [Double] = []
            for repetition in 0..<max(51, settings.repetitions) {
                var scene = Scene(seed: UInt64(repetition))
                let batch = messages(&scene)
                let start = BenchGroup.processorSeconds()
                scene.apply(batch)
                let took = BenchGroup.processorSeconds() - start
                seconds.append(took / Double(batch.count) * 1e9)
            }
            return seconds.sorted()[seconds.count / 2]
        }
        let one = median { $0.taking(lots: 1) }
        let many = median { $0.taking(lots: Int64(fills)) }
        return OperationCosts(
            nanoseconds: [
                .add: median { $0.adds() }, .cancel: median { $0.cancels() },
                .reduce: median { $0.reduces() },
                .replace: median { $0.replaces() }, .oneFill: one,
                .furtherFill: max(0, (many - one) / Double(fills - 1)),
            ],
            how: "highwater-bench book: batches of one kind over 40 books of 1000 orders; one core; median")
    }

    /// Books with orders of one lot each, and the means to make messages for them.
    private struct Scene {
        private let set = BookSet(count: OperationBench.books, capacity: 2048)
        private var random: Random
        private var ids: [[UInt64]] = []
        private var next: UInt64 = 1

        init(seed: UInt64) {
            random = Random(seed: seed)
            for book in 0..<OperationBench.books {
                var own: [UInt64] = []
                for _ in 0..<OperationBench.ordersPerBook {
                    let order = order(lots: 1)
                    own.append(order.id)
                    apply([BookMessage(.submit, order, book: book)])
                }
                // Reductions take one of two lots, from orders that never trade.
                for _ in 0..<OperationBench.batch {
                    let deep = Order(id: next, side: .buy, price: 9_000 - Int64(next % 16), quantity: 2)
                    next += 1
                    own.append(deep.id)
                    apply([BookMessage(.submit, deep, book: book)])
                }
                ids.append(own)
            }
            // All books in turn as they will be measured: caches are warm, and new orders find room that was used before.
            var passing: [BookMessage] = []
            for turn in 0..<(2 * OperationBench.batch * OperationBench.books) {
                passing.append(BookMessage(.submit, order(lots: 1), book: turn % OperationBench.books))
            }
            apply(passing)
            apply(passing.map { .cancel($0.order.id, book: Int($0.book)) })
        }

        func apply(_ messages: [BookMessage]) {
            let work = messages.withUnsafeBufferPointer { set.apply($0) }
            precondition(work.rejects == 0, "every message of the measurement does what it is meant to do")
        }

        private mutating func order(lots: Int64) -> Order {
            let side: Side = random.uniform() < 0.5 ? .buy : .sell
            let distance = 1 + Int64(saturating: random.exponential() * 8)
            next += 1
            return Order(
                id: next - 1, side: side, price: side == .buy ? 10_000 - distance : 10_000 + distance,
                quantity: lots)
        }

        private mutating func inTurn(
            _ message: (inout Scene, Int) -> BookMessage
        ) -> [BookMessage] {
            (0..<(OperationBench.batch * OperationBench.books)).map {
                message(&self, $0 % OperationBench.books)
            }
        }

        mutating func adds() -> [BookMessage] {
            inTurn { BookMessage(.submit, $0.order(lots: 1), book: $1) }
        }

        mutating func cancels() -> [BookMessage] {
            inTurn { .cancel($0.any(in: $1, below: OperationBench.ordersPerBook), book: $1) }
        }

        mutating func reduces() -> [BookMessage] {
            inTurn { .reduce($0.ids[$1].removeLast(), by: 1, book: $1) }
        }

        mutating func replaces() -> [BookMessage] {
            inTurn { scene, book in
                let old = scene.any(in: book, below: OperationBench.ordersPerBook)
                var moved = scene.order(lots: 1)
                // A move to another price, which never meets the other side.
                moved.id = old
                return BookMessage(.replace, moved, book: book, target: old)
            }
        }

        mutating func taking(lots: Int64) -> [BookMessage] {
            inTurn { scene, book in
                var order = scene.order(lots: lots)
                order.kind = .market
                order.timeInForce = .immediateOrCancel
                return BookMessage(.submit, order, book: book)
            }
        }

        /// An id that has not been used yet.
        private mutating func any(in book: Int, below count: Int) -> UInt64 {
            let left = ids[book].count - OperationBench.batch
            let chosen = random.index(below: min(count, left))
            ids[book].swapAt(chosen, left - 1)
            return ids[book].remove(at: left - 1)
        }
    }
}
