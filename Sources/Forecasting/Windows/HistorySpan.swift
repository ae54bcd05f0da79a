/// How far back models look that follow recent behaviour.
enum HistorySpan {
    /// Sixteen long seasons.
    static func adaptive(_ long: Int) -> Int { 16 * long }
}
