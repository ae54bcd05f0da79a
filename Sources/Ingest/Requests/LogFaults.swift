/// Finds the token of a log line that is at fault.
struct TokenFaults: RowFaults {
    /// The numbers of the tokens, from 0.
    let time: Int
    let status: Int
    let bytes: Int
    /// Where the tokens begin in a line; nil where the line has none.
    var start: @Sendable (Bytes) -> Int? = { _ in 0 }
    /// By how many tokens a line is shorter at the front.
    var missing: @Sendable (Bytes) -> Int = { _ in 0 }

    /// Where the token begins.
    func offset(of reason: BadRow, in line: Bytes) -> Int? {
        if reason == .quotes { return line.lastIndex(of: 0x22) ?? line.lastIndex(of: 0x5B) }
        let wanted: Int? =
            switch reason {
            case .time, .timeOutOfRange, .ambiguousTime: time
            case .status: status
            case .responseSize: bytes
            default: nil
            }
        var tokens = LogTokens()
        guard let wanted, let start = start(line), tokens.cut(Bytes(rebasing: line[start...])) else {
            return nil
        }
        let place = wanted - missing(line)
        return place < tokens.count ? start + tokens.start(place) : nil
    }
}
