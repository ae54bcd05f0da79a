import Dispatch
import Synchronization

/// Work spread over threads in fixed parts.
public enum Parallel {
    /// Computes a result for each index below `count` on up to `threads` threads; results come in order of the index, so
    /// that nothing depends on the number of threads.
    public static func map<Result: Sendable>(
        _ count: Int, threads: Int, _ body: @Sendable (Int) throws -> Result
    ) throws -> [Result] {
        guard threads > 1, count > 1 else { return try (0..<count).map(body) }
        let results = Mutex([Swift.Result<Result, any Error>?](repeating: nil, count: count))
        let next = Atomic(0)
        DispatchQueue.concurrentPerform(iterations: min(threads, count)) { _ in
            while true {
                let index = next.wrappingAdd(1, ordering: .relaxed).oldValue
                guard index < count else { return }
                let result = Swift.Result { try body(index) }
                results.withLock { $0[index] = result }
            }
        }
        return try results.withLock { $0 }.compactMap { $0 }.map { try $0.get() }
    }

    /// The same for work that cannot fail.
    public static func map<Result: Sendable>(
        _ count: Int, threads: Int, _ body: @Sendable (Int) -> Result
    ) -> [Result] {
        guard threads > 1, count > 1 else { return (0..<count).map(body) }
        let results = Mutex([Result?](repeating: nil, count: count))
        let next = Atomic(0)
        DispatchQueue.concurrentPerform(iterations: min(threads, count)) { _ in
            while true {
                let index = next.wrappingAdd(1, ordering: .relaxed).oldValue
                guard index < count else { return }
                let result = body(index)
                results.withLock { $0[index] = result }
            }
        }
        return results.withLock { $0 }.compactMap { $0 }
    }

    /// Fills an array of `size` numbers in parts, on up to `threads` threads: each part writes places of its own, given
    /// the start of the array, and all parts together every place.
    public static func fill(
        _ size: Int, parts: Int, threads: Int,
        _ body: @Sendable (Int, UnsafeMutableBufferPointer<Float>) -> Void
    ) -> [Float] {
        [Float](unsafeUninitializedCapacity: size) { buffer, filled in
            let target = SharedBuffer(places: UnsafeMutableBufferPointer(rebasing: buffer[..<size]))
            let next = Atomic(0)
            DispatchQueue.concurrentPerform(iterations: max(1, min(threads, parts))) { _ in
                while true {
                    let part = next.wrappingAdd(1, ordering: .relaxed).oldValue
                    guard part < parts else { return }
                    body(part, target.places)
                }
            }
            filled = size
        }
    }

    /// A buffer in which no two threads write the same place.
    private struct SharedBuffer: @unchecked Sendable {
        let places: UnsafeMutableBufferPointer<Float>
    }
}
