/// Names that are ours to choose: of tiers and zones. They stand in tables that spreadsheets open, in messages on terminals,
/// and in the files of other tools.
public enum Name {
    /// What makes a text no such name, as the end of a sentence; nil for one that is.
    public static func problem(_ name: String) -> String? {
        guard let first = name.unicodeScalars.first else { return "has an empty name" }
        if "=+-@\t\r'".unicodeScalars.contains(first) {
            return "begins with '\(first)', which a spreadsheet reads as a formula"
        }
        let isPlain = name.unicodeScalars.allSatisfy { scalar in
            switch scalar.properties.generalCategory {
            case .control, .format, .lineSeparator, .paragraphSeparator, .surrogate, .privateUse, .unassigned:
                false
            default: true
            }
        }
        guard isPlain else { return "has invisible characters" }
        guard name.utf8.count <= 200 else { return "has a name longer than 200 bytes" }
        return folded(name).isEmpty ? "has a name without letters or digits" : nil
    }

    /// A name without case and punctuation: two that agree in it cannot be told apart in the names of other tools.
    public static func folded(_ name: String) -> String {
        String(
            name.lowercased().unicodeScalars.filter {
                $0.properties.isAlphabetic || $0.properties.numericType != nil
            })
    }
}
