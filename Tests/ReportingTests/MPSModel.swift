/// A linear programme read back from free MPS, the plain way: what stands in the file, and what values come to in it.
struct MPSModel {
    /// Names of rows with their senses, the objective aside.
    var senses: [String: String] = [:]
    /// Right-hand sides; a row that is absent has 0.
    var bounds: [String: Double] = [:]
    /// For each column its entries by row, the objective's row included.
    var columns: [String: [String: Double]] = [:]
    /// Columns between the markers of whole numbers.
    var whole: Set<String> = []
    /// Columns whose upper bound is none.
    var unbounded: Set<String> = []
    private(set) var objective = ""

    /// What is wrong with a file.
    enum Fault: Error { case line(Int, String) }

    init(_ text: String) throws {
        var section = ""
        var isWhole = false
        for (number, line) in text.split(separator: "\n").enumerated() {
            let fields = line.split(separator: " ").map(String.init)
            if line.first != " " {
                section = fields.first ?? ""
                continue
            }
            switch (section, fields.count) {
            case ("ROWS", 2):
                if fields[0] == "N" { objective = fields[1] } else { senses[fields[1]] = fields[0] }
            case ("COLUMNS", 3) where fields[1] == "'MARKER'":
                isWhole = fields[2] == "'INTORG'"
            case ("COLUMNS", 3):
                guard let value = Double(fields[2]), fields[1] == objective || senses[fields[1]] != nil else {
                    throw Fault.line(number + 1, String(line))
                }
                columns[fields[0], default: [:]][fields[1]] = value
                if isWhole { whole.insert(fields[0]) }
            case ("RHS", 3):
                guard let value = Double(fields[2]), senses[fields[1]] != nil else {
                    throw Fault.line(number + 1, String(line))
                }
                bounds[fields[1]] = value
            case ("BOUNDS", 3) where fields[0] == "PL":
                unbounded.insert(fields[2])
            default: throw Fault.line(number + 1, String(line))
            }
        }
        guard section == "ENDATA" else { throw Fault.line(0, "no ENDATA") }
    }

    /// The objective of some values; a column that is absent is 0.
    func cost(of values: [String: Double]) -> Double {
        values.reduce(0) { $0 + $1.value * (columns[$1.key]?[objective] ?? 0) }
    }

    /// The rows that some values break by more than a millionth.
    func broken(by values: [String: Double]) -> [String] {
        var sums: [String: Double] = [:]
        for (column, value) in values {
            for (row, factor) in columns[column] ?? [:] { sums[row, default: 0] += factor * value }
        }
        return senses.compactMap { row, sense in
            let over = sums[row, default: 0] - bounds[row, default: 0]
            let isKept =
                switch sense {
                case "L": over <= 1e-6
                case "G": over >= -1e-6
                default: abs(over) <= 1e-6
                }
            return isKept ? nil : row
        }.sorted()
    }
}
