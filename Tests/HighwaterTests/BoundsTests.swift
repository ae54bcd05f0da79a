import Foundation
import TestSupport
import Testing

/// Inputs that are too large, too long or too odd, from outside: each ends in a word, soon.
@Suite("Bounds")
struct BoundsTests {
    @Test("no command reads a file without end, nor takes a line for a message")
    func endlessFiles() throws {
        let folder = try TemporaryFolder()
        let commands: [[String]] = [
            ["forecast", "--input"], ["surge", "--what", "hawkes", "--input"], ["calibrate", "--input"],
            ["place", "--capacity", "1", "--input"], ["queue", "--arrivals"], ["book", "--input"],
            ["book", "--format-in", "lobster", "--input"], ["flow", "--input"],
        ]
        let long = try folder.write("a,b\n1,\(String(repeating: "7", count: 3 << 20))\n", to: "long.csv")
        for command in commands {
            let prefix = command[0] == "queue" ? "file:" : ""
            for path in ["/dev/zero", long] {
                let found = try Tool.highwater(command + [prefix + path])
                #expect(
                    [64, 65].contains(found.code),
                    "\(command) \(path) \(found.code) \(found.errors.prefix(300))")
                #expect(found.errors.utf8.count < 8000, "\(command) \(path)")
            }
        }
    }

    @Test("service and arrivals that would be drawn for ever are refused")
    func extremeProcesses() throws {
        for options in [
            ["--service", "gamma:cv=1e-150"], ["--service", "lognormal:cv=1e-9"],
            ["--mean-service", "1e-300s"],
            ["--arrivals", "hawkes:n=0.9999999,decay=50ms"], ["--arrivals", "hawkes:n=0.5,decay=1e9s"],
        ] {
            let found = try Tool.highwater(["queue", "--customers", "100", "--replications", "1"] + options)
            #expect(found.code == 64 && !found.errors.isEmpty, "\(options) \(found.code)")
        }
    }

    @Test(
        "no number is read but in decimal writing, in options, events and tables",
        arguments: ["0x10", "1e999", "nan"])
    func strictNumbers(_ number: String) throws {
        let folder = try TemporaryFolder()
        let loads = try folder.write("symbol,load\nA,\(number)\n", to: "loads.csv")
        let test = try folder.write("load,throughput\n1,10\n2,\(number)\n3,30\n4,38\n", to: "test.csv")
        let series = try folder.write("unique_id,ds,y\na,1,\(number)\na,2,3\n", to: "series.csv")
        let commands: [[String]] = [
            ["queue", "--load", number], ["queue", "--mean-service", number + "us"],
            ["queue", "--service", "gamma:cv=\(number)"], ["queue", "--arrivals", "hawkes:n=\(number)"],
            ["queue", "--retry", "max=\(number)"], ["queue", "--replications", number],
            ["whatif", "--event", "surge:x=\(number),ramp=4m,hold=20m", "-o", folder.path("w")],
            ["whatif", "--event", "surge:x=5,ramp=\(number)m,hold=20m", "-o", folder.path("w")],
            ["whatif", "--event", "listing:clients=\(number)", "-o", folder.path("w")],
            ["place", "--capacity", number, "--input", loads],
            ["place", "--capacity", "10", "--input", loads],
            ["calibrate", "--model", "usl", "--input", test],
            ["forecast", "--horizon", "2", "--input", series],
            ["forecast", "--horizon", number, "--input", series],
            ["forecast", "--horizon", "2", "--target", "hours:\(number)", "--input", series],
            ["generate", "--trades-per-second", number, "-o", folder.path("g")],
            ["generate", "--seed", number, "-o", folder.path("g")],
        ]
        // In a column of values nan is nothing measured.
        for command in commands where number != "nan" || !command.contains(series) || command.contains(number)
        {
            let found = try Tool.highwater(command)
            #expect(
                [64, 65, 78].contains(found.code), "\(command): \(found.code) \(found.errors.prefix(200))")
        }
    }

    @Test("a named pipe inside a folder is told, not waited for")
    func pipesInFolders() throws {
        let folder = try TemporaryFolder()
        try folder.write("1,5,1,5,1723075200000,true\n2,5,1,5,1723075200001,true\n", to: "logs/BTCUSDT.csv")
        #expect(mkfifo(folder.path("logs/pipe.csv"), 0o600) == 0)
        let found = try Tool.highwater(["ingest", folder.path("logs"), "--tape", folder.path("tape")])
        #expect(found.code == 65 && found.errors.contains("named pipe"))
        #expect(found.output.contains("binance-trades,2,2"))
    }

    @Test("notes beside logs are skipped with a note, logs that cannot be read are not")
    func notesBesideLogs() throws {
        let folder = try TemporaryFolder()
        try folder.write("1,5,1,5,1723075200000,true\n2,5,1,5,1723075200001,true\n", to: "logs/BTCUSDT.csv")
        for name in ["SOURCE.txt", "README.md", "BTCUSDT.csv.CHECKSUM", "LICENSE"] {
            try folder.write("Data from somewhere, of some day.\n", to: "logs/" + name)
        }
        let logs = folder.path("logs")
        let found = try Tool.highwater(["ingest", logs, "--tape", folder.path("tape")])
        #expect(found.code == 0 && found.errors.contains("skipped: not a log"), "\(found.errors)")
        let named = try Tool.highwater([
            "ingest", logs + "/SOURCE.txt", logs + "/BTCUSDT.csv", "--tape", folder.path("t2"),
        ])
        #expect(named.code == 65)
        try folder.write("no log at all\n", to: "logs/other.csv")
        #expect(try Tool.highwater(["ingest", logs, "--tape", folder.path("t3")]).code == 65)
    }

    @Test("what a load test does not bear is not told as a peak")
    func peaks() throws {
        let folder = try TemporaryFolder()
        func rows(_ throughput: (Double) -> Double) throws -> (output: String, errors: String) {
            let text = "load,throughput\n" + [1.0, 2, 4, 8, 16].map { "\($0),\(throughput($0))\n" }.joined()
            let found = try Tool.highwater(["calibrate", "--input", folder.write(text, to: "x.csv")])
            #expect(found.code == 0, "\(found.errors)")
            return (found.output, found.errors)
        }
        for level in [{ 10 * $0 }, { _ in 10 }] as [(Double) -> Double] {
            #expect(try rows(level).output.contains("peak_load,,,"))
        }
        #expect(try rows { 10 * pow($0, 1.3) }.errors.contains("faster than load"))
        let law = try rows { 10 * $0 / (1 + 0.05 * ($0 - 1) + 0.005 * $0 * ($0 - 1)) }
        #expect(law.output.contains("peak_load,13.7"), "\(law.output)")
    }

    @Test("orders without a seed book are calibrated, not a crash")
    func flowWithoutSeedBook() throws {
        let sample = Tool.checkout.appending(
            path: "Datasets/samples/GOOG_2026-01-05_34200000_57600000_message_1.csv"
        ).path
        let found = try Tool.highwater(["flow", "--input", sample, "--events", "1000"])
        #expect([0, 65].contains(found.code), "\(found.code) \(found.errors.prefix(300))")
    }
}
