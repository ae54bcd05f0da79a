import Exchange
import Units

/// Reads a catalogue of shapes.
public enum CatalogueFile {
    /// What its file may hold, for schemas and the reference.
    public static var shape: ObjectShape { Catalogue.spec.shape }

    /// The catalogue that is built in.
    public static func standard() throws(ConfigurationError) -> Catalogue {
        try read(Catalogue.standardText, file: "the built-in catalogue")
    }

    /// A catalogue from the text of its file.
    public static func read(_ text: [UInt8], file: String) throws(ConfigurationError) -> Catalogue {
        try read(text, ConfigurationFile(path: file))
    }

    static func read(_ text: [UInt8], _ file: ConfigurationFile) throws(ConfigurationError) -> Catalogue {
        try FieldType.catalogue.read(text: text, file)
    }
}

extension FieldType where Value == Catalogue {
    /// A catalogue whose shapes have names of their own.
    static var catalogue: FieldType {
        .object(Catalogue.spec).checked { _, json, file throws(ConfigurationError) in
            var names: Set<String> = []
            for item in json["shapes"]?.items ?? [] {
                let name = item["name"]?.string ?? ""
                guard names.insert(name).inserted else {
                    throw file.error(item.place, "the shape '\(name)' is already declared")
                }
            }
        }.map(back: { $0 }, { Catalogue(source: $0.source, shapes: $0.shapes) })
    }
}

extension Catalogue {
    fileprivate static let spec = ObjectSpec(
        Catalogue(source: "", shapes: []), "The machines that can be bought.",
        [
            .required("source", \.source, .text, "Source and date of the figures."),
            .required(
                "shapes", \.shapes, .list(.object(Shape.spec), atLeast: 1),
                "The machine types, called shapes."),
        ])
}

extension Shape {
    fileprivate static let spec = ObjectSpec(
        Shape(
            name: "", cores: 1, memoryGiB: 1, networkGbps: 1, onDemandPerHour: .zero, reservedPerHour: .zero,
            warmUpSeconds: 0),
        "One machine type.",
        [
            .required("name", \.name, .text, "The provider's name for it."),
            .required(
                "cores", \.cores, .integer(1...4096), "Cores that can run at full speed at the same time."),
            .required("memory_gib", \.memoryGiB, .number(0.01...1e6), "Memory in GiB."),
            .required("network_gbps", \.networkGbps, .number(0.001...1e5), "Network in Gbit/s."),
            .required(
                "on_demand_usd_per_hour", \.onDemandPerHour, .dollars(0...1e6),
                "On-demand price per hour."),
            .required(
                "reserved_usd_per_hour", \.reservedPerHour, .dollars(0...1e6),
                "Price per hour with a one-year commitment."),
            .required(
                "warm_up_seconds", \.warmUpSeconds, .number(0...86_400),
                "Seconds from the order of a node to its first served request."),
        ])
}
