import Exchange
import Planning
import Reporting
import Units
import WhatIf

extension FieldType where Value == String {
    /// The text of an event that changes demand, from its text or its object.
    static var heldEvent: FieldType {
        let event = FieldType<Disturbance>.event
        return FieldType(event.shape, write: ExportText.quoted) { json, file throws(ConfigurationError) in
            guard try event.read(json, file).changesDemand else {
                throw file.error(
                    json["event"]?.place ?? json.place,
                    "only events that change demand can be held: "
                        + EventKind.all.filter(\.changesDemand).map(\.name).joined(separator: ", ")
                        + "; try others as scenarios")
            }
            guard case .object(let members) = json.kind else { return json.string ?? "" }
            let values = try FieldType<Disturbance>.pairs(members, file).map { "\($0.key)=\($0.value)" }
            let name = json["event"]?.string ?? ""
            return values.isEmpty ? name : "\(name):\(values.joined(separator: ","))"
        }
    }
}

extension PlanFile {
    /// What a plan for a demand has to hold, with what the surges come to on it.
    ///
    /// - Parameter demand: The demand.
    /// - Returns: `options`, with their surges.
    /// - Throws: `ScenarioError`, and `WhatIfError` where a surge names symbols that there are not.
    public func optionsHolding(_ demand: DemandPaths) throws -> PlanOptions {
        var result = options
        guard !options.hold.isEmpty else { return result }
        let input = WhatIfInput.busiest(
            of: demand, topology: topology, catalogue: catalogue, placements: [:], zones: options.zones)
        result.surges = try options.hold.compactMap { text in
            try Disturbance(text: text).heldSurge(text, on: input)
        }
        return result
    }
}
