import Ingest
import Tape
import TestSupport
import Testing
import Units

@Suite("Rows whose number is their time")
struct CountedRowTests {
    private static let start: Int64 = 1_767_571_200

    @Test("neither a header nor a bad row moves the rows behind it", arguments: [true, false])
    func rowsKeepTheirPlace(_ hasHeader: Bool) throws {
        let folder = try TemporaryFolder()
        let text = (hasHeader ? "n,m\n" : "") + "5,0\n6,0\n6,0\n6,0\n7\n8,0\nx,0\n9,0\n"
        let path = try folder.write(text, to: "c.csv")
        var map = ColumnMap(kind: .counts, columns: ["value": .column(1)])
        map.hasHeader = hasHeader
        map.clock = .steps(start: Timestamp(seconds: Self.start), stepSeconds: 300, first: 1)
        for decimal in [nil, DecimalMark.comma] {
            map.decimalMark = decimal
            let tape = folder.path("tape-\(decimal == nil)")
            let report = try ingest([path], tape) {
                $0.map = map
                $0.badRowShareMax = 1
            }
            #expect(report.quarantine.map(\.reason) == [.fieldCount, .value])
            let rows = try Tape.open(tape).read(SeriesID("metrics/generic/c"))
            #expect(rows.counts == [5, 6, 6, 6, 8, 9])
            #expect(rows.rows.map { ($0.start - Self.start) / 300 } == [0, 1, 2, 3, 5, 7])
        }
    }
}
