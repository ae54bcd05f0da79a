struct Reconnect: DemandDisturbing {
    static let name = "reconnect"
    static let meaning = "Clients come back at once, each with some requests that change nothing."

    let clients: Int
    let requestsOfEach: Double
    let course: Course

    init(_ keys: inout KeyReader) {
        clients = keys.count("clients", in: "clients", 1...1_000_000_000, "How many.")
        requestsOfEach = keys.number(
            "requests", in: "requests", 0.01...1000, default: 3,
            "Requests of each: to log in, to subscribe, for a snapshot.")
        let spread = keys.seconds("spread", default: "30s", "Over what time, evenly.")
        course = Course(startSeconds: keys.start(), holdSeconds: max(1, spread))
    }

    func act(onDemandOf input: WhatIfInput) -> DemandAct? {
        let requestsPerSecond = Double(clients) * requestsOfEach / course.holdSeconds
        return .byStrength { demand, strength in demand.add(requestsPerSecond * strength.share, .query) }
    }
}
