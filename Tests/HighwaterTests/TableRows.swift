/// The cells of a table as a command prints it, row by row; none of them may be quoted.
func rows(_ text: String) -> [[String]] {
    text.split(separator: "\n").map {
        $0.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
    }
}
