import Exchange

/// Messages of one class from many clients, behind a cap of connections, a rate limit for each and a filter.
///
/// What enters is min(clients, cap) × min(rate, limit) × (1 − filtered) messages a second.
struct Attack: DemandDisturbing {
    static let name = "ddos"
    static let meaning = "Many clients send messages of a class, less what caps, limits and filters keep out."

    let messagesPerSecond: Double
    let demandClass: DemandClass
    let course: Course

    init(_ keys: inout KeyReader) {
        let classes = DemandClass.allCases.filter { $0 != .trade }
        let word = keys.word("class", classes.map(\.rawValue), default: "query", "Class of the messages.")
        demandClass = DemandClass(rawValue: word) ?? .query
        let clients = keys.count(
            "clients", in: "clients", 1...1_000_000_000, default: 10_000, "Number of clients.")
        let rate = keys.number(
            "rate", in: "messages/s", 0.001...1_000_000, default: 10, "Messages of each client in a second.")
        let cap = keys.count(
            "cap", in: "clients", 0...1_000_000_000, default: 1_000_000_000, "Connections that are accepted.")
        let limit = keys.number(
            "limit", in: "messages/s", 0...1_000_000, default: 1_000_000, "Rate limit of each client.")
        let filtered = keys.number(
            "filtered", in: "share", 0...1, default: 0, "Share of its messages that filters recognise.")
        messagesPerSecond = Double(min(clients, cap)) * min(rate, limit) * (1 - filtered)
        course = keys.course(ramp: "30s", hold: "15m", decay: "1m")
    }

    func act(onDemandOf input: WhatIfInput) -> DemandAct? {
        .byStrength { demand, strength in demand.add(messagesPerSecond * strength.share, demandClass) }
    }
}
