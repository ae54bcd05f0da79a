/// Values in one piece of memory that grows: an array without checks, for a simulation's inner loop.
///
/// Places are checked in debug builds alone.
struct Pool<Element: ~Copyable>: ~Copyable {
    private(set) var count = 0
    private var capacity: Int
    private var base: UnsafeMutablePointer<Element>

    /// An empty one.
    init(capacity: Int = 16) {
        self.capacity = max(1, capacity)
        base = .allocate(capacity: self.capacity)
    }

    deinit {
        base.deinitialize(count: count)
        base.deallocate()
    }

    var isEmpty: Bool { count == 0 }

    subscript(place: Int) -> Element {
        @inline(__always) _read {
            assert((0..<count).contains(place))
            yield base[place]
        }
        @inline(__always) _modify {
            assert((0..<count).contains(place))
            yield &base[place]
        }
    }

    @inline(__always)
    mutating func append(_ element: consuming Element) {
        if count == capacity { grow() }
        (base + count).initialize(to: element)
        count += 1
    }

    /// Takes the last one out; there has to be one.
    @inline(__always)
    mutating func removeLast() -> Element {
        assert(count > 0)
        count -= 1
        return (base + count).move()
    }

    private mutating func grow() {
        let wider = UnsafeMutablePointer<Element>.allocate(capacity: 2 * capacity)
        wider.moveInitialize(from: base, count: count)
        base.deallocate()
        base = wider
        capacity *= 2
    }
}
