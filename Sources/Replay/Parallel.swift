import Dispatch
import Synchronization

/// Computes values side by side; the result is in order and does not depend on the threads.
func inParallel<Value: Sendable>(
    _ count: Int, threads: Int, _ value: @escaping @Sendable (Int) -> Value
) -> [Value] {
    guard threads > 1, count > 1 else { return (0..<count).map(value) }
    let results = Mutex<[Value?]>([Value?](repeating: nil, count: count))
    let next = Atomic<Int>(0)
    DispatchQueue.concurrentPerform(iterations: min(threads, count)) { _ in
        while true {
            let index = next.wrappingAdd(1, ordering: .relaxed).oldValue
            guard index < count else { return }
            let result = value(index)
            results.withLock { $0[index] = result }
        }
    }
    return results.withLock { $0.compactMap { $0 } }
}
