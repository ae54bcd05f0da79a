extension Double {
    /// The number of a text in decimal writing, `-12.5e3`; nil for anything else, hexadecimal digits, words for infinity and
    /// what no finite number holds included.
    ///
    /// Every number that a person or a file writes is read by this: `Double.init` takes `0x10` for 16 and `nan` for a number.
    public init?(decimal text: some StringProtocol) {
        let isDecimal = text.utf8.allSatisfy {
            (0x30...0x39).contains($0) || [0x2B, 0x2D, 0x2E, 0x45, 0x65].contains($0)
        }
        guard isDecimal, let value = Double(text), value.isFinite else { return nil }
        self = value
    }
}
