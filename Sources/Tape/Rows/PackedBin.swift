/// The events of one occupied hundredth of a second: which one, how many, and which of its milliseconds held
/// any.
///
/// Counts add up and milliseconds unite, so that bins merge in any order.
struct PackedBin: Sendable, Equatable {
    /// The bin in the upper 8 bits, then 10 bits of milliseconds, then 46 bits of count.
    private let bits: UInt64

    /// Counts end here.
    static let countMax: UInt64 = (1 << 46) - 1
    private static let millisecondsMask: UInt64 = (1 << 10) - 1

    @inline(__always)
    init(bin: UInt64, milliseconds: UInt64, count: UInt64) {
        bits =
            bin << 56 | (milliseconds & PackedBin.millisecondsMask) << 46 | min(count, PackedBin.countMax)
    }

    /// A bin from its milliseconds and count as `open` keeps them.
    @inline(__always)
    init(bin: UInt64, open: UInt64) {
        bits = bin &<< 56 | open
    }

    /// Adds events of one millisecond, 0 to 9, to the milliseconds and the count of a bin, of which none is
    /// zero.
    @inline(__always)
    static func add(_ count: UInt64, millisecond: UInt64, to open: inout UInt64) {
        let isFull = count > countMax &- (open & countMax)
        let marked = open | 1 &<< (46 &+ millisecond)
        open = isFull ? marked | countMax : marked &+ count
    }

    /// From 0 to 99.
    @inline(__always)
    var bin: UInt64 { bits >> 56 }

    /// Bit i is set where the millisecond i of the bin held an event.
    @inline(__always)
    var milliseconds: UInt64 { bits >> 46 & PackedBin.millisecondsMask }

    /// Events.
    @inline(__always)
    var count: UInt64 { bits & PackedBin.countMax }

    /// The millisecond of the second, 0 to 999, of its first event.
    @inline(__always)
    var firstMillisecond: Int64 {
        Int64(truncatingIfNeeded: bin &* 10) &+ Int64(milliseconds.trailingZeroBitCount)
    }

    /// The millisecond of its last event.
    @inline(__always)
    var lastMillisecond: Int64 {
        Int64(truncatingIfNeeded: bin &* 10) &+ Int64(63 &- milliseconds.leadingZeroBitCount)
    }

    /// This bin and another of the same hundredth.
    func merging(_ other: PackedBin) -> PackedBin {
        PackedBin(bin: bin, milliseconds: milliseconds | other.milliseconds, count: count + other.count)
    }
}
