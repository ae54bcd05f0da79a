/// Finds what was meant by a word that is not known.
///
/// - Parameters:
///   - word: The word.
///   - known: The words that are known.
/// - Returns: The known word at the least distance, where that is no more than a third of the word's length (at least one
///   change); the first in the alphabet of equals. Upper and lower case are alike.
public func nearMiss(to word: String, among known: [String]) -> String? {
    let limit = max(1, word.count / 3)
    let scored = known.map { ($0, editDistance(word.lowercased(), $0.lowercased())) }
    guard let best = scored.min(by: { ($0.1, $0.0) < ($1.1, $1.0) }), best.1 <= limit else { return nil }
    return best.0
}

/// What to add to a message on a word that is not known: `did you mean 'b'? Known: a, b`, or `known: a, b`.
public func knownWords(_ known: [String], near word: some StringProtocol) -> String {
    let list = known.joined(separator: ", ")
    return nearMiss(to: String(word), among: known).map { "did you mean '\($0)'? Known: \(list)" }
        ?? "known: \(list)"
}

/// Insertions, deletions, replacements and swaps of neighbours (Damerau 1964, in the restricted form).
public func editDistance(_ one: String, _ other: String) -> Int {
    let (a, b) = (Array(one), Array(other))
    guard !a.isEmpty, !b.isEmpty else { return max(a.count, b.count) }
    var before = [Int](repeating: 0, count: b.count + 1)
    var last = Array(0...b.count)
    for i in 1...a.count {
        var row = [i] + [Int](repeating: 0, count: b.count)
        for j in 1...b.count {
            let cost = a[i - 1] == b[j - 1] ? 0 : 1
            row[j] = min(last[j] + 1, row[j - 1] + 1, last[j - 1] + cost)
            if i > 1, j > 1, a[i - 1] == b[j - 2], a[i - 2] == b[j - 1] {
                row[j] = min(row[j], before[j - 2] + 1)
            }
        }
        before = last
        last = row
    }
    return last[b.count]
}
