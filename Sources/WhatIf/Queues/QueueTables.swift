/// The latency table of each queue, by the servers that are left.
struct QueueTables: Sendable {
    private let tables: [[(servers: Int32, table: LatencyTable)]]

    init(_ queues: [QueueSpec], _ abilities: [[Conditions.Ability]], options: WhatIfOptions) {
        tables = zip(queues, abilities).map { queue, abilities in
            var key = queue.latency
            if !options.hasBursts { key.bursts = [] }
            return Set(abilities.map(\.servers)).sorted().map { servers in
                key.servers = max(1, Int(servers))
                return (servers, options.tables.table(key, seed: options.seed))
            }
        }
    }

    /// The table of a queue at a number of servers that it has in some second.
    func table(_ queue: Int, servers: Int32) -> LatencyTable {
        // A handful at most: events are few.
        for known in tables[queue] where known.servers == servers { return known.table }
        return tables[queue][0].table
    }
}
