import Testing
import Units

@Suite("Numbers in text")
struct DecimalNumberTests {
    @Test(
        "decimal writing is read",
        arguments: [("0", 0), ("-12.5e3", -12500), ("+3", 3), ("1E-2", 0.01), ("0010", 10), (".5", 0.5)])
    func read(_ text: String, _ value: Double) {
        #expect(Double(decimal: text) == value)
    }

    @Test(
        "nothing else is a number",
        arguments: [
            "", "0x10", "0X1p4", "-0x1", "inf", "-Infinity", "nan", "NAN(7)", "1e999", "1,5", "1_000", " 1",
            "1 ", "１",
            "1e", "e5", "--1", "1.2.3", "0b1", "0o7", "1d3", "\u{0661}", "1\u{0}",
        ])
    func refused(_ text: String) {
        #expect(Double(decimal: text) == nil)
        #expect(Duration(text: text + "s") == nil)
    }
}
