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
    /// A catalogue whose shapes have names of their own, and prices.
    static var catalogue: FieldType {
        .object(Catalogue.spec).checked { _, json, file throws(ConfigurationError) in
            if let error = ConfigurationError(all: Catalogue.problems(json, file)) { throw error }
        }.map(
            back: { $0 },
            {
                Catalogue(source: $0.source, shapes: $0.shapes, name: $0.name, date: $0.date)
            })
    }

    /// One catalogue or the file that has it, or a list of several.
    static var catalogues: FieldType {
        let one = FieldType.catalogue.or(.file("catalogue", CatalogueFile.read))
        let several = FieldType<[Catalogue]>.list(one, atLeast: 1)
            .checked { catalogues, json, file throws(ConfigurationError) in
                let errors = Catalogue.conflicts(catalogues, json, file)
                if let error = ConfigurationError(all: errors) { throw error }
            }.map(back: { $0.parts }, { $0.count == 1 ? $0[0] : Catalogue(joining: $0) })
        return .catalogue.or(.file("catalogue", CatalogueFile.read).or(several))
    }
}

extension Catalogue {
    /// What is wrong with the shapes of one file, in the order of the text.
    fileprivate static func problems(_ json: PlacedJSON, _ file: ConfigurationFile) -> [ConfigurationError] {
        var errors: [ConfigurationError] = []
        var names: Set<String> = []
        if let source = json["source"], source.string?.allSatisfy(\.isWhitespace) == true {
            errors.append(
                file.error(
                    source.place, "'source' is empty: say where the prices are from, such as a price list"))
        }
        if let date = json["date"], let text = date.string, !isDay(text) {
            errors.append(
                file.error(
                    date.place,
                    "'date' must be the day on which the prices were read, such as 2026-11-30, not '\(text)'"
                ))
        }
        for item in json["shapes"]?.items ?? [] {
            let name = item["name"]?.string ?? ""
            if !names.insert(name).inserted {
                errors.append(file.error(item.place, "the shape '\(name)' is already declared"))
            }
            for key in ["on_demand_usd_per_hour", "reserved_usd_per_hour", "spot_usd_per_hour"] {
                guard let price = item[key], price.number == 0 else { continue }
                errors.append(
                    file.error(
                        price.place,
                        "the price '\(key)' of the shape '\(name)' is 0: a shape that costs nothing would "
                            + "always be chosen; give a price above 0"))
            }
            if let spot = item["spot_interruptions_per_month"], item["spot_usd_per_hour"] == nil {
                errors.append(
                    file.error(
                        spot.place,
                        "the shape '\(name)' has interruptions but no 'spot_usd_per_hour'; add the price"))
            }
        }
        return errors
    }

    /// Whether a text is a day of the calendar, as `2026-11-30`.
    private static func isDay(_ text: String) -> Bool {
        text.count == 10 && Timestamp(iso8601: text) != nil
    }

    /// Catalogues that cannot be told apart, or whose prices may be of any age.
    fileprivate static func conflicts(
        _ catalogues: [Catalogue], _ json: PlacedJSON, _ file: ConfigurationFile
    ) -> [ConfigurationError] {
        guard catalogues.count > 1 else { return [] }
        var errors: [ConfigurationError] = []
        var names: Set<String> = []
        for (catalogue, item) in zip(catalogues, json.items) {
            if catalogue.name.isEmpty {
                errors.append(
                    file.error(item.place, "of several catalogues each needs a 'name'; this one has none"))
            } else if !names.insert(catalogue.name).inserted {
                errors.append(
                    file.error(item.place, "the catalogue '\(catalogue.name)' is already in the list"))
            }
            if catalogue.date == nil {
                errors.append(
                    file.error(
                        item.place,
                        "of several catalogues each needs a 'date', the day on which its prices were read; "
                            + "this one has none"))
            }
        }
        return errors
    }
}

extension Catalogue {
    fileprivate static let spec = ObjectSpec(
        Catalogue(source: "", shapes: []), "The machines that can be bought.",
        [
            .key("name", \.name, .text, absent: "none", "Its name; needed where the plan lists several."),
            .required("source", \.source, .text, "Source of the figures."),
            .optional(
                "date", \.date, .text, absent: "as the source says", "Day on which the figures were read."),
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
                "Price per hour with the commitment."),
            .key(
                "commitment_days", \.commitmentDays, .number(1...3650),
                "Days for which a reserved node is paid."),
            .optional(
                "spot_usd_per_hour", \.spotPrice, .dollars(0...1e6), absent: "not sold on spot",
                "Price per hour of a node that the provider may take back at any time."),
            .key(
                "spot_interruptions_per_month", \.spotInterruptions, .number(0...10_000),
                "How often a month the provider takes such a node back, on average."),
            .required(
                "warm_up_seconds", \.warmUpSeconds, .number(0...86_400),
                "Seconds from the order of a node to its first served request."),
            .optional(
                "provisioning_lead_days", \.provisioningLeadDays, .number(0...3650),
                absent: "the plan's provisioning_lead",
                "Days from the order of a further machine to its delivery in the rack, for the dates in "
                    + "headroom.csv."),
        ])
}

extension Shape {
    /// The spot price by itself, as a file has it.
    fileprivate var spotPrice: Money? {
        get { spot?.perHour }
        set { spot = newValue.map { Spot(perHour: $0, interruptionsPerMonth: spotInterruptions) } }
    }

    /// The interruptions by themselves; without a price there are none.
    fileprivate var spotInterruptions: Double {
        get { spot?.interruptionsPerMonth ?? 0 }
        set { spot = spot.map { Spot(perHour: $0.perHour, interruptionsPerMonth: newValue) } }
    }
}
