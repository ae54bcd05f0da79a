import Foundation
import TestSupport
import Testing

@Suite("The columns of tables")
struct ColumnTests {
    @Test("the page of columns is made from the declarations")
    func page() throws {
        let page = try String(
            contentsOf: Tool.checkout.appending(path: "Datasets/COLUMNS.md"), encoding: .utf8)
        let made = try Tool.highwater(["describe", "--markdown"]).output
        #expect(page == made, "highwater describe --markdown -o Datasets/COLUMNS.md")
    }

    @Test("every column tells type and unit, and its meaning in a sentence")
    func sentences() throws {
        let page = try Tool.highwater(["describe", "--markdown"]).output
        let rows = page.split(separator: "\n").filter { $0.hasPrefix("| `") }
        #expect(rows.count > 300)
        for row in rows {
            let cells = row.split(separator: "|", omittingEmptySubsequences: false).map {
                $0.trimmingCharacters(in: .whitespaces)
            }
            #expect(cells.count == 6, "\(row)")
            #expect(cells[1...4].allSatisfy { !$0.isEmpty }, "\(row)")
            #expect(cells[4].hasSuffix("."), "\(row)")
        }
    }

    @Test("every declared table is in the list")
    func everyTableIsListed() throws {
        let list = try String(
            contentsOf: Tool.checkout.appending(path: "Sources/highwater/Tables/TableList.swift"),
            encoding: .utf8)
        var count = 0
        for file in try SourceText.all(below: "Sources") where file.module != "Tables" {
            let text = try String(
                contentsOf: Tool.checkout.appending(path: file.path), encoding: .utf8)
            for part in text.components(separatedBy: "static let ").dropFirst() {
                guard let end = part.range(of: " = TableSchema<"),
                    !part[..<end.lowerBound].contains("\n")
                else { continue }
                count += 1
                #expect(list.contains(".\(part[..<end.lowerBound]).description"), "\(part.prefix(30))")
            }
        }
        #expect(count > 30)
    }

    @Test("describe tells one table, a command's or a file's, and what was meant by a wrong name")
    func describe() throws {
        let plan = try Tool.highwater(["describe", "week/plan.csv"])
        #expect(plan.code == 0 && plan.output.contains("utilisation_q99"))
        #expect(plan.output.contains("Nodes that serve traffic."))
        #expect(try Tool.highwater(["describe", "plan"]).output == plan.output)
        let returns = try Tool.highwater(["describe", "surge", "--what", "returns"])
        #expect(returns.code == 64)
        #expect(try Tool.highwater(["describe", "surge --what returns"]).output.contains("return_days"))
        let wrong = try Tool.highwater(["describe", "plam.csv"])
        #expect(wrong.code == 64 && wrong.errors.contains("plan.csv"))
        let list = try Tool.highwater(["describe"]).output
        #expect(list.contains("capacity.csv") && list.contains("backtest --forecasts"))
    }

    @Test("of rows that repeat a time the first counts, and that is what is said")
    func repeatedRows() throws {
        let folder = try TemporaryFolder()
        var text = "unique_id,ds,y\n"
        for hour in 0..<100 { text += "a,\(hour),\(hour % 24 + 10)\n" }
        let once = try folder.write(text, to: "once.csv")
        let twice = try folder.write(text + "a,50,100000\n", to: "twice.csv")
        let options = ["--horizon", "2"]
        let plain = try Tool.highwater(["forecast", "--input", once] + options)
        let repeated = try Tool.highwater(["forecast", "--input", twice] + options)
        #expect(plain.code == 0 && plain.output == repeated.output)
        #expect(repeated.errors.contains("already in line 52; the first row counts"))
    }
}
