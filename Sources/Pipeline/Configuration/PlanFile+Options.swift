import Planning
import Units

extension PlanOptions {
    static let spec = ObjectSpec(
        PlanOptions(), "Requirements on the plan, and purchase options.",
        [
            .key("zones", \.zones, .zones, "Names of the zones."),
            .key("spare_nodes", \.spareNodes, .integer(0...1000), "Spare nodes: the k of N+k."),
            .key(
                "survives_zone_loss", \.survivesZoneLoss, .flag,
                "Whether the plan must survive the loss of the largest zone."),
            .key(
                "regions", \.regions, .list(.object(Region.spec), atLeast: 1), absent: "each zone by itself",
                "Zones that may be lost together."),
            .key(
                "survives_region_loss", \.survivesRegionLoss, .flag,
                "Whether the plan must survive the loss of the region with the most nodes."),
            .key(
                "probability_broken", \.probabilityBrokenAllowed, .number(1e-6...0.5),
                "Allowed chance of breaking any objective over the horizon."),
            .optional(
                "budget", \.budget, .budget, absent: "none; the chance of a break is what is promised",
                "Error budget in place of that chance."),
            .key(
                "hold", \.hold, .list(.heldEvent, atLeast: 0),
                "Surges to hold on top of the forecast, each by itself with all nodes up: events that change demand."
            ),
            .key(
                "autoscaler_lag", \.autoscalerLagSeconds, .duration(0...86_400),
                "Time from a load that needs more nodes to their order, for the surges to hold."),
            .key("headroom_factor", \.headroomFactor, .number(1...100), "Safety factor on the load."),
            .key(
                "minimum_up", \.minimumUpSeconds, .duration(0...2_592_000),
                "Minimum time that a node stays on."),
            .key(
                "minimum_down", \.changes.minimumDownSeconds, .duration(0...2_592_000),
                "Minimum time that a stopped node stays off; a pool has as many nodes as it ever needs at once."
            ),
            .optional(
                "nodes_added_per_step", \.changes.addedPerStepMax, .integer(1...100_000),
                absent: "unlimited", "Most nodes of a pool that may start in one step."),
            .optional(
                "nodes_removed_per_step", \.changes.removedPerStepMax, .integer(1...100_000),
                absent: "unlimited", "Most nodes of a pool that may stop in one step."),
            .key(
                "freeze", \.changes.freezes, .freezes, absent: "none",
                "Times at which no node of a pool may start or stop."),
            .key(
                "zone_difference", \.zoneDifference, .integer(1...1000),
                "Nodes by which the zones of a tier may differ; the loss of a zone that is so much fuller is survived."
            ),
            .key(
                "spot", \.spot, .object(SpotRules.spec),
                "Nodes that the provider may take back at any time, where a shape has a spot price."),
            .key(
                "mix_shapes", \.mixesShapes, .flag,
                "Whether a pool's nodes may be of several shapes with as many servers, each bought where it is cheapest."
            ),
            .key(
                "extra_lead", \.extraLeadSeconds, .duration(0...86_400),
                "Extra time to start nodes ahead, on top of warm-up."),
            .key(
                "provisioning_lead", \.provisioningLeadSeconds, .duration(0...31_536_000),
                "Time from ordering further nodes to their arrival, for the dates in headroom.csv."),
            .key(
                "maintenance_window", \.maintenanceSeconds, .duration(60...604_800),
                "Length of a maintenance window."),
            .optional(
                "past_weeks", \.pastWeeks, .integer(0...1000),
                absent: "4, or fewer with a short history or many symbols",
                "Number of past weeks that a run plans again, to compare its promises with what came; 0 for none."
            ),
            .optional(
                "futures", \.triesFutures, .flag,
                absent: "true with up to 100 symbols",
                "Whether a run tries the plan on futures that it was not made for (regret.csv, margins.csv)."),
            .key("risk", \.risk, .object(RiskOptions.spec), "What risks are priced with."),
            .key(
                "history_peaks", \.historicalPeak, .highestPeak, absent: "none",
                "Past peak loads, for rules that require a multiple of them."),
        ])
}

extension SpotRules {
    static let spec = ObjectSpec(
        SpotRules(),
        "How far spot nodes may be bought. Without all of them, the nodes that hold the load still run.",
        [
            .key("share", \.share, .number(0...1), "Largest share of a tier's nodes on spot."),
            .optional(
                "tiers", \.tiers, .list(.text, atLeast: 1), absent: "pools",
                "Names of the tiers that may have spot nodes; a shard or a store only if it is named."),
        ])
}

extension FreezeWindow {
    fileprivate static let spec = ObjectSpec(
        FreezeWindow(from: Timestamp(seconds: 0), until: Timestamp(seconds: 0)),
        "A time at which no node may start or stop.",
        [
            .required("from", \.from, .time, "Its start."),
            .required("until", \.until, .time, "Its end."),
            .optional(
                "every", \.everySeconds, .duration(60...31_622_400), absent: "once",
                "Time after which it comes again, such as 1d or 7d; before the given one too."),
        ])
}

extension FieldType where Value == FreezeWindow {
    /// A window that leaves some time open.
    fileprivate static var freeze: FieldType {
        .object(FreezeWindow.spec).checked { window, json, file throws(ConfigurationError) in
            if let problem = window.problem { throw file.error(json.place, problem) }
        }
    }
}

extension FieldType where Value == [FreezeWindow] {
    /// Windows of which no two of a kind overlap: those are one, or one of them is mistaken.
    fileprivate static var freezes: FieldType {
        FieldType.list(.freeze, atLeast: 0).checked { windows, json, file throws(ConfigurationError) in
            var errors: [ConfigurationError] = []
            for (index, item) in json.items.enumerated() where windows.indices.contains(index) {
                guard let other = windows[..<index].firstIndex(where: windows[index].overlaps) else {
                    continue
                }
                errors.append(
                    file.error(
                        item.place,
                        "the freeze overlaps that of line \(json.items[other].place.line); make one of both, or "
                            + "move its 'from' or 'until'"))
            }
            if let error = ConfigurationError(all: errors) { throw error }
        }
    }
}

extension PlanOptions.Region {
    static let spec = ObjectSpec(
        PlanOptions.Region(name: "", zones: []), "Zones that may be lost together.",
        [
            .required("name", \.name, .text, "Name of the region."),
            .required("zones", \.zones, .list(.text, atLeast: 1), "Its zones."),
        ])
}

extension RiskOptions {
    static let spec = ObjectSpec(
        RiskOptions(), "What risks are priced with.",
        [
            .optional(
                "usd_per_minute_over", \.minuteOver, .dollars(0...1e6),
                absent: "no money is put at risk", "Cost of a minute over an objective."),
            .key(
                "node_failures_per_year", \.nodeFailuresPerYear, .number(0...100),
                "Failures of one node in a year."),
            .key(
                "node_repair", \.nodeRepairSeconds, .duration(0...31_536_000),
                "Time from the failure of a node to its replacement."),
            .key(
                "register", \.hasRegister, .flag,
                "Whether a run tries the ten causes of outages on the plan (risk_register.csv); takes ten what-ifs."
            ),
            .key(
                "causes", \.causes,
                .map(RiskCause.allCases, by: \.rawValue, .object(RiskOptions.Occurrence.spec)),
                absent: "the standard rates and times of risk_register.csv",
                "Rate and repair time of causes that differ from the standard ones."),
        ])
}

extension RiskOptions.Occurrence {
    static let spec = ObjectSpec(
        RiskOptions.Occurrence(perYear: 0, repairSeconds: 0), "How often a cause strikes, and for how long.",
        [
            .required("per_year", \.perYear, .number(0...1e4), "Times a year."),
            .required("repair", \.repairSeconds, .duration(1...2_592_000), "Time until it is mended."),
        ])
}

extension PlanOptions.HistoricalPeak {
    static let spec = ObjectSpec(
        PlanOptions.HistoricalPeak(
            messagesPerSecond: 0, overSeconds: 1, yearsCovered: 5, origin: "plan file"),
        "A past peak load.",
        [
            .required(
                "messages_per_second", \.messagesPerSecond, .number(0...1e12),
                "Rate of all incoming messages."),
            .key("over", \.overSeconds, .duration(1e-3...86_400), "The averaging interval of the rate."),
            .key("years", \.yearsCovered, .number(0...100), "Years of history that the peak covers."),
        ])
}

extension FieldType where Value == [String] {
    /// Names, each of its own.
    fileprivate static var zones: FieldType {
        .list(.text, atLeast: 1).checked { zones, json, file throws(ConfigurationError) in
            guard Set(zones).count == zones.count else {
                throw file.error(json.place, "duplicate zone name")
            }
        }
    }
}

extension FieldType where Value == PlanOptions.HistoricalPeak? {
    /// The highest of a list.
    fileprivate static var highestPeak: FieldType {
        FieldType<[PlanOptions.HistoricalPeak]>.list(.object(PlanOptions.HistoricalPeak.spec), atLeast: 0)
            .map(back: { $0.map { [$0] } ?? [] }) { peaks in
                peaks.max { $0.messagesPerSecond < $1.messagesPerSecond }
            }
    }
}
