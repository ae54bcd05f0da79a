import Foundation

/// Letters as strokes, for plots in images: no font file is needed, and the same bytes come out everywhere.
///
/// Each glyph is drawn on a grid four units wide, from two units below the base line to six above it. Two characters
/// name a point: x from 0 to 4, y from 0 to 6 or `a` and `b` for one and two below. A space lifts the pen.
enum StrokeFont {
    /// From the base line to the top of a capital, in units.
    static let capitalHeight = 6.0

    /// The strokes of a text that starts at (0, 0), in units with y up, and its width.
    static func strokes(_ text: String) -> (lines: [[(x: Double, y: Double)]], width: Double) {
        var lines: [[(x: Double, y: Double)]] = []
        var pen = 0.0
        for character in text {
            guard character != " " else {
                pen += 3
                continue
            }
            let glyph = points(of: character)
            let xs = glyph.joined().map(\.x)
            let left = xs.min() ?? 0
            let right = xs.max() ?? 0
            lines += glyph.map { line in line.map { (pen + $0.x - left, $0.y) } }
            pen += right - left + 2
        }
        return (lines, max(0, pen - 2))
    }

    private static func points(of character: Character) -> [[(x: Double, y: Double)]] {
        let text = glyphs[character] ?? plain(character).flatMap { glyphs[$0] } ?? box
        return text.split(separator: " ").map { stroke in
            let values = stroke.utf8.map { byte -> Double in
                byte >= UInt8(ascii: "a")
                    ? -Double(byte - UInt8(ascii: "a") + 1) : Double(byte - UInt8(ascii: "0"))
            }
            return stride(from: 0, to: values.count - 1, by: 2).map { (values[$0], values[$0 + 1]) }
        }
    }

    /// The letter under an accent.
    private static func plain(_ character: Character) -> Character? {
        String(character).decomposedStringWithCanonicalMapping.unicodeScalars.first.map(Character.init)
    }

    /// What stands for a character that is not in the table.
    private static let box = "0006464000"

    private static let glyphs: [Character: String] = [
        "0": "103041453616050110", "1": "152620 1030", "2": "05163645440040",
        "3": "05163645443313 334241301001", "4": "30360242", "5": "460603334241301001",
        "6": "453616050110304142331302", "7": "064610", "8": "13040516364544331302011030414233",
        "9": "011030414536160504133344", "A": "002640 1232", "B": "00063645443303 3342413000",
        "C": "4536160501103041", "D": "00062644422000", "E": "40000646 0333", "F": "000646 0333",
        "G": "45361605011030414323", "H": "0006 4046 0343", "I": "1030 1636 2026", "J": "0110304146",
        "K": "0006 4602 1340", "L": "060040", "M": "0006234640", "N": "00064046",
        "O": "103041453616050110", "P": "00063645443303", "Q": "103041453616050110 2240",
        "R": "00063645443303 2340", "S": "453616050413334241301001", "T": "0646 2620", "U": "060110304146",
        "V": "062046", "W": "0610233046", "X": "0046 0640", "Y": "062346 2320", "Z": "06460040",
        "a": "0314344340 421201103041", "b": "0600 0314344341301001", "c": "4334140301103041",
        "d": "4640 4334140301103041", "e": "02424334140301103041", "f": "10152636 0434",
        "g": "444a3b1b0a 4334140301103041", "h": "0600 0314344340", "i": "2420 2626", "j": "242a1b0b 2626",
        "k": "0600 3401 1240", "l": "2620", "m": "0004 03142320 23344340", "n": "0004 0314344340",
        "o": "103041433414030110", "p": "040b 0314344341301001", "q": "444b 4334140301103041",
        "r": "0004 03143443", "s": "43341403123241301001", "t": "16112030 0434", "u": "0401103041 4440",
        "v": "042044", "w": "0410233044", "x": "0044 0440", "y": "0420 44201b0b", "z": "04440040",
        ".": "2020", ",": "211a", ":": "2020 2323", ";": "211a 2323", "-": "1232", "–": "0242", "−": "0242",
        "_": "0a4a", "/": "0046", "\\": "0640", "%": "0046 0506161505 3031414030", "(": "36252130",
        ")": "16252110", "[": "36262030", "]": "16262010", "+": "0343 2125", "=": "0242 0444",
        "×": "0143 0341", "<": "450341", ">": "054301", "'": "2625", "\"": "1615 3635", "|": "2a26",
        "#": "1016 3036 0242 0444", "*": "2125 0244 0442", "!": "2020 2226", "?": "05163645442322 2020",
        "µ": "040b 01103041 4440", "…": "0000 2020 4040", "&": "4005162514020110203042",
    ]
}
