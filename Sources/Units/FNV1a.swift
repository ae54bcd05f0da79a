/// The hash FNV-1a of 64 bits (Fowler, Noll and Vo 1991), to tell apart what differs; no safeguard against who seeks
/// collisions.
public enum FNV1a {
    /// The hash of nothing.
    public static let empty: UInt64 = 0xCBF2_9CE4_8422_2325

    /// The hash of what `hash` is of, and a word (as published, a byte) more.
    @inlinable @inline(__always)
    public static func extended(_ hash: UInt64, by word: UInt64) -> UInt64 {
        (hash ^ word) &* 0x100_0000_01B3
    }

    /// The hash of bytes.
    @inlinable
    public static func hash(_ bytes: some Sequence<UInt8>) -> UInt64 {
        bytes.reduce(empty) { extended($0, by: UInt64($1)) }
    }
}
