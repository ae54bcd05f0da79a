struct Reconnect: DemandDisturbing {
    static let name = "reconnect"
    static let meaning = "Many clients reconnect at once, each sending some read-only requests."

    let clients: Int
    let requestsOfEach: Double
    let course: Course

    init(_ keys: inout KeyReader) {
        clients = keys.count("clients", in: "clients", 1...1_000_000_000, "Number of clients.")
        requestsOfEach = keys.number(
            "requests", in: "requests", 0.01...1000, default: 3,
            "Requests per client: login, subscriptions, snapshot.")
        let spread = keys.seconds("spread", default: "30s", "Time over which they reconnect, evenly.")
        course = Course(startSeconds: keys.start(), holdSeconds: max(1, spread))
    }

    func act(onDemandOf input: WhatIfInput) -> DemandAct? {
        let requestsPerSecond = Double(clients) * requestsOfEach / course.holdSeconds
        return .byStrength { demand, strength in demand.add(requestsPerSecond * strength.share, .query) }
    }
}
