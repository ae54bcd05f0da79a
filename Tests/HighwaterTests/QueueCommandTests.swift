import Foundation
import TestSupport
import Testing

/// What the commands tell of queues: in theory, in a log, and fitted to measurements.
@Suite("Commands of queues")
struct QueueCommandTests {
    @Test("a log's own waits stand beside the model's, from the log and from its tape")
    func bursts() throws {
        let folder = try TemporaryFolder()
        // Five trades a second for ten minutes, each of two fills; every tenth second ten trades at once.
        var text = "id,price,qty,quote_qty,time,is_buyer_maker\n"
        var id = 0
        for index in 0..<3000 {
            let millisecond = index * 200 / (index % 50 < 10 ? 10_000 : 1) * (index % 50 < 10 ? 10_000 : 1)
            for _ in 0..<2 {
                id += 1
                text +=
                    "\(id),\(100 + index % 2),1,100,\(1_700_000_000_000 + millisecond),\(index % 2 == 0)\n"
            }
        }
        let file = try folder.write(text, to: "BTCUSDT-trades-2023-11-14.csv")
        let options = ["--service", "100us,2ms", "--servers", "1,2", "--level", "1,3"]
        let found = try Tool.highwater(["bursts", file] + options)
        #expect(found.code == 0 && found.errors.isEmpty, "\(found.errors)")
        let table = rows(found.output)
        #expect(
            table[0] == [
                "unique_id", "rate_per_second", "level", "service_us", "servers", "windows", "trace_p99_us",
                "model_p99_us",
            ])
        #expect(table.count == 9)
        // Ten at once, of which the p99 of fifty is between the ninth and the tenth to be served.
        #expect(table[1].prefix(6) == ["trades/binance-spot/BTCUSDT", table[1][1], "1", "100", "1", "10"])
        #expect((900...1000).contains(Double(table[1][6]) ?? 0), "\(table[1])")
        #expect(table[5][2] == "3" && table[5][5] == "0" && table[5][6].isEmpty && !table[5][7].isEmpty)
        let byRows = rows(
            try Tool.highwater(["bursts", file, "--service", "100us", "--count", "rows"]).output)
        #expect((1900...2000).contains(Double(byRows[1][6]) ?? 0), "\(byRows[1])")
        let tape = folder.path("tape")
        #expect(try Tool.highwater(["ingest", file, "--tape", tape]).code == 0)
        let fromTape = try Tool.highwater(["bursts", "--tape", tape, "--service", "100us", "--count", "rows"])
        #expect(rows(fromTape.output)[1][6] == byRows[1][6])
        #expect(try Tool.highwater(["bursts", file, "--service", "0us"]).code == 64)
        #expect(try Tool.highwater(["bursts", "--service", "5us"]).code == 64)
        #expect(try Tool.highwater(["bursts", folder.path("none"), "--service", "5us"]).code == 65)
    }

    @Test(
        "LOBSTER's own waits are those that a separate program finds, and the model's are near",
        .enabled(if: RealData.isPresent, Comment(rawValue: RealData.absence)))
    func realBursts() throws {
        // The archive holds the messages, the book and a page of text.
        let archive = RealData.path("lob/lobster/LOBSTER_SampleFile_GOOG_2012-06-21_10.zip")
        let run = try Tool.highwater([
            "bursts", archive, "--service", "20us,100us", "--servers", "1,4", "--level", "1,2",
        ])
        #expect(run.code == 0, "\(run.errors)")
        let found = rows(run.output).dropFirst()
        #expect(found.count == 8)
        // By numba, to the microsecond.
        for (row, told) in zip(found, [564, 100, 3761, 824]) {
            #expect(row[0] == "messages/nasdaq/GOOG" && row[5] == "770")
            #expect(abs((Double(row[6]) ?? 0) - Double(told)) < 0.6, "\(row)")
        }
        for row in found {
            let ratio = (Double(row[7]) ?? 0) / (Double(row[6]) ?? 1)
            let allowed = row[2] == "1" ? 1.5 : 2
            #expect((1 / allowed...allowed).contains(ratio), "\(row)")
        }
    }

    @Test(
        "the model tells a pool no more nodes than a real stream needs, give or take a sixth",
        .enabled(if: RealData.isPresent, Comment(rawValue: RealData.absence)))
    func realPools() throws {
        let archive = RealData.path("lob/lobster/LOBSTER_SampleFile_GOOG_2012-06-21_10.zip")
        let servers = [1, 2, 3, 4, 5, 6, 7, 8, 10, 12, 14, 16, 18, 20, 24, 28, 32]
        let run = try Tool.highwater([
            "bursts", archive, "--service", "20ms", "--servers",
            servers.map(String.init).joined(separator: ","),
        ])
        #expect(run.code == 0, "\(run.errors)")
        let found = rows(run.output).dropFirst()
        #expect(found.compactMap { Int($0[4]) } == servers)
        for allowed in [1e6, 500e3, 300e3, 150e3] {
            // The fewest nodes that keep p99 in the worst five minutes: by the log's own arrivals, and by the model's.
            func fewest(_ column: Int) -> Double {
                found.first { (Double($0[column]) ?? .infinity) <= allowed }.flatMap { Double($0[4]) } ?? .nan
            }
            let (needed, told) = (fewest(6), fewest(7))
            #expect(
                needed > 1 && (5.0 / 6...7.0 / 6).contains(told / needed), "\(allowed): \(told), \(needed)")
        }
    }

    @Test("queue says which quantiles have too few customers, and keeps quiet about the others")
    func queueTrust() throws {
        let run = try Tool.highwater([
            "queue", "--load", "0.5,0.99", "--customers", "1000", "--replications", "16",
        ])
        let table = rows(run.output)
        let trusted = try #require(table[0].firstIndex(of: "trusted_quantile"))
        let excursions = try #require(table[0].firstIndex(of: "p999_excursions"))
        #expect(table[1][trusted] == "0.999" && (Double(table[1][excursions]) ?? 0) >= 20)
        // 40 million customers at most, and an excursion takes 2 (1 + 1) / 0.01² of them.
        #expect(table[2][trusted] == "0.9" && abs((Double(table[2][excursions]) ?? 0) - 1.008) < 0.01)
        #expect(run.errors.contains("at a load of 0.99, do not rely on quantiles from 99 % on"))
        #expect(!run.errors.contains("at a load of 0.5"))
    }

    @Test("calibrate is told once how a test sent, or refuses")
    func calibrateDrive() throws {
        let folder = try TemporaryFolder()
        let file = try folder.write(
            "load,throughput,p50_us,p99_us,drive\n1,1e5,7,46,open\n2,1.33e5,10,69,closed\n", to: "mixed.csv")
        let both = try Tool.highwater([
            "calibrate", "--input", file, "--model", "service", "--open", "--closed",
        ])
        #expect(both.code == 64 && both.errors.contains("exclude each other"))
        let mixed = try Tool.highwater(["calibrate", "--input", file, "--model", "service"])
        #expect(mixed.code == 65 && mixed.errors.contains("expected 'open' as in the rows before"))
    }

    @Test("a misspelt process of a queue gets a near miss")
    func queueProcesses() throws {
        let arrivals = try Tool.highwater(["queue", "--arrivals", "poison"])
        #expect(arrivals.code == 64 && arrivals.errors.contains("did you mean 'poisson'?"))
        let service = try Tool.highwater(["queue", "--service", "gama:cv=2"])
        #expect(service.code == 64 && service.errors.contains("did you mean 'gamma'?"))
    }

    @Test("queue tells what it was asked")
    func queue() throws {
        let folder = try TemporaryFolder()
        let outcome = try Tool.highwater([
            "queue", "--load", "0.5,0.8", "--customers", "20000", "--replications", "4", "--slo", "100us",
            "--saturation", folder.path("s.csv"),
        ])
        let table = rows(outcome.output)
        #expect(table[0].prefix(4) == ["load", "utilisation", "utilisation_lo", "utilisation_hi"])
        #expect(
            table[0].suffix(5) == [
                "share_over_slo", "share_over_slo_lo", "share_over_slo_hi", "trusted_quantile",
                "p999_excursions",
            ])
        #expect(table.map { $0[0] } == ["load", "0.5", "0.8"])
        let wait = try #require(Double(table[2][4]))
        // M/M/1 at 0.8 waits four mean services of 5 µs.
        #expect(abs(wait / 20 - 1) < 0.3)
        let saturation = rows(try String(contentsOfFile: folder.path("s.csv"), encoding: .utf8))
        // The 99 % sojourn is s ln 100 / (1 − ρ): 100 µs at ρ = 0.77.
        #expect(abs((Double(saturation[1][3]) ?? 0) - 0.77) < 0.05)
        let json = try Tool.highwater([
            "queue", "--load", "0.5", "--customers", "2000", "--replications", "2", "--slo", "100us",
            "--format", "json",
        ]).output
        let list = try #require(try JSONSerialization.jsonObject(with: Data(json.utf8)) as? [[String: Any]])
        #expect(
            list.count == 2 && list[0]["kind"] as? String == "saturation" && list[1]["load"] as? Double == 0.5
        )
    }

    @Test("calibrate gives parameters with intervals")
    func calibrate() throws {
        let folder = try TemporaryFolder()
        let file = try folder.write(
            "throughput,load\n64.9,1\n995.9,18\n1652.4,36\n1853.2,72\n1828.9,108\n1775.0,144\n1702.2,216\n",
            to: "specsdm91.csv")
        let table = rows(try Tool.highwater(["calibrate", "--input", file, "--model", "usl"]).output)
        #expect(table[0].prefix(4) == ["parameter", "estimate", "lo", "hi"])
        #expect(
            table.dropFirst().prefix(5).map { $0[0] } == [
                "alpha", "beta", "gamma", "peak_load", "peak_throughput",
            ])
        #expect(abs((Double(table[1][1]) ?? 0) - 0.0277285) < 1e-7)
        #expect(abs((Double(table[4][1]) ?? 0) - 96.52) < 0.01)
    }

    @Test("the work of a book becomes a shard's service times, exactly")
    func calibrateOnWork() throws {
        let folder = try TemporaryFolder()
        let orders = try folder.write(
            "type,id,side,price,quantity\nlimit,1,buy,100,5\nlimit,2,buy,99,5\nlimit,3,sell,100,10\ncancel,1,,,\n"
                + "limit,4,sell,99,5\nlimit,5,buy,90,1\ncancel,5,,,\n", to: "orders.csv")
        let costs = try folder.write(
            "operation,nanoseconds,how\nadd,40,x\ncancel,50,x\nreduce,30,x\nreplace,80,x\none_fill,70,x\nfurther_fill,50,x\n",
            to: "costs.csv")
        let work = folder.path("work.csv")
        _ = try Tool.highwater([
            "book", "--input", orders, "--costs", costs, "--work", work, "-o", folder.path("book.csv"),
        ])
        let table = rows(
            try Tool.highwater([
                "calibrate", "--input", work, "--model", "work", "--overhead", "1us", "--overhead-cv", "0.5",
            ]).output)
        // Orders: three rest, one trades and rests, one trades; 40, 40, 70 + 40, 70 and 40 ns. Cancels: 50 and 50.
        let wanted: [(String, Double)] = [
            ("service_order_us", 1.06), ("service_order_cv", (760.0 + 250_000).squareRoot() / 1060),
            ("service_cancel_us", 1.05), ("service_cancel_cv", 500.0 / 1050),
        ]
        #expect(table.dropFirst().map { $0[0] } == wanted.map(\.0))
        for (row, (name, value)) in zip(table.dropFirst(), wanted) {
            #expect(abs((Double(row[1]) ?? -1) - value) < 1e-6, "\(name)")
        }
    }

    @Test("queue tells what surrounds it")
    func queueSystem() throws {
        let table = rows(
            try Tool.highwater([
                "queue", "--load", "1.5", "--capacity", "3", "--customers", "5000", "--replications", "16",
            ]).output)
        let place = try #require(table[0].firstIndex(of: "share_refused"))
        // M/M/1/3 at 1.5 refuses 3.375/8.125.
        #expect(abs((Double(table[1][place]) ?? 0) - 0.4154) < 0.02)
    }
}
