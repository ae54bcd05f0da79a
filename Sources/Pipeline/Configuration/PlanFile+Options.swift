import Planning

extension PlanOptions {
    static let spec = ObjectSpec(
        PlanOptions(), "What has to be held, and how it may be bought.",
        [
            .key("zones", \.zones, .zones, "Zones by name."),
            .key("spare_nodes", \.spareNodes, .integer(0...1000), "The k of N+k."),
            .key(
                "survives_zone_loss", \.survivesZoneLoss, .flag, "Whether the largest zone may be lost."),
            .key(
                "probability_broken", \.probabilityBrokenAllowed, .number(1e-6...0.5),
                "The probability, over the horizon, of breaking any objective."),
            .key("headroom_factor", \.headroomFactor, .number(1...100), "A factor on the load."),
            .key("minimum_up", \.minimumUpSeconds, .duration(0...2_592_000), "How long a node stays on."),
            .key("extra_lead", \.extraLeadSeconds, .duration(0...86_400), "Time added to warm-up."),
            .key(
                "provisioning_lead", \.provisioningLeadSeconds, .duration(0...31_536_000),
                "From the order of further nodes to their arrival, for the dates of `headroom.csv`."),
            .key("maintenance_window", \.maintenanceSeconds, .duration(60...604_800), "Its length."),
            .key(
                "history_peaks", \.historicalPeak, .highestPeak, absent: "none",
                "Peaks from the past, for rules that ask for a multiple."),
        ])
}

extension PlanOptions.HistoricalPeak {
    static let spec = ObjectSpec(
        PlanOptions.HistoricalPeak(
            messagesPerSecond: 0, overSeconds: 1, yearsCovered: 5, origin: "plan file"),
        "A peak known from the past.",
        [
            .required(
                "messages_per_second", \.messagesPerSecond, .number(0...1e12),
                "All messages that entered, a second."),
            .key("over", \.overSeconds, .duration(1e-3...86_400), "What it is a mean over."),
            .key("years", \.yearsCovered, .number(0...100), "Years that it covers."),
        ])
}

extension FieldType where Value == [String] {
    /// Names, each of its own.
    fileprivate static var zones: FieldType {
        .list(.text, atLeast: 1).checked { zones, json, file throws(ConfigurationError) in
            guard Set(zones).count == zones.count else {
                throw file.error(json.place, "a zone is named twice")
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
