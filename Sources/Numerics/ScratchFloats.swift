/// Memory for floats that is kept from one use to the next, since new memory has to be cleared.
public final class ScratchFloats: @unchecked Sendable {
    private var memory = UnsafeMutableBufferPointer<Float>.allocate(capacity: 0)

    public init() {}

    deinit { memory.deallocate() }

    /// Fills the first `parts` × `length` places in parts of this length, on up to `threads` threads; what
    /// was there before is lost. No other use may go on at the same time.
    public func fill(
        parts: Int, length: Int, threads: Int,
        _ body: @Sendable (Int, UnsafeMutableBufferPointer<Float>) -> Void
    ) {
        if memory.count < parts * length {
            memory.deallocate()
            memory = .allocate(capacity: parts * length)
            memory.initialize(repeating: 0)
        }
        _ = Parallel.map(parts, threads: threads) { part in
            body(part, UnsafeMutableBufferPointer(rebasing: self.memory[part * length..<(part + 1) * length]))
        }
    }

    /// The first `count` places.
    public func values(_ count: Int) -> UnsafeBufferPointer<Float> {
        UnsafeBufferPointer(rebasing: memory[..<count])
    }
}
