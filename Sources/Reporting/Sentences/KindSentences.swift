import Exchange
import Planning
import Tables
import Units

extension TierReasons.Connections {
    /// How many connections there are at the most, and what holds them.
    var sentence: String {
        "Clients hold \(NumberText.figure(peak)) connections open at that load; a node holds "
            + "\(NumberText.figure(heldPerNode)) by its \(resource)"
            + (isBinding ? ", which runs out before its cores." : ".")
    }
}

extension TierReasons.Members {
    /// How many members there are and where, and what a loss leaves.
    var sentence: String {
        "\(count) members run, in \(places.joined(separator: ", ")), so that the failures to survive leave "
            + "\(left), of which \(majority) are a majority."
    }
}

extension QuorumLoss {
    /// What is lost, after `the loss of`.
    var sentencePart: String {
        switch self {
        case .members(1): "a member"
        case .members(let count): "\(count) members"
        case .zone: "the fullest zone"
        case .region: "the fullest region"
        case .placementGroup: "the fullest placement group"
        }
    }
}

extension TierReasons.Quota {
    /// Which quota to order, and what it refuses.
    var sentences: String {
        let load =
            "The load to plan for peaks at \(NumberText.figure(loadPerSecond)) requests per second."
        let refused =
            "\(NumberText.percent(shareRefused)) of requests are expected to be refused over the horizon"
            + (refusalCost > .zero ? ", which costs \(dollars(refusalCost))." : ".")
        let order =
            isHeld
            ? "Order the quota \(price.name), \(price.words): the cheapest with \(objective.sentencePart)."
            : "No quota on the price list is enough; \(price.name), \(price.words), comes closest."
        return "\(load) \(order) \(refused) The quota costs \(dollars(cost)) for the whole horizon."
    }
}

extension Quota.Price {
    /// As `600 requests per minute`.
    fileprivate var words: String { "\(NumberText.figure(requests)) requests per \(window.rawValue)" }
}

extension TierReasons.Staff {
    /// How many people answer the busiest hour.
    var sentences: String {
        var text =
            "The busiest hour to plan for brings \(NumberText.figure(contactsPerHour)) contacts of "
            + "\(NumberText.time(seconds: handlingSeconds)) each. "
        if contactsPerHour <= 0 { text = "No contact comes, so the minimum number of people is there. " }
        text += "\(people) \(people == 1 ? "person" : "people")"
        if answering < people { text += ", \(answering) of whom answer at a time," }
        text +=
            " answer \(NumberText.percent(shareAnswered)) within "
            + "\(NumberText.time(seconds: objective.latencySeconds)); "
            + "\(NumberText.percent(objective.quantile)) are required."
        if patienceSeconds != nil { text += " \(NumberText.percent(shareAbandoning)) hang up." }
        text +=
            onCallMax > 0
            ? " \(permanent) have a permanent contract; up to \(onCallMax) more are called in: "
            : " All have a permanent contract: "
        return text + "\(dollars(cost))."
    }
}

extension TierReasons.Disk {
    /// How full the disk is and gets, and how long copies take.
    var sentences: String {
        var text =
            "\(NumberText.figure(usedGiB)) of \(NumberText.figure(diskGiB)) GiB of disk are used; "
            + "\(NumberText.figure(growthGiBPerDay)) GiB are added per day, "
        text +=
            daysUntilFull.map { "so that it is full in \(NumberText.figure($0)) days" }
            ?? "which retention keeps from filling it"
        if let soonest = daysUntilFullSoonest { text += " (\(NumberText.figure(soonest)) at the earliest)" }
        text += "."
        if let backupSeconds { text += " A backup takes \(NumberText.time(seconds: backupSeconds))." }
        if let restoreSeconds {
            text += " A restore takes \(NumberText.time(seconds: restoreSeconds))"
            text += restoreSecondsMax.map { "; \(NumberText.time(seconds: $0)) are allowed." } ?? "."
        }
        return text
    }
}

extension TierReasons.Moves {
    /// How many symbols move, and which.
    var sentence: String {
        let listed = 5
        guard !symbols.isEmpty else { return "No symbol moves from its shard of today." }
        var text = "\(symbols.count) of \(known) symbols move from today's shards"
        if let limit { text += ", where at most \(limit) may" }
        text += ": " + symbols.prefix(listed).joined(separator: ", ")
        return text + (symbols.count > listed ? " and more, as placement.csv lists them." : ".")
    }
}

extension TierReasons.Waiting {
    /// What may wait, and what that saves.
    var sentence: String {
        var text =
            "\(NumberText.percent(share)) of the work may wait, so that the failures to survive leave nodes for the rest "
            + "alone"
        if deferSeconds > 0 {
            text +=
                "; in normal times it moves up to \(NumberText.time(seconds: deferSeconds)) off the peak, which "
                + "leaves \(NumberText.figure(peakDone)) busy cores"
        }
        return text + "."
    }
}
