/// A message for one of many books.
public struct BookMessage: Sendable, Equatable {
    /// The order; of one that is cancelled or reduced, the id and, for a reduction, the quantity.
    public var order: Order
    /// For a replacement, the id that it replaces.
    public var target: UInt64
    public var book: UInt32
    /// What to do.
    public var kind: Kind

    /// What to do.
    public enum Kind: UInt8, Sendable, CaseIterable {
        /// The order arrives.
        case submit
        /// The order of this id goes.
        case cancel
        /// The order of this id gets smaller by this quantity.
        case reduce
        /// The order takes the place of another.
        case replace
    }

    public init(_ kind: Kind, _ order: Order, book: Int = 0, target: UInt64 = 0) {
        self.kind = kind
        self.order = order
        self.book = UInt32(book)
        self.target = target
    }

    public static func cancel(_ id: UInt64, book: Int = 0) -> BookMessage {
        BookMessage(.cancel, Order(id: id, side: .buy, price: 1, quantity: 1), book: book)
    }

    /// A reduction.
    public static func reduce(_ id: UInt64, by lots: Int64, book: Int = 0) -> BookMessage {
        BookMessage(.reduce, Order(id: id, side: .buy, price: 1, quantity: lots), book: book)
    }
}

/// The books of many symbols in a row, and whole batches of messages for them, as a matching shard holds them.
public final class BookSet {
    private let cores: UnsafeMutablePointer<BookCore>
    /// How many books.
    public let count: Int

    /// Empty books, each with room for so many orders before it has to grow.
    public init(count: Int, capacity: Int = 1024) {
        self.count = count
        cores = allocateAligned(count)
        for place in 0..<count {
            (cores + place).initialize(to: BookCore(capacity: max(16, capacity)))
        }
    }

    deinit {
        for place in 0..<count { cores[place].deallocate() }
        cores.deallocate()
    }

    /// The work of a batch.
    public struct Work: Sendable, Equatable {
        /// Trades.
        public var fills = 0
        /// Lots that traded.
        public var filled: Int64 = 0
        /// Messages that did not do what they asked for: unknown ids, duplicates, invalid orders.
        public var rejects = 0

        public init() {}
    }

    /// Applies messages in turn; a book that is not there is a mistake of the caller's.
    @discardableResult
    public func apply(_ messages: UnsafeBufferPointer<BookMessage>) -> Work {
        var work = Work()
        for message in messages {
            precondition(Int(message.book) < count, "a message for a book that is not there")
            let core = cores + Int(message.book)
            let outcome = core.pointee.apply(message)
            work.fills &+= outcome.fills
            work.filled &+= outcome.filled
            if outcome.status.rawValue >= Outcome.Status.duplicate.rawValue { work.rejects &+= 1 }
        }
        return work
    }

    /// Orders that rest in all books.
    public var orderCount: Int { (0..<count).reduce(0) { $0 + Int(cores[$1].index.count) } }

    /// How often any book has allocated more room since it was made.
    public var growths: Int { (0..<count).reduce(0) { $0 + cores[$1].allGrowths } }

    /// The digest of one book, as `Book.stateHash` gives it.
    public func stateHash(of book: Int) -> UInt64 { cores[book].stateHash() }
}

extension BookCore {
    @inline(__always)
    mutating func apply(_ message: BookMessage) -> Outcome {
        switch message.kind {
        case .submit: submit(message.order)
        case .cancel: cancel(message.order.id)
        case .reduce: reduce(message.order.id, by: message.order.quantity)
        case .replace: replace(message.target, with: message.order)
        }
    }
}

extension Book {
    /// Applies a message, whatever book it names.
    @discardableResult
    public func apply(_ message: BookMessage) -> Outcome { core.pointee.apply(message) }
}
