import Exchange
import Units

extension Sessions {
    static let spec = ObjectSpec(
        Sessions(), "Connections that clients hold open: sessions per second times their length (L = λW).",
        [
            .key(
                "per_message", \.perMessage, .number(0...1e6), "Sessions that begin per message handled."),
            .key("length", \.lengthSeconds, .duration(0...31_536_000), "Mean length of a session."),
            .optional(
                "connections_per_rate", \.statedPerRate, .number(0...1e9),
                absent: "per_message times length",
                "Connections for each message per second, if known."),
            .key(
                "file_descriptors", \.descriptorsPerNode, .integer(1...1_000_000_000),
                "File descriptors that a node may have open."),
            .key(
                "descriptors_per_connection", \.descriptorsPerConnection, .number(0...1000),
                "File descriptors per connection."),
            .key(
                "kib_per_connection", \.kibPerConnection, .number(0...1e9),
                "Memory per connection in KiB, beside what 'memory' takes."),
            .key(
                "login", \.loginSeconds, .duration(0...3600),
                "Work of one login; clients of a lost node log in again on the others."),
            .key(
                "reconnect_over", \.reconnectSeconds, .duration(1...86_400),
                "Time over which clients of a lost node come back."),
        ])
}

extension Quorum {
    static let spec = ObjectSpec(
        Quorum(), "The placement of the members: a quorum has 3 or 5, and serves while a majority lives.",
        [
            .key(
                "placement_groups", \.groups, .list(.object(PlacementGroup.spec), atLeast: 1),
                absent: "none", "Groups of machines that fail together; members are spread over them."),
            .key(
                "survives_group_loss", \.survivesGroupLoss, .flag,
                "Whether a majority must survive the loss of the fullest placement group."),
        ])
}

extension Quorum.PlacementGroup {
    static let spec = ObjectSpec(
        Quorum.PlacementGroup(name: "", zone: ""), "A group of machines that fail together.",
        [
            .required("name", \.name, .text, "Unique name of the group."),
            .required("zone", \.zone, .text, "The zone that it lies in."),
        ])
}

extension Quota {
    static let spec = ObjectSpec(
        Quota(prices: []), "What a supplier lets in; more than the largest quota cannot be bought.",
        [
            .required(
                "prices", \.prices, .list(.object(Price.spec), atLeast: 1),
                "The price list; 'allowed_shapes' names the entries that may be ordered."),
            .key(
                "usd_per_refused", \.dollarsPerRefused, .number(0...1e6),
                "Cost of a refused or repeated request."),
        ])
}

extension Quota.Price {
    static let spec = ObjectSpec(
        Quota.Price(name: "", requests: 1, perMonth: .zero), "One quota.",
        [
            .required("name", \.name, .text, "Name of the quota, unique among shapes."),
            .required("requests", \.requests, .number(1e-3...1e12), "Requests that are let in per window."),
            .key("per", \.window, .choice, "The window in which requests are counted."),
            .required("usd_per_month", \.perMonth, .dollars(0...1e8), "Price per month."),
        ])
}

extension Staffing {
    static let spec = ObjectSpec(
        Staffing(),
        "People who answer contacts. Edges bring contacts per message, 'service' is the handling time, and the "
            + "objective's latency is the time until the answer.",
        [
            .optional(
                "patience", \.patienceSeconds, .duration(1...86_400), absent: "nobody hangs up",
                "Mean time after which a waiting client hangs up."),
            .key("shrinkage", \.shrinkage, .number(0...0.95), "Share of paid time off the phone."),
            .key("shift", \.shiftSeconds, .duration(0...604_800), "Shortest shift of those called in."),
            .key(
                "call_in", \.callInSeconds, .duration(0...604_800), "Time from the call to the first answer."),
            .required(
                "usd_per_hour", \.perHour, .dollars(0...1e5), "Hourly pay of those called in."),
            .required(
                "usd_per_hour_permanent", \.permanentPerHour, .dollars(0...1e5),
                "Hourly pay with a permanent contract, for every hour."),
            .key(
                "contacts_per_affected_minute", \.contactsPerAffectedMinute, .number(0...1e9),
                "Further contacts in each minute in which another tier breaks its objective (what-if)."),
        ])
}

extension Storage {
    static let spec = ObjectSpec(
        Storage(), "Disk of a store: growth, retention, operations, backup and restore.",
        [
            .key(
                "bytes_per_message", \.bytesPerMessage, .byClass(.number(0...1e9)), absent: "none",
                "Bytes that a message adds to the disk, by class, indices included."),
            .optional(
                "retention", \.retentionSeconds, .duration(3600...3.2e9), absent: "for ever",
                "How long messages are kept."),
            .required("disk_gib", \.diskGiB, .number(0.01...1e9), "Disk of each node in GiB."),
            .key("used_gib", \.usedGiB, .number(0...1e9), "Disk used today in GiB."),
            .key(
                "io_per_message", \.operationsPerMessage, .byClass(.number(0...1e6)), absent: "none",
                "Disk operations per message, by class."),
            .optional(
                "iops", \.operationsPerSecond, .number(1...1e9), absent: "unlimited",
                "Disk operations per second of each node."),
            .optional(
                "backup_mib_per_second", \.backupMiBPerSecond, .number(0.01...1e7), absent: "unknown",
                "Speed of a backup in MiB per second."),
            .optional(
                "restore_mib_per_second", \.restoreMiBPerSecond, .number(0.01...1e7), absent: "unknown",
                "Speed of a restore in MiB per second."),
            .optional(
                "rto", \.restoreSecondsMax, .duration(1...31_536_000), absent: "unlimited",
                "Recovery time objective: the longest that a restore may take."),
        ])
}

extension FieldType where Value == [String: Int] {
    /// The shard of each symbol, by its name.
    static var shards: FieldType {
        let shard = FieldType<Int>.integer(0...99_999)
        return FieldType(
            .map(keys: [], shard.shape),
            write: { shards in
                shards.isEmpty
                    ? "null"
                    : jsonObject(shards.sorted { $0.key < $1.key }.map { ($0.key, shard.write($0.value)) })
            }
        ) { json, file throws(ConfigurationError) in
            var shards: [String: Int] = [:]
            for member in json.members { shards[member.key] = try shard.read(member.value, file) }
            return shards
        }
    }
}

extension Criticality {
    static let spec = ObjectSpec(
        Criticality(),
        "Work that may wait or be refused while nodes are lost, and move off the peak; cancels never.",
        [
            .required(
                "waiting", \.waiting, .byClass(.number(0...1)),
                "Share of each class's work that may wait during the failures to survive."),
            .key(
                "defer_within", \.deferSeconds, .duration(0...604_800),
                "How much later that work may be done in normal times."),
        ])
}
