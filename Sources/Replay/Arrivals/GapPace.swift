/// How long the gaps of a block are: counts by length, four to an octave.
struct GapLengths: Sendable, Equatable {
    /// How many gaps there are of a length, and their sum, in parts of 2⁻³² of the block.
    private(set) var bins: [(count: Double, sum: Double)]

    /// The gaps between a block's start, its arrivals and its end.
    init(_ ticks: ArraySlice<UInt32>) {
        var last: UInt32 = 0
        var gaps: [UInt64] = []
        gaps.reserveCapacity(ticks.count + 1)
        for tick in ticks {
            gaps.append(UInt64(tick - last))
            last = tick
        }
        gaps.append(1 << 32 - UInt64(last))
        self.init(gaps)
    }

    /// Gaps in parts of 2⁻³² of a block, none longer than two.
    init(_ gaps: some Sequence<UInt64>) {
        var all = [(count: Double, sum: Double)](repeating: (0, 0), count: 4 * 33)
        for gap in gaps where gap > 0 {
            let octave = 63 - gap.leadingZeroBitCount
            let quarter = octave >= 2 ? gap >> (octave - 2) & 3 : gap << (2 - octave) & 3
            all[4 * octave + Int(quarter)].count += 1
            all[4 * octave + Int(quarter)].sum += Double(gap)
        }
        bins = all.filter { $0.count > 0 }
    }

    static func == (one: GapLengths, other: GapLengths) -> Bool {
        one.bins.elementsEqual(other.bins, by: ==)
    }
}

/// How gaps change when a block is played at another level: g becomes g (g + τ) / (K g + τ).
struct GapPace {
    /// K of the law.
    let factor: Double
    private let reaction: Double

    /// Between which the factor on gaps is looked for.
    private static let factors = 1e-9...1e12

    /// The pace at which a block lasts so many seconds, but for the rounding of its gaps to quarters of an octave.
    init(_ gaps: GapLengths, blockSeconds: Double, seconds: Double, reactionSeconds: Double) {
        reaction = reactionSeconds
        guard reactionSeconds > 0, blockSeconds != seconds else {
            factor = blockSeconds / seconds
            return
        }
        let tick = blockSeconds / ArrivalProfile.ticksPerBlock
        func length(_ factor: Double) -> Double {
            gaps.bins.reduce(0) { total, bin in
                let gap = bin.sum / bin.count * tick
                return total + bin.count * gap * (gap + reactionSeconds) / (factor * gap + reactionSeconds)
            }
        }
        var low = GapPace.factors.lowerBound
        var high = GapPace.factors.upperBound
        for _ in 0..<60 {
            let middle = (low * high).squareRoot()
            if length(middle) > seconds { low = middle } else { high = middle }
        }
        factor = (low * high).squareRoot()
    }

    /// A gap as it is played, in seconds.
    @inline(__always)
    func played(_ gap: Double) -> Double {
        // Without a reaction time all gaps scale alike, those of length 0 too.
        reaction == 0 ? gap / factor : gap * (gap + reaction) / (factor * gap + reaction)
    }
}
