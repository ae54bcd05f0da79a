import Foundation
import Ingest
import TestSupport
import Testing

/// A closed loop of N users, each with a request that takes a tenth of a second: N in flight, 10 N a second.
@Suite("Outputs of load tests")
struct LoadTestTests {
    /// Requests as (start in milliseconds, users); 20 seconds at each level, starts shifted so that no two levels touch.
    private static let requests: [(start: Int, users: Int)] = [1, 2, 4, 8, 16].enumerated().flatMap {
        place, users in
        (0..<200).flatMap { step in
            (0..<users).map { user in (start: place * 20_000 + step * 100 + user * 100 / users, users: users)
            }
        }
    }
    private static let origin = 1_770_000_000_000

    private static func text(_ tool: String) -> String {
        let rows = requests
        func stamp(_ milliseconds: Int) -> String {
            let (second, part) = (milliseconds / 1000, milliseconds % 1000)
            return "2026-02-02T02:\(40 + second / 60):\(two(second % 60)).\(three(part))Z"
        }
        switch tool {
        case "k6.csv":
            return "metric_name,timestamp,metric_value,check,expected_response,status\n"
                + rows.map { row in
                    let end = Double(origin + row.start + 100) / 1000
                    return
                        "http_reqs,\(end),1,,true,200\nhttp_req_duration,\(end),100,,true,200\nvus,\(end),\(row.users),,,\n"
                }.joined()
        case "k6.json":
            return "{\"type\":\"Metric\",\"metric\":\"vus\",\"data\":{\"type\":\"gauge\"}}\n"
                + rows.map { row in
                    let time = stamp(row.start + 100)
                    return
                        "{\"metric\":\"http_req_duration\",\"type\":\"Point\",\"data\":{\"time\":\"\(time)\",\"value\":100,"
                        + "\"tags\":{\"expected_response\":\"true\"}}}\n"
                        + "{\"metric\":\"vus\",\"type\":\"Point\",\"data\":{\"time\":\"\(time)\",\"value\":\(row.users)}}\n"
                }.joined()
        case "jmeter.jtl":
            return
                "timeStamp,elapsed,label,responseCode,responseMessage,threadName,success,bytes,grpThreads,allThreads\n"
                + rows.map { "\(origin + $0.start),100,home,200,OK,t 1-1,true,5,\($0.users),\($0.users)\n" }
                .joined()
        case "jmeter.xml":
            return "<?xml version=\"1.0\"?>\n<testResults version=\"1.2\">\n"
                + rows.map {
                    "<httpSample t=\"100\" lt=\"9\" ts=\"\(origin + $0.start)\" s=\"true\" na=\"\($0.users)\"/>\n"
                }
                .joined() + "</testResults>\n"
        case "simulation.log":
            return "RUN\tSim\tsim\t\(origin)\t \t3.9\nUSER\tscn\tSTART\t\(origin)\n"
                + rows.map { "REQUEST\t\thome\t\(origin + $0.start)\t\(origin + $0.start + 100)\tOK\t \n" }
                .joined()
        case "vegeta.csv":
            return rows.map { "\(origin + $0.start)000000,200,100000000,0,5,,,a,0,GET,http://x,\n" }.joined()
        case "vegeta.json":
            return rows.map {
                "{\"attack\":\"\",\"seq\":0,\"code\":200,\"timestamp\":\"\(stamp($0.start))\",\"latency\":100000000}\n"
            }.joined()
        case "ab.tsv":
            return "starttime\tseconds\tctime\tdtime\tttime\twait\n"
                + rows.map { "x\t\((origin + $0.start) / 1000)\t0\t100\t100\t99\n" }.joined()
        default:
            return
                "response-time,DNS+dialup,DNS,Request-write,Response-delay,Response-read,status-code,offset\n"
                + rows.map { "0.1000,0.0,0.0,0.0,0.0,0.0,200,\(Double($0.start) / 1000)\n" }.joined()
        }
    }

    private static func two(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
    private static func three(_ number: Int) -> String { String("\(number + 1000)".dropFirst()) }

    static let tools = [
        "k6.csv", "k6.json", "jmeter.jtl", "jmeter.xml", "simulation.log", "vegeta.csv", "vegeta.json",
        "hey.csv", "ab.tsv",
    ]

    @Test("single requests make levels with the right load, throughput and times", arguments: tools)
    func requestsMakeLevels(_ tool: String) throws {
        let folder = try TemporaryFolder()
        let path = try folder.write(Self.text(tool), to: tool)
        let log = try #require(try LoadTestLog.read(path: path))
        // A window in which the level changes makes a level of its own; those of the test stand out by being full.
        for users in [1.0, 2, 4, 8, 16] {
            let near = log.levels.min { abs($0.load - users) < abs($1.load - users) }
            let level = try #require(near)
            #expect(abs(level.load - users) < 0.1 * users, "\(tool) \(users) \(log.levels)")
            #expect(abs(level.throughputPerSecond - 10 * users) < 1.2 * users, "\(tool) \(users) \(level)")
            #expect(
                abs((level.medianSeconds ?? 0) - 0.1) < 0.002 && abs((level.p99Seconds ?? 0) - 0.1) < 0.002)
        }
    }

    @Test(
        "outputs of load tests are no traffic",
        arguments: tools + [
            "wrk2.txt", "bombardier.txt", "oha.json", "fortio.json", "autocannon.json", "bombardier.json",
            "artillery.json", "k6-summary.json", "k6-handle.json",
            "locust.csv", "wrk.txt", "hey.txt", "ab.txt", "shares.csv", "siege.log", "vegeta.txt",
        ])
    func outputsAreNoTraffic(_ tool: String) throws {
        let folder = try TemporaryFolder()
        let text = Self.summaries[tool] ?? Self.text(tool)
        let report = try ingest([try folder.write(text, to: tool)], folder.path("tape"))
        #expect(report.files.first?.failure?.description.contains("calibrate") == true)
    }

    private static let summaries = [
        "siege.log":
            "      Date & Time,  Trans,  Elap Time,  Data Trans,  Resp Time,  Trans Rate,  Throughput,  Concurrent,"
            + "    OKAY,   Failed\n2026-02-03 00:00:01,   3000,      30.00,           1,       0.012,      100.00,"
            + "        0.03,        1.20,    3000,       0\n2026-02-03 00:01:01,   6000,      30.00,           1,"
            + "       0.015,      200.00,        0.03,        3.00,    6000,       0\n",
        "vegeta.txt": """
        Requests      [total, rate, throughput]         3000, 100.03, 100.00
        Duration      [total, attack, wait]             30.007s, 29.99s, 16.52ms
        Latencies     [min, mean, 50, 90, 95, 99, max]  812.5µs, 20ms, 11ms, 18ms, 20ms, 30ms, 40ms
        Bytes In      [total, mean]                     36000, 12.00
        Success       [ratio]                           100.00%
        Status Codes  [code:count]                      200:3000
        Error Set:

        """,
        "wrk2.txt": """
        Running 1m test @ http://127.0.0.1:19234
          4 threads and 64 connections
          Thread calibration: mean lat.: 3.565ms, rate sampling interval: 12ms
          Thread calibration: mean lat.: 2.251ms, rate sampling interval: 10ms
          Thread Stats   Avg      Stdev     99%   +/- Stdev
            Latency     2.50ms    1.72ms   8.05ms   74.66%
            Req/Sec   272.32    362.84     1.20k    79.71%
          Latency Distribution (HdrHistogram - Recorded Latency)
         50.000%    2.02ms
         99.000%    8.05ms
         99.900%   12.95ms
        100.000%   17.14ms

          Detailed Percentile spectrum:

        ----------------------------------------------------------
          60000 requests in 1.00m, 3.89MB read
        Requests/sec:   1000.00
        Transfer/sec:     66.36KB

        """,
        "bombardier.txt": """
        Bombarding http://127.0.0.1:8080/persons with 1000000 requests using 100 connections
         1000000 / 1000000 [======================================] 100.00% 1m23s
        Done!
        Statistics        Avg      Stdev        Max
          Reqs/sec     12000.00    1609.70      15369
          Latency        8.00ms     3.83ms   291.71ms
          Latency Distribution
             50%     7.73ms
             75%     9.09ms
             90%    11.24ms
             99%    18.03ms
          HTTP codes:
            1xx - 0, 2xx - 750000, 3xx - 0, 4xx - 0, 5xx - 250000
            others - 0
          Throughput:     2.48MB/s

        """,
        "oha.json": """
        {
          "summary": {
            "successRate": 1.0,
            "total": 5.0,
            "slowest": 0.028,
            "fastest": 0.002,
            "average": 0.02,
            "requestsPerSec": 200.0,
            "totalData": 13,
            "sizePerRequest": 13,
            "sizePerSec": 2493.2
          },
          "responseTimeHistogram": { "0.002772958": 0 },
          "latencyPercentiles": { "p10": 0.01, "p50": 0.018, "p99": 0.025, "p99.9": 0.027, "p99.99": 0.028 },
          "statusCodeDistribution": { "200": 900, "503": 100 },
          "errorDistribution": {}
        }
        {"summary":{"successRate":1.0,"total":5,"slowest":1,"fastest":0.1,"average":0.1,"requestsPerSec":300},
        "latencyPercentiles":{"p50":0.09,"p99":null},"statusCodeDistribution":{"200":1500}}

        """,
        "fortio.json": """
        {
          "RunType": "HTTP",
          "Labels": "verf.io , verfio-job-v8wl6",
          "StartTime": "2018-12-22T15:51:10.053834734Z",
          "RequestedQPS": "8",
          "RequestedDuration": "10s",
          "ActualQPS": 8,
          "ActualDuration": 10036719644,
          "NumThreads": 4,
          "Version": "1.3.1-pre",
          "DurationHistogram": {
            "Count": 80,
            "Min": 0.028,
            "Max": 0.073,
            "Sum": 4,
            "Avg": 0.05,
            "StdDev": 0.0139,
            "Data": [ { "Start": 0.028, "End": 0.03, "Percent": 25, "Count": 20 } ],
            "Percentiles": [ { "Percentile": 50, "Value": 0.045 }, { "Percentile": 99, "Value": 0.07 } ]
          },
          "RetCodes": { "200": 60, "503": 20 }
        }

        """,
        "autocannon.json":
            "{\"url\":\"http://localhost:3043/\",\"connections\":100,\"sampleInt\":1000,\"pipelining\":10,\"workers\":0,"
            + "\"duration\":10,\"samples\":10,\"start\":\"2025-05-02T14:50:39.485Z\",\"errors\":0,\"timeouts\":0,"
            + "\"mismatches\":0,\"non2xx\":2000,\"resets\":0,\"1xx\":0,\"2xx\":8000,\"3xx\":0,\"4xx\":0,\"5xx\":2000,"
            + "\"latency\":{\"average\":900,\"p50\":200,\"p97_5\":7932,\"p99\":7960},"
            + "\"requests\":{\"average\":1000,\"p50\":927,\"p99\":1577,\"total\":10000,\"sent\":10518},"
            + "\"throughput\":{\"average\":171731.2}}\n",
        "bombardier.json":
            "{\"spec\":{\"numberOfConnections\":125,\"testType\":\"timed\",\"testDurationSeconds\":10,\"method\":\"GET\","
            + "\"url\":\"http://localhost:8080\",\"body\":\"\",\"stream\":false,\"timeoutSeconds\":2,\"client\":"
            + "\"fasthttp\"},\"result\":{\"bytesRead\":1,\"bytesWritten\":1,\"timeTakenSeconds\":10,\"req1xx\":0,"
            + "\"req2xx\":9000,\"req3xx\":0,\"req4xx\":500,\"req5xx\":500,\"others\":0,\"latency\":{\"mean\":20000.0,"
            + "\"stddev\":1,\"max\":3,\"percentiles\":{\"50\":18000,\"75\":19000,\"90\":20000,\"99\":40000}},\"rps\":"
            + "{\"mean\":990.5,\"stddev\":1,\"max\":2,\"percentiles\":{\"50\":1000.000000}}}}\n",
        "artillery.json": """
        {
          "aggregate": {
            "counters": { "vusers.created": 400, "http.requests": 400, "http.responses": 400, "http.codes.200": 400 },
            "rates": { "http.request_rate": 20 },
            "summaries": { "http.response_time": { "min": 5, "max": 300, "mean": 50, "median": 40, "p99": 200 } }
          },
          "intermediate": [
            {
              "counters": { "http.requests": 100, "http.responses": 100, "http.codes.200": 100 },
              "rates": { "http.request_rate": 10 },
              "summaries": { "http.response_time": { "mean": 20, "p50": 18, "median": 18, "p99": 60 } }
            },
            {
              "counters": { "http.requests": 300, "http.responses": 240, "http.codes.200": 180, "http.codes.503": 60 },
              "rates": { "http.request_rate": 30 },
              "summaries": { "http.response_time": { "mean": 100, "p50": 90, "median": 90, "p99": 300 } }
            }
          ]
        }

        """,
        "k6-summary.json": """
        {
          "metrics": {
            "vus_max": { "max": 5, "min": 5, "value": 5 },
            "http_req_failed": { "passes": 25, "fails": 75, "value": 0.25 },
            "http_reqs": { "count": 400, "rate": 20 },
            "http_req_duration": { "avg": 150, "max": 663.5, "med": 115, "min": 103.4, "p(90)": 204.5, "p(99)": 400 }
          },
          "root_group": { "name": "", "path": "", "groups": {}, "checks": {} }
        }

        """,
        "k6-handle.json": """
        {
          "metrics": {
            "http_reqs": { "type": "counter", "contains": "default", "values": { "count": 400, "rate": 20 } },
            "http_req_duration": {
              "type": "trend", "contains": "time",
              "values": { "avg": 150, "min": 1, "med": 115, "max": 25, "p(90)": 204.5, "p(95)": 205 }
            },
            "http_req_failed": { "values": { "rate": 0, "passes": 0, "fails": 400 }, "type": "rate" }
          }
        }

        """,
        "shares.csv": "Percentage served,Time in ms\n0,1\n50,3\n99,9\n",
        "locust.csv": """
        Timestamp,User Count,Type,Name,Requests/s,Failures/s,50%,66%,99%,Total Request Count
        1770000001,10,GET,/a,50,0,80,85,100,50
        1770000001,10,,Aggregated,100,2,100,110,200,100
        1770000002,10,,Aggregated,102,0,100,110,220,200
        1770000003,20,,Aggregated,180,0,110,120,300,400

        """,
        "wrk.txt": """
        Running 30s test @ http://127.0.0.1:8080/
          4 threads and 100 connections
          Thread Stats   Avg      Stdev     Max   +/- Stdev
            Latency   635.91us    0.89ms  12.92ms   93.69%
            Req/Sec    56.20k     8.07k   62.00k    86.54%
          Latency Distribution
             50%  250.00us
             99%    2.00ms
          22464657 requests in 30.00s, 17.76GB read
        Requests/sec: 748868.53
        Transfer/sec:    606.33MB
        Running 30s test @ http://127.0.0.1:8080/
          4 threads and 200 connections
        Requests/sec: 900000.00

        """,
        "hey.txt": """

        Summary:
          Total:        2.0000 secs
          Average:      0.0500 secs
          Requests/sec: 1000.0000

        Latency distribution:
          50% in 0.0400 secs
          99% in 0.0900 secs

        """,
        "ab.txt": """
        This is ApacheBench, Version 2.3
        Concurrency Level:      10
        Complete requests:      1000
        Requests per second:    250.00 [#/sec] (mean)
        Percentage of the requests served within a certain time (ms)
          50%     40
          99%     90

        """,
    ]

    @Test("summaries are levels, one behind the other")
    func summariesAreLevels() throws {
        let folder = try TemporaryFolder()
        func levels(_ name: String) throws -> [LoadTestLog.Level] {
            let path = try folder.write(Self.summaries[name] ?? "", to: name)
            // Means of times have a rounding error.
            return try #require(try LoadTestLog.read(path: path)).levels.map { found in
                var level = found
                level.load = (found.load * 1e9).rounded() / 1e9
                level.throughputPerSecond = (found.throughputPerSecond * 1e9).rounded() / 1e9
                level.medianSeconds = found.medianSeconds.map { ($0 * 1e9).rounded() / 1e9 }
                level.p99Seconds = found.p99Seconds.map { ($0 * 1e9).rounded() / 1e9 }
                return level
            }
        }
        func level(_ load: Double, _ rate: Double, _ p50: Double?, _ p99: Double?) -> LoadTestLog.Level {
            LoadTestLog.Level(load: load, throughputPerSecond: rate, medianSeconds: p50, p99Seconds: p99)
        }
        #expect(try levels("locust.csv") == [level(10, 100, 0.1, 0.21), level(20, 180, 0.11, 0.3)])
        #expect(
            try levels("wrk.txt") == [level(100, 748_868.53, 0.00025, 0.002), level(200, 900_000, nil, nil)])
        #expect(try levels("hey.txt") == [level(50, 1000, 0.04, 0.09)])
        #expect(try levels("siege.log") == [level(1.2, 100, nil, nil), level(3, 200, nil, nil)])
        #expect(try levels("vegeta.txt") == [level(2, 100, 0.011, 0.03)])
        // Of these, the load is the requests in flight: the rate times the mean time.
        #expect(try levels("wrk2.txt") == [level(2.5, 1000, 0.00202, 0.00805)])
        #expect(try levels("bombardier.txt") == [level(96, 9000, 0.00773, 0.01803)])
        #expect(try levels("oha.json") == [level(4, 180, 0.018, 0.025), level(30, 300, 0.09, nil)])
        #expect(try levels("fortio.json") == [level(0.4, 6, 0.045, 0.07)])
        #expect(try levels("autocannon.json") == [level(900, 800, 0.2, 7.96)])
        #expect(try levels("bombardier.json") == [level(20, 900, 0.018, 0.04)])
        #expect(try levels("artillery.json") == [level(0.2, 10, 0.018, 0.06), level(3, 18, 0.09, 0.3)])
        #expect(try levels("k6-summary.json") == [level(3, 15, 0.115, 0.4)])
        #expect(try levels("k6-handle.json") == [level(3, 20, 0.115, nil)])
        #expect(try levels("ab.txt") == [level(10, 250, 0.04, 0.09)])
    }

    @Test("other tables are no load tests")
    func otherTables() throws {
        let folder = try TemporaryFolder()
        for text in ["load,throughput\n1,10\n", "time,path,status\n", "", "a,b,c,d\n1,2,3,4\n"] {
            #expect(try LoadTestLog.read(path: try folder.write(text, to: "x.csv")) == nil)
        }
        for sample in DifferentialTests.samples {
            #expect(
                try LoadTestLog.read(path: DifferentialTests.folder.appending(path: sample).path) == nil,
                "\(sample)")
        }
    }

    @Test("a used column that a header names twice is an error at the second, and an unused one is not")
    func repeatedColumns() throws {
        let folder = try TemporaryFolder()
        func failure(_ text: String) throws -> String {
            let path = try folder.write(text, to: "test.csv")
            let error = #expect(throws: IngestError.self) { try LoadTestLog.read(path: path) }
            return error?.description ?? ""
        }
        let k6 = try failure(
            "metric_name,timestamp,metric_value,status,metric_value\nhttp_req_duration,1770000000,100,200,7\n"
        )
        // Behind 11, 9, 12 and 6 letters and four commas.
        #expect(k6.contains("test.csv:1:43: the header has 'metric_value' more than once, as columns 3, 5"))
        let jmeter = try failure("\ntimeStamp\telapsed\tlabel\tElapsed\n1770000000000\t100\ta\t7\n")
        #expect(jmeter.contains("test.csv:2:25: the header has 'elapsed' more than once, as columns 2, 4"))
        let unused = Self.text("k6.csv").replacing(
            "check,expected_response", with: "status,expected_response")
        let log = try LoadTestLog.read(path: try folder.write(unused, to: "test.csv"))
        #expect(log?.levels.map(\.load).isEmpty == false)
    }
}
