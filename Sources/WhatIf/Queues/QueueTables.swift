/// The latency table of each queue, by the servers that are left.
struct QueueTables: Sendable {
    private let tables: [[Int32: LatencyTable]]
    private let whole: [LatencyTable]

    init(_ conditions: Conditions, options: WhatIfOptions) {
        var whole: [LatencyTable] = []
        tables = conditions.queues.indices.map { queue in
            var key = conditions.queues[queue].latency
            if !options.hasBursts { key.bursts = [] }
            whole.append(options.tables.table(key, seed: options.seed))
            var known: [Int32: LatencyTable] = [:]
            for servers in Set(conditions.abilities[queue].map(\.servers)) {
                key.servers = max(1, Int(servers))
                known[servers] = options.tables.table(key, seed: options.seed)
            }
            return known
        }
        self.whole = whole
    }

    func table(_ queue: Int, servers: Int32) -> LatencyTable {
        tables[queue][servers] ?? whole[queue]
    }
}
