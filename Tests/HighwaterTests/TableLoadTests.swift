import Foundation
import TestSupport
import Testing

/// The tables of a run, as those who load them see them.
@Suite("Tables that load")
struct TableLoadTests {
    /// A small run with a past week, and a series whose name needs quotes.
    private static let run = Result { try Run() }

    private final class Run: Sendable {
        let folder: TemporaryFolder
        var path: String { folder.path("week") }

        init() throws {
            folder = try TemporaryFolder()
            var rows = "unique_id,ds,y\n"
            for hour in 0..<(24 * 16) {
                let day = 10 + hour / 24
                let time = "2023-11-\(day)T\(hour % 24 < 10 ? "0" : "")\(hour % 24):00:00Z"
                let count = 36_000 + hour % 24 * 1000 + hour * 7919 % 1300
                for id in ["trades/x/A", "\"trades/x/B,=cmd()\""] { rows += "\(id),\(time),\(count)\n" }
            }
            try folder.write(rows, to: "series.csv")
            let plan = try folder.write(
                """
                { "sources": [{ "use": "demand", "paths": ["series.csv"] }],
                  "forecast": { "horizon": "1d", "seasons": ["1d"], "paths": 60 },
                  "scenarios": [{ "name": "surge", "events": [{ "event": "surge", "x": 2 }] }] }
                """, to: "plan.json")
            let made = try Tool.highwater(["run", plan, "--past-weeks", "1", "-o", path])
            guard made.code == 0 else {
                throw CocoaError(.fileReadUnknown, userInfo: ["errors": made.errors])
            }
        }

        /// The tables, by name.
        func files() throws -> [String] {
            try FileManager.default.contentsOfDirectory(atPath: path).filter { $0.hasSuffix(".csv") }.sorted()
        }

        /// How many rows a table has, by a reader of its own: quoted fields may hold line ends.
        func rowCount(_ file: String) throws -> Int { try records(file).count - 1 }

        func records(_ file: String) throws -> [[String]] {
            let text = try String(contentsOfFile: path + "/" + file, encoding: .utf8)
            var records: [[String]] = [[""]]
            var isQuoted = false
            for scalar in text.unicodeScalars {
                let last = records.count - 1
                let field = records[last].count - 1
                switch (scalar, isQuoted) {
                // A doubled quote closes and opens again.
                case ("\"", _): isQuoted.toggle()
                case (",", false): records[last].append("")
                case ("\n", false): records.append([""])
                default: records[last][field].unicodeScalars.append(scalar)
                }
            }
            return records.filter { $0 != [""] }
        }
    }

    /// The types of each file's columns, as `describe` tells them, in order.
    private static let described = Result { () throws -> [String: [(name: String, type: String)]] in
        var found: [String: [(name: String, type: String)]] = [:]
        var file = ""
        for line in try Tool.highwater(["describe", "--markdown"]).output.split(separator: "\n") {
            if line.hasPrefix("## ") { file = String(line.dropFirst(3)) }
            guard line.hasPrefix("| `") else { continue }
            let cells = line.split(separator: "|").map { $0.trimmingCharacters(in: .whitespaces) }
            found[file, default: []].append((cells[0].trimmingCharacters(in: ["`"]), cells[1]))
        }
        return found
    }

    private static func isValid(_ value: String, _ type: String) -> Bool {
        guard !value.isEmpty else { return true }
        switch type {
        case "integer": return value.wholeMatch(of: /-?\d+/) != nil
        case "number": return value.wholeMatch(of: /-?\d+(\.\d+)?([eE][-+]?\d+)?/) != nil
        case "money": return value.wholeMatch(of: /-?\d+(\.\d+)?/) != nil
        case "time": return value.wholeMatch(of: /\d{4,6}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z/) != nil
        case "flag": return value == "true" || value == "false"
        default: return type == "text"
        }
    }

    @Test(
        "the columns and values of every file of a run are those that describe tells, and so is the version")
    func types() throws {
        let run = try Self.run.get()
        let files = try run.files()
        #expect(files.count > 20)
        for file in files {
            let columns = try #require(try Self.described.get()[file], "\(file) is not described")
            let records = try run.records(file)
            let header = try #require(records.first)
            // Columns that are written only where asked for may be missing, and no others are there.
            let known = columns.filter { header.contains($0.name) }
            #expect(known.map(\.name) == header, "\(file)")
            for (line, record) in records.enumerated().dropFirst() {
                #expect(record.count == header.count, "\(file) \(line + 1)")
                for (value, column) in zip(record, known) {
                    #expect(
                        Self.isValid(value, column.type),
                        "\(file) \(line + 1): '\(value)' in \(column.name) is no \(column.type)")
                }
            }
        }
        let manifest = try JSONSerialization.jsonObject(
            with: Data(contentsOf: URL(filePath: run.path + "/manifest.json")))
        let version = try #require((manifest as? [String: Any])?["table_schema"] as? Int)
        let page = try Tool.highwater(["describe", "--markdown"]).output
        #expect(page.contains("Schema version \(version),"))
    }

    // MARK: Programs that load them

    private static let postgres: String? = {
        let versions = (try? FileManager.default.contentsOfDirectory(atPath: "/usr/lib/postgresql")) ?? []
        return versions.sorted().last.map { "/usr/lib/postgresql/\($0)/bin" }.flatMap {
            FileManager.default.isExecutableFile(atPath: $0 + "/initdb") ? $0 : nil
        }
    }()

    private static func hasPython(_ module: String) -> Bool {
        (try? Tool.run("/usr/bin/env", ["python3", "-c", "import \(module)"]).code) == 0
    }

    private static let hasPandas = hasPython("pandas")
    private static let hasDuckDB = hasPython("duckdb")
    private static let office = ["/usr/bin/soffice", "/usr/bin/libreoffice"].first {
        FileManager.default.isExecutableFile(atPath: $0)
    }

    /// A type of PostgreSQL that takes the values of a column.
    private static func sqlType(_ type: String) -> String {
        switch type {
        case "integer": "bigint"
        case "number": "double precision"
        case "money": "numeric"
        case "time": "timestamptz"
        case "flag": "boolean"
        default: "text"
        }
    }

    @Test(
        "PostgreSQL copies every file into columns of the described types",
        .enabled(if: postgres != nil, "needs PostgreSQL's initdb below /usr/lib/postgresql"))
    func postgresql() throws {
        let run = try Self.run.get()
        let binaries = try #require(Self.postgres)
        let folder = try TemporaryFolder()
        var script = ""
        var expected: [String] = []
        for file in try run.files() {
            let header = try #require(try run.records(file).first)
            let types = Dictionary(try #require(try Self.described.get()[file]).map { ($0.name, $0.type) }) {
                first, _ in first
            }
            let table = "\"" + file + "\""
            let columns = header.map { "\"\($0)\" \(Self.sqlType(types[$0] ?? "text"))" }
            script += "CREATE TABLE \(table) (\(columns.joined(separator: ", ")));\n"
            script += "\\copy \(table) FROM '\(run.path)/\(file)' WITH (FORMAT csv, HEADER true)\n"
            script += "SELECT '\(file)', count(*) FROM \(table);\n"
            expected.append("\(file)|\(try run.rowCount(file))")
        }
        let sql = try folder.write(script, to: "load.sql")
        // The server refuses to run as root, and so runs as the user that its package makes.
        let data = folder.path("data")
        let shell = """
            set -e
            mkdir -p '\(data)'
            as() { "$@"; }
            if [ "$(id -u)" = 0 ]; then
              chmod 755 '\(folder.url.path)'
              chown postgres '\(data)'
              as() { runuser -u postgres -- "$@"; }
            fi
            cd '\(data)'
            as '\(binaries)/initdb' -D '\(data)/db' -U loader -A trust -E UTF8 --no-locale --no-sync > /dev/null
            as '\(binaries)/pg_ctl' -D '\(data)/db' -w -o "-k '\(data)' -c listen_addresses=''" -l '\(data)/log' start > /dev/null
            trap "as '\(binaries)/pg_ctl' -D '\(data)/db' -m immediate stop > /dev/null" EXIT
            '\(binaries)/psql' -h '\(data)' -U loader -d postgres -v ON_ERROR_STOP=1 -A -t -q -f '\(sql)'
            """
        let found = try Tool.run("/bin/bash", ["-c", shell])
        #expect(found.code == 0, "\(found.errors)")
        #expect(found.output.split(separator: "\n").map(String.init) == expected)
    }

    /// Loads each file by a line of Python that gives its rows as `n` for the file `path`.
    private func python(_ load: String) throws {
        let run = try Self.run.get()
        let code = """
            import sys
            for path in sys.argv[1:]:
                \(load)
                print(path.split("/")[-1], n)
            """
        let files = try run.files()
        let found = try Tool.run("/usr/bin/env", ["python3", "-c", code] + files.map { run.path + "/" + $0 })
        #expect(found.code == 0, "\(found.errors)")
        let expected = try files.map { "\($0) \(try run.rowCount($0))" }
        #expect(found.output.split(separator: "\n").map(String.init) == expected)
    }

    @Test("pandas reads every file", .enabled(if: hasPandas, "needs python3 with pandas"))
    func pandas() throws {
        try python("import pandas; n = len(pandas.read_csv(path))")
    }

    @Test("DuckDB reads every file", .enabled(if: hasDuckDB, "needs python3 with duckdb"))
    func duckdb() throws {
        try python(
            "import duckdb; n = duckdb.sql(f\"select count(*) from read_csv('{path}', header=true)\").fetchone()[0]"
        )
    }

    @Test(
        "a spreadsheet program reads every file, and gives as many rows back",
        .enabled(if: office != nil, "needs LibreOffice"))
    func spreadsheet() throws {
        let run = try Self.run.get()
        let folder = try TemporaryFolder()
        let profile = "-env:UserInstallation=file://\(folder.path("profile"))"
        let files = try run.files()
        let found = try Tool.run(
            try #require(Self.office),
            [profile, "--headless", "--convert-to", "ods", "--outdir", folder.path("out")]
                + files.map { run.path + "/" + $0 })
        #expect(found.code == 0, "\(found.errors)")
        for file in files {
            let sheet = folder.path("out/" + file.dropLast(3) + "ods")
            let content = try Tool.run("/usr/bin/env", ["unzip", "-p", sheet, "content.xml"]).output
            #expect(content.contains("table:table-row"), "\(file)")
        }
    }
}
