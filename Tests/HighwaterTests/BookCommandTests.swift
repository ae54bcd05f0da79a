import Foundation
import TestSupport
import Testing

@Suite("The book command")
struct BookCommandTests {
    /// Every kind of order once, with what the book is to look like after it.
    private static let session: [(message: String, row: String)] = [
        ("type,id,side,price,quantity,tif,owner,stp,display,trigger,new_id,time", ""),
        ("limit,1,sell,101,5,,,,,,,09:00", "101,5,-,0"),
        ("limit,2,sell,102,9,gtc,,,3", "101,5,-,0"),
        ("limit,3,BUY,99,4,post_only", "101,5,99,4"),
        ("limit,4,buy,101,1,post_only", "101,5,99,4"),
        ("limit,5,buy,101,9,fok", "101,5,99,4"),
        ("stop,6,sell,,2,,,,,100", "101,5,99,4"),
        ("limit,7,buy,101,2,ioc", "101,3,99,4"),
        ("market,8,buy,,4,", "102,2,99,4"),
        ("amount,9,buy,,205,", "102,3,99,4"),
        ("reduce,3,,,1", "102,3,99,3"),
        ("replace,3,buy,98,3,,,,,,10", "102,3,98,3"),
        ("halt", "102,3,98,3"),
        ("limit,11,buy,97,1", "102,3,98,3"),
        ("cancel,99", "102,3,98,3"),
        ("resume", "102,3,98,3"),
        ("limit,12,sell,98,1", "102,3,-,0"),
        ("limit,13,buy,102,1,,7", "102,2,-,0"),
        ("limit,14,buy,90,1,,7", "102,2,90,1"),
        ("limit,15,sell,90,1,,7,expire_both", "102,2,-,0"),
        ("cancel,2", "-,0,-,0"),
    ]

    @Test("a table of messages of every kind becomes rows, trades, and work with service times")
    func table() throws {
        let folder = try TemporaryFolder()
        let text = Self.session.map(\.message).joined(separator: "\r\n") + "\r\n"
        _ = try folder.write("\u{FEFF}" + text, to: "messages.csv")
        let costs = """
            operation,nanoseconds,how
            add,10,made up
            cancel,20,
            reduce,30,
            replace,40,
            one_fill,50,
            further_fill,5,

            """
        _ = try folder.write(costs, to: "costs.csv")
        let outcome = try Tool.highwater(
            [
                "book", "--input", "messages.csv", "--levels", "1", "--trades", "trades.csv", "--work",
                "work.csv",
                "--costs", "costs.csv",
            ], in: folder.url)
        #expect(outcome.code == 0, "\(outcome.errors)")
        let expected = Self.session.dropFirst().map { pair in
            let fields = pair.row.split(separator: ",").map(String.init)
            let ask = fields[0] == "-" ? "9999999999" : fields[0]
            let bid = fields[2] == "-" ? "-9999999999" : fields[2]
            return [ask, fields[1], bid, fields[3]].joined(separator: ",")
        }
        #expect(outcome.output.split(separator: "\n").map(String.init) == expected)
        let trades = try String(contentsOfFile: folder.path("trades.csv"), encoding: .utf8)
        #expect(
            trades == """
                message,time,price,quantity,maker,taker,taker_side,hidden
                7,,101,2,1,7,buy,false
                8,,101,3,1,8,buy,false
                8,,102,1,2,8,buy,false
                9,,102,2,2,9,buy,false
                16,,98,1,10,12,sell,false
                16,,98,2,10,6,sell,false
                17,,102,1,2,13,buy,false

                """)
        let work = try String(contentsOfFile: folder.path("work.csv"), encoding: .utf8)
        #expect(
            work == """
                message,time,kind,status,levels_swept,fills,cancels,order,filled,service_ns
                1,09:00,limit,resting,0,0,0,1,0,10
                2,,limit,resting,0,0,0,2,0,10
                3,,limit,resting,0,0,0,3,0,10
                4,,limit,would_trade,0,0,0,4,0,10
                5,,limit,not_fillable,0,0,0,5,0,10
                6,,stop,waiting,0,0,0,6,0,10
                7,,limit,filled,1,1,0,7,2,50
                8,,market,filled,2,2,0,8,4,55
                9,,amount,expired,1,1,0,9,2,50
                10,,reduce,done,0,0,1,3,0,30
                11,,replace,resting,0,0,1,10,0,40
                12,,halt,done,0,0,0,,0,0
                13,,limit,halted,0,0,0,11,0,10
                14,,cancel,unknown,0,0,0,99,0,20
                15,,resume,done,0,0,0,,0,0
                16,,limit,filled,1,1,0,12,1,50
                16,,stop,filled,1,1,0,6,2,50
                17,,limit,filled,1,1,0,13,1,50
                18,,limit,resting,0,0,0,14,0,10
                19,,limit,expired,0,0,1,15,0,30
                20,,cancel,done,0,0,1,2,0,20

                """)
    }

    @Test(
        "what is wrong with a table is told with its place",
        arguments: [
            ("typ,id\ncancel,1", "m.csv:1:1: unknown column 'typ'. Did you mean 'type'?"),
            ("type,id,id\ncancel,1,1", "m.csv:1:9: duplicate column 'id'"),
            ("id\n1", "m.csv:1:1: the column 'type' is missing"),
            ("type,id\ncancel,1\ncancle,2", "m.csv:3:1: unknown type 'cancle'. Did you mean 'cancel'?"),
            ("type,id\ncancel,-2", "m.csv:2:8: '-2' is not an id"),
            ("type,id\ncancel", "m.csv:2:"),
            ("type,id\ncancel,1,2", "m.csv:2:10: expected 2 fields, as in the header, but found 3"),
            (
                "type,id,side,price,quantity\nlimit,1,bye,5,5",
                "m.csv:2:9: 'bye' is unknown; expected one of buy, sell"
            ),
            ("type,id,side,price,quantity\nlimit,1,buy,5.5,5", "m.csv:2:13: '5.5' is not a whole number"),
            (
                "type,id,side,price,quantity,tif\nlimit,1,buy,5,5,gtd",
                "m.csv:2:17: 'gtd' is unknown; expected one of"
            ),
            (
                "type,id,side,price,quantity,owner\nlimit,1,buy,5,5,-1",
                "m.csv:2:17: 'owner' must be a whole number"
            ),
            ("", "m.csv: the file has no lines"),
        ])
    func badTables(text: String, message: String) throws {
        let folder = try TemporaryFolder()
        _ = try folder.write(text, to: "m.csv")
        let outcome = try Tool.highwater(["book", "--input", "m.csv", "-o", "out.csv"], in: folder.url)
        #expect(outcome.code == 65 && outcome.errors.contains(message), "\(outcome.errors)")
        #expect(!FileManager.default.fileExists(atPath: folder.path("out.csv")))
    }

    @Test("LOBSTER's files are checked line by line and against each other")
    func badLobster() throws {
        let folder = try TemporaryFolder()
        _ = try folder.write("0.1,1,1,5,1000,1\n0.2,1,2,3,1010,-1\n", to: "m.csv")
        _ = try folder.write("0.1,1,1,5,1000,1\n0.2,9,2,3,1010,-1\n", to: "bad.csv")
        _ = try folder.write("1020,5,1000,5\n", to: "short.csv")
        _ = try folder.write("1020,5,1000,5\n1010,3,1000\n", to: "broken.csv")
        for (input, seed, message) in [
            ("bad.csv", "short.csv", "bad.csv:2:1: not a LOBSTER message"),
            ("m.csv", "short.csv", "short.csv: has 1 rows, but there are 2 messages"),
            ("m.csv", "broken.csv", "broken.csv:2:1: not a row of an orderbook file"),
            ("m.csv", "none.csv", "none.csv: no such file"),
        ] {
            let outcome = try Tool.highwater(
                ["book", "--format-in", "lobster", "--input", input, "--seed-book", seed], in: folder.url)
            #expect(outcome.code == 65 && outcome.errors.contains(message), "\(outcome.errors)")
        }
    }

    @Test("of the seed book only the first row and the last levels are read")
    func masked() throws {
        let folder = try TemporaryFolder()
        let messages = "0.1,1,1,5,1000,1\n0.2,1,2,3,1010,-1\n0.3,3,2,3,1010,-1\n0.4,4,77,3,1000,1\n"
        let rows = [
            "1020,5,1000,5,1030,7,990,8", "1010,3,1000,5,1020,5,990,8", "1020,5,1000,5,1030,9,990,8",
            "1020,5,1000,2,1030,9,990,8",
        ]
        _ = try folder.write(messages, to: "m.csv")
        _ = try folder.write(rows.joined(separator: "\n") + "\n", to: "rows.csv")
        let last = rows.map { $0.split(separator: ",").suffix(4).joined(separator: ",") }
        let masked = [rows[0]] + last.dropFirst().map { "0,0,0,0,\($0)" }
        _ = try folder.write(masked.joined(separator: "\n") + "\n", to: "masked.csv")
        for seed in ["rows.csv", "masked.csv"] {
            let outcome = try Tool.highwater(
                [
                    "book", "--format-in", "lobster", "--input", "m.csv", "--seed-book", seed, "--work",
                    "w.csv",
                ], in: folder.url)
            #expect(outcome.output == rows.joined(separator: "\n") + "\n" && outcome.code == 0)
        }
        let work = try String(contentsOfFile: folder.path("w.csv"), encoding: .utf8)
        #expect(
            work.split(separator: "\n").dropFirst() == [
                "1,0.1,limit,resting,0,0,0,1,0", "2,0.2,limit,resting,0,0,0,2,0",
                "3,0.3,cancel,done,0,0,1,2,0",
                "4,0.4,aggressive,filled,1,1,0,,3",
            ])
    }

    @Test(
        "the public sample comes back byte for byte from its archive",
        .enabled(if: RealData.isPresent, Comment(rawValue: RealData.absence)))
    func archive() throws {
        let path = RealData.path("lob/lobster/LOBSTER_SampleFile_GOOG_2012-06-21_10.zip")
        let folder = try TemporaryFolder()
        let outcome = try Tool.highwater(
            ["book", "--format-in", "lobster", "--input", path, "-o", "rows.csv"], in: folder.url)
        #expect(outcome.code == 0, "\(outcome.errors)")
        #expect(try Tool.run("/usr/bin/env", ["unzip", "-q", path, "-d", folder.url.path]).code == 0)
        let name = "GOOG_2012-06-21_34200000_57600000_orderbook_10.csv"
        let published = try Data(contentsOf: URL(filePath: folder.path(name)))
        let ours = try Data(contentsOf: URL(filePath: folder.path("rows.csv")))
        #expect(ours == published && ours.count > 1_000_000)
    }
}
