import Exchange
import Units

extension Topology {
    static let spec = ObjectSpec(
        Topology(tiers: [], sources: [:], edges: []), "The exchange as a graph of tiers.",
        [
            .required("tiers", \.tiers, .list(.object(Tier.spec), atLeast: 1), "The tiers."),
            .required("sources", \.sources, .byClass(.text), "The tier where each message class enters."),
            .required("edges", \.edges, .list(.object(Edge.spec), atLeast: 0), "The links between tiers."),
        ])
}

extension Topology.Edge {
    static let spec = ObjectSpec(
        Topology.Edge(from: "", to: "", carries: [:]), "A link from one tier to the next.",
        [
            .required("from", \.from, .text, "The sending tier."),
            .required("to", \.to, .text, "The receiving tier."),
            .required(
                "carries", \.carries, .byClass(.number(0...1e6)),
                "Messages sent on per message handled, by class."),
        ])
}

extension FieldType where Value == Topology {
    /// A topology without issues.
    static var topology: FieldType {
        .object(Topology.spec).checked { topology, json, file throws(ConfigurationError) in
            let errors = topology.issues().map { file.error(place(of: $0.place, in: json), $0.message) }
            if let error = ConfigurationError(all: errors) { throw error }
        }
    }

    private static func place(of place: TopologyIssue.Place, in json: PlacedJSON) -> TextPlace {
        switch place {
        case .tier(let index): json["tiers"]?.items[index].place ?? json.place
        case .edge(let index): json["edges"]?.items[index].place ?? json.place
        case .source(let demandClass): json["sources"]?[demandClass.rawValue]?.place ?? json.place
        case .whole: json.place
        }
    }
}

extension FieldType {
    /// A value for each of some classes of messages.
    static func byClass<Item>(_ item: FieldType<Item>) -> FieldType where Value == [DemandClass: Item] {
        .map(DemandClass.allCases, by: \.rawValue, item)
    }
}

extension PlanFile {
    /// A tier's own shapes have names that no machine has, nor another tier's.
    func checkOwnShapes(_ json: PlacedJSON?, _ file: ConfigurationFile) throws(ConfigurationError) {
        var owners = Dictionary(catalogue.shapes.map { ($0.name, "the catalogue") }) { first, _ in first }
        for (index, tier) in topology.tiers.enumerated() {
            for name in tier.ownShapes.map(\.name) {
                if let owner = owners.updateValue("the tier '\(tier.name)'", forKey: name) {
                    let items = json?["tiers"]?.items ?? []
                    throw file.error(
                        items.indices.contains(index) ? items[index].place : nil,
                        "the tier '\(tier.name)' calls a shape '\(name)', as \(owner) does; rename it")
                }
            }
        }
    }

    /// Every placement group lies in a zone of the plan.
    func checkPlacementGroups(_ json: PlacedJSON?, _ file: ConfigurationFile) throws(ConfigurationError) {
        let items = json?["tiers"]?.items ?? []
        for (index, tier) in topology.tiers.enumerated() {
            for (position, group) in (tier.quorum?.groups ?? []).enumerated()
            where !options.zones.contains(group.zone) {
                let entries =
                    items.indices.contains(index)
                    ? items[index]["quorum"]?["placement_groups"]?.items ?? [] : []
                throw ConfigurationError.unknown(
                    "zone", group.zone, among: options.zones,
                    at: entries.indices.contains(position) ? entries[position]["zone"]?.place : nil,
                    file: file.path)
            }
        }
    }

    /// Every shape that a tier names has to be in the catalogue.
    func checkShapes(_ json: PlacedJSON?, _ file: ConfigurationFile) throws(ConfigurationError) {
        let items = json?["tiers"]?.items ?? []
        var errors: [ConfigurationError] = []
        for (index, tier) in topology.tiers.enumerated() {
            let item = items.indices.contains(index) ? items[index] : nil
            var named = [(tier.shape, item?["shape"]?.place)]
            for (position, shape) in tier.allowedShapes.enumerated() {
                let entries = item?["allowed_shapes"]?.items ?? []
                named.append((shape, entries.indices.contains(position) ? entries[position].place : nil))
            }
            for (name, place) in named where catalogue.shape(named: name) == nil {
                let sharing = catalogue.shapes(sharing: name)
                guard sharing.isEmpty else {
                    errors.append(
                        file.error(
                            place,
                            "the shape '\(name)' is in several catalogues; write "
                                + sharing.joined(separator: " or ")))
                    continue
                }
                errors.append(
                    ConfigurationError.unknown(
                        "shape", name, among: catalogue.shapes.map(\.name), at: place, file: file.path))
            }
        }
        if let error = ConfigurationError(all: errors) { throw error }
    }

    /// Every tier that may have spot nodes has to be there, and some shape has to have a spot price.
    func checkSpotTiers(_ json: PlacedJSON?, _ file: ConfigurationFile) throws(ConfigurationError) {
        let items = json?["tiers"]?.items ?? []
        var errors: [ConfigurationError] = []
        if options.spot.share > 0, !catalogue.shapes.contains(where: { $0.spot != nil }) {
            errors.append(
                file.error(
                    json?["share"]?.place,
                    "no shape of the catalogue has a spot price; add 'spot_usd_per_hour' to one, or leave 'spot' out"
                ))
        }
        for (name, item) in zip(options.spot.tiers ?? [], items) where topology.index(of: name) == nil {
            errors.append(
                ConfigurationError.unknown(
                    "tier", name, among: topology.tiers.map(\.name), at: item.place, file: file.path))
        }
        if let error = ConfigurationError(all: errors) { throw error }
    }
}
