import Numerics

/// The stream of a seed and a list of tags; other tags give an independent stream.
func stream(_ seed: UInt64, _ tags: UInt64...) -> Random {
    Random(seed: seed, stream: tags.reduce(0) { mixed($0 ^ mixed($1 &+ 0x9E37_79B9_7F4A_7C15)) })
}

/// The seed of one replication: the same for all queues, which thereby see the same bursts.
func replicationSeed(_ seed: UInt64, _ replication: Int) -> UInt64 {
    mixed(seed &+ mixed(UInt64(truncatingIfNeeded: replication)))
}

/// The finaliser of SplitMix64 (Steele, Lea and Flood 2014) one step on: a value whose bits all depend on all others.
func mixed(_ value: UInt64) -> UInt64 {
    var mixed = value &+ 0x9E37_79B9_7F4A_7C15
    mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
    return mixed ^ (mixed >> 31)
}
