import Exchange
import Units

/// Reads a catalogue of shapes.
public enum CatalogueFile {
    /// The table of its keys.
    static let spec = ObjectSpec(
        "What can be bought.",
        [
            FieldSpec("source", .text, required: true, "Where the figures are from, and their date."),
            FieldSpec(
                "shapes",
                .list(
                    .object(
                        ObjectSpec(
                            "One kind of machine.",
                            [
                                FieldSpec("name", .text, required: true, "The seller's name for it."),
                                FieldSpec(
                                    "cores", .integer(1...4096), required: true,
                                    "Cores that serve at full speed at the same time."),
                                FieldSpec(
                                    "memory_gib", .number(0.01...1e6), required: true, "Memory in GiB."),
                                FieldSpec(
                                    "network_gbps", .number(0.001...1e5), required: true,
                                    "Network in Gbit/s."),
                                FieldSpec(
                                    "on_demand_usd_per_hour", .number(0...1e6), required: true,
                                    "Price of an hour without commitment."),
                                FieldSpec(
                                    "reserved_usd_per_hour", .number(0...1e6), required: true,
                                    "Price of an hour with a year's commitment."),
                                FieldSpec(
                                    "warm_up_seconds", .number(0...86_400), required: true,
                                    "Seconds from the order to the first request served."),
                            ])), atLeast: 1), required: true, "The machines."),
        ])

    /// The catalogue that is built in.
    public static func standard() throws(ConfigurationError) -> Catalogue {
        try read(Catalogue.standardText, file: "the built-in catalogue")
    }

    /// A catalogue from the text of its file.
    public static func read(_ text: [UInt8], file: String) throws(ConfigurationError) -> Catalogue {
        let value = try PlacedJSON(parsing: text, file: file)
        try spec.check(value, file: file)
        return try decode(value, file: file)
    }

    /// A catalogue from a value that was checked.
    static func decode(_ value: PlacedJSON, file: String) throws(ConfigurationError) -> Catalogue {
        var names: Set<String> = []
        var shapes: [Shape] = []
        for item in value["shapes"]?.items ?? [] {
            let name = item["name"]?.string ?? ""
            guard names.insert(name).inserted else {
                throw ConfigurationError(
                    file: file, place: item.place, message: "the shape '\(name)' is already declared")
            }
            func figure(_ key: String) -> Double { item[key]?.number ?? 0 }
            shapes.append(
                Shape(
                    name: name, cores: Int(figure("cores")), memoryGiB: figure("memory_gib"),
                    networkGbps: figure("network_gbps"),
                    onDemandPerHour: Money(dollars: figure("on_demand_usd_per_hour")),
                    reservedPerHour: Money(dollars: figure("reserved_usd_per_hour")),
                    warmUpSeconds: figure("warm_up_seconds")))
        }
        return Catalogue(source: value["source"]?.string ?? "", shapes: shapes)
    }
}
