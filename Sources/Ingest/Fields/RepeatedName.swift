/// What is said of a header that has a name more than once.
enum RepeatedName {
    /// That the name of a column stands over another one as well; nil where it does not. A column without a name has none.
    static func message(
        _ column: Int, _ names: [String],
        advice: String = "rename them, or give the column's number in a map (--map FILE)"
    ) -> String? {
        guard column < names.count else { return nil }
        let name = names[column]
        let all = names.indices.filter { names[$0] == name }
        guard all.count > 1, !name.isEmpty else { return nil }
        let places = all.map { "\($0 + 1)" }.joined(separator: ", ")
        return
            "the header has '\(name)' more than once, as columns \(places), so that it is unclear which is meant; "
            + advice
    }
}
