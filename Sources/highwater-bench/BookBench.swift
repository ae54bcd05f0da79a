import Foundation
import OrderBook

extension BenchGroup {
    /// The exact book.
    static let book = BenchGroup(
        name: "book", abstract: "Messages per second through exact books, including queues and matching."
    ) { settings in
        var results = [1, 40].map { books in
            let flow = OrderFlowSample.synthetic(books: books, messages: 2_000_000, seed: 1)
            return measure("book, \(books) \(books == 1 ? "book" : "books") in turn", flow, settings)
        }
        let moves = OrderFlowSample.moves(books: 40, messages: 2_000_000, seed: 1)
        results.append(measure("book, 40 books in turn, 82 % moves", moves, settings))
        if let lobster = try LobsterFlow.sample() {
            for books in [1, 40] {
                let flow = lobster.interleaved(books: books, limit: 2_000_000)
                results.append(
                    measure(
                        "book, LOBSTER, \(books) \(books == 1 ? "book" : "books") in turn", flow, settings))
            }
        }
        let costs = OperationBench.measure(settings)
        results.append(
            BenchResult(
                name: "book, operations over \(OperationBench.books) books",
                figures: OperationCosts.Operation.allCases.map {
                    ("\($0.rawValue)_nanoseconds", costs.nanoseconds[$0] ?? 0)
                }))
        if let path = settings.costs { try Data(costs.text.utf8).write(to: URL(filePath: path)) }
        return results
    }

    private static func measure(
        _ name: String, _ flow: OrderFlowSample, _ settings: BenchSettings
    ) -> BenchResult {
        var seconds: [Double] = []
        var processor: [Double] = []
        var work = BookSet.Work()
        var resting = 0
        var grown = 0
        var once = settings
        once.repetitions = 1
        for _ in 0..<settings.repetitions {
            let set = BookSet(count: flow.books, capacity: 512)
            flow.warmUp.withUnsafeBufferPointer { _ = set.apply($0) }
            let before = set.growths
            let start = processorSeconds()
            seconds.append(
                once.medianSeconds { work = flow.messages.withUnsafeBufferPointer { set.apply($0) } })
            processor.append(processorSeconds() - start)
            grown = set.growths - before
            resting = set.orderCount
        }
        let median = seconds.sorted()[seconds.count / 2]
        let count = Double(flow.messages.count)
        func share(_ kind: BookMessage.Kind) -> Double {
            Double(flow.messages.count { $0.kind == kind }) / count
        }
        return BenchResult(
            name: name,
            figures: [
                ("messages_per_second", count / median), ("nanoseconds_per_message", median / count * 1e9),
                (
                    "processor_nanoseconds_per_message",
                    processor.sorted()[processor.count / 2] / count * 1e9
                ),
                ("messages", count), ("fills", Double(work.fills)), ("rejects", Double(work.rejects)),
                ("share_submit", share(.submit)), ("share_cancel", share(.cancel)),
                ("share_reduce", share(.reduce)), ("share_replace", share(.replace)),
                ("resting_orders_per_book", Double(resting) / Double(flow.books)),
                ("allocations", Double(grown)),
            ])
    }

    /// Seconds that this thread has had a processor, which a busy machine does not make longer.
    static func processorSeconds() -> Double {
        var time = timespec()
        clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
        return Double(time.tv_sec) + Double(time.tv_nsec) * 1e-9
    }
}
