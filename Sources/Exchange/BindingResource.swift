/// What runs out first in a queue; its description is the word that tables and reports use.
public enum BindingResource: Sendable, Hashable, CustomStringConvertible {
    /// What the tier's kind names, as `cores`, `bandwidth` or `primary's cores`.
    case own(String)
    /// The one writer of the queue's heaviest symbol (`heaviestSymbol`).
    case singleWriter(symbol: String)
    /// Nothing, as no symbol is placed on the shard.
    case noSymbol
    /// The resource of one tier among several that are judged together.
    indirect case inTier(String, BindingResource)

    /// The word, as `single writer BTCUSDT`.
    public var description: String {
        switch self {
        case .own(let word): word
        case .singleWriter(let symbol): "single writer \(symbol)"
        case .noSymbol: "no symbol placed here"
        case .inTier(let tier, let resource): "\(tier): \(resource)"
        }
    }
}

/// The symbol that a queue with one writer is said to bind on: the one that brings it the most work at the load that is
/// judged, the first of equals; nil where there is none.
///
/// Replay and plan judge the paths, so that there it is the work in mean over paths and steps; a what-if judges the height
/// of its scenario, which may be the surge of another symbol.
public func heaviestSymbol(_ symbols: some Sequence<(name: String, work: Double)>) -> String? {
    var heaviest: (name: String, work: Double)?
    for symbol in symbols where heaviest.map({ symbol.work > $0.work }) ?? true { heaviest = symbol }
    return heaviest?.name
}
