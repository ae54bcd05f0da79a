extension Tier {
    /// What is wrong with the parts that only some kinds have, in words that follow the tier's name.
    var partProblems: [String] {
        var problems: [String] = []
        func part(_ key: String, _ isGiven: Bool, of kinds: [TierKind], isNeeded: Bool) {
            let isOwn = kinds.contains(kind)
            if isOwn, isNeeded, !isGiven {
                problems.append("is of the kind \(kind.name) and needs the key '\(key)'")
            }
            if !isOwn, isGiven {
                let names = kinds.map(\.name).joined(separator: " or ")
                problems.append("is of the kind \(kind.name), but '\(key)' is a key of the kind \(names)")
            }
        }
        part("session", sessions != nil, of: [.session], isNeeded: true)
        part("quorum", quorum != nil, of: [.quorum], isNeeded: false)
        part("storage", storage != nil, of: [.store], isNeeded: false)
        part("quota", quota != nil, of: [.external], isNeeded: true)
        part("staff", staffing != nil, of: [.staff], isNeeded: true)
        part("criticality", criticality != nil, of: [.pool, .session], isNeeded: false)
        if (criticality?.waiting[.cancel] ?? 0) > 0 {
            problems.append("lets cancels wait: a client who cannot cancel cannot limit a loss")
        }
        part("placement", !todaysShards.isEmpty, of: [.shard], isNeeded: false)
        part("move_limit", movesMax != nil, of: [.shard], isNeeded: false)
        for (symbol, shard) in todaysShards.sorted(by: { $0.key < $1.key })
        where kind == .shard && !(0..<max(1, nodes)).contains(shard) {
            problems.append("places \(symbol) on shard \(shard); its \(nodes) shards count from 0")
        }
        if movesMax != nil, todaysShards.isEmpty, kind == .shard {
            problems.append("has a 'move_limit' and needs the key 'placement', from which moves are counted")
        }
        guard problems.isEmpty else { return problems }
        return [quotaProblem, quorumProblem].compactMap { $0 } + (kind == .staff ? staffProblems : [])
    }

    private var quotaProblem: String? {
        guard let quota else { return nil }
        let names = quota.prices.map(\.name)
        if Set(names).count < names.count { return "has two quotas of one name" }
        for name in [shape] + allowedShapes where !names.contains(name) {
            return "has no quota '\(name)'; its price list has \(names.joined(separator: ", "))"
        }
        return nil
    }

    private var quorumProblem: String? {
        guard let groups = quorum?.groups else { return nil }
        return Set(groups.map(\.name)).count < groups.count ? "has two placement groups of one name" : nil
    }

    /// People have one role, and answer one contact at a time from one queue.
    private var staffProblems: [String] {
        var problems: [String] = []
        if allowedShapes.contains(where: { $0 != shape }) {
            problems.append("has one role of staff: leave 'allowed_shapes' out")
        }
        if !rules.isPlain { problems.append("is staffed: leave 'queue' out, as patience tells who hangs up") }
        return problems
    }
}
