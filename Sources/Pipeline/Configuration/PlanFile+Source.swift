import Ingest

extension PlanFile.Source {
    static let spec = ObjectSpec(
        PlanFile.Source(paths: [], use: .demand), "A set of log files.",
        [
            .required(
                "paths", \.paths, .list(.text, atLeast: 1),
                "Files, folders, and patterns with * and ?, relative to the data root."),
            .required(
                "use", \.use, .choice,
                "demand: trades per symbol, to forecast; burstiness: raw trades, to measure how arrivals "
                    + "cluster; traffic: requests, to measure the message mix."),
            .optional(
                "format", \.format, .text, absent: "detected from the content", "Log format of the files."),
            .optional("venue", \.venue, .text, absent: "from the file name", "Venue of the files."),
            .optional("symbol", \.symbol, .text, absent: "from the file name", "Symbol of the files."),
            .optional(
                "map", \.map, .columnMap.or(.file("column map", ColumnMapFile.read)),
                absent: "the format's own columns",
                "Column map for an unrecognised format, or the file that holds it."),
            .key(
                "routes", \.routes, .routes.or(.routesFile), absent: "the built-in rules",
                "Rules for request classes, each a method, a pattern and a class, or the file that holds "
                    + "them. Requests of the classes orders and cancels count as such; all others except "
                    + "static count as queries."),
            .key(
                "sample_share", \.sampleShare, .number(1e-6...1),
                "Share of the requests that the log contains."),
        ])
}

extension FieldType where Value == PlanFile.Source {
    /// A source, which knows where it stands.
    static var source: FieldType {
        let object = FieldType.object(PlanFile.Source.spec)
        return FieldType(object.shape, write: object.write) { json, file throws(ConfigurationError) in
            var source = try object.read(json, file)
            source.place = json.place
            return source
        }
    }
}

extension FieldType where Value == [RouteTable.Rule] {
    /// One rule a text.
    fileprivate static var routes: FieldType {
        FieldType(.list(.text, atLeast: 1), write: { _ in "null" }) { json, file throws(ConfigurationError) in
            var rules: [RouteTable.Rule] = []
            for item in json.items {
                do throws(IngestConfigurationError) {
                    rules += try RouteTable.rules(item.string ?? "", path: file.path)
                } catch {
                    throw file.error(item.place, error.message)
                }
            }
            return rules
        }
    }

    fileprivate static var routesFile: FieldType {
        .file("file of routes") { text, file throws(ConfigurationError) in
            do throws(IngestConfigurationError) {
                return try RouteTable.rules(String(decoding: text, as: UTF8.self), path: file.path)
            } catch {
                let place = error.line == 0 ? nil : TextPlace(line: error.line, column: error.column)
                throw ConfigurationError(file: error.path, place: place, message: error.message)
            }
        }
    }
}
