extension Topology {
    /// The exchange that is planned for where no plan file says otherwise: gateways, risk checks, matching shards, the
    /// market-data link and the ledger's database.
    ///
    /// Matching: 5 µs an order and 3.5 µs a cancel, from the range of 2–10 µs with journal and risk that follows from
    /// published rates of 100,000 to 500,000 orders a second, with exchange-core's ratio of cancels to adds (0.7 to
    /// 1.0 µs); a book's own part of it, 40 to 80 ns, comes from `book --work` and `calibrate --model work`. The other
    /// service times have no published source; they are assumptions to be replaced by
    /// `calibrate`d ones: 150 µs for a gateway to end encryption, check a signature and parse, 40 µs for a risk
    /// check, 250 µs for a ledger write with its flush. A market-data message is 60 bytes to each of 200 subscribers:
    /// 15.4 µs on the 6.25 Gbit/s of a c7i.4xlarge.
    public static let standard = Topology(
        tiers: [
            Tier(
                name: "gateway", kind: .pool,
                service: [
                    .order: ServiceTime(meanSeconds: 150e-6, coefficientOfVariation: 1),
                    .cancel: ServiceTime(meanSeconds: 120e-6, coefficientOfVariation: 1),
                    .query: ServiceTime(meanSeconds: 100e-6, coefficientOfVariation: 1.5),
                ],
                objective: Objective(quantile: 0.99, latencySeconds: 5e-3), nodes: 6, shape: "c7i.xlarge",
                allowedShapes: ["c7i.large", "c7i.xlarge", "c7i.2xlarge", "c7i.4xlarge"], imbalance: 0.1),
            Tier(
                name: "risk", kind: .pool,
                service: [
                    .order: ServiceTime(meanSeconds: 40e-6, coefficientOfVariation: 1),
                    .cancel: ServiceTime(meanSeconds: 10e-6, coefficientOfVariation: 1),
                ],
                objective: Objective(quantile: 0.99, latencySeconds: 2e-3), nodes: 6, shape: "c7i.large",
                allowedShapes: ["c7i.large", "c7i.xlarge", "c7i.2xlarge"], imbalance: 0.1),
            Tier(
                name: "matching", kind: .shard,
                service: [
                    .order: ServiceTime(meanSeconds: 5e-6, coefficientOfVariation: 1),
                    .cancel: ServiceTime(meanSeconds: 3.5e-6, coefficientOfVariation: 1),
                ],
                objective: Objective(quantile: 0.99, latencySeconds: 500e-6), nodes: 3, shape: "c7i.large"),
            Tier(
                name: "market-data", kind: .link,
                service: [:],
                objective: Objective(quantile: 0.99, latencySeconds: 2e-3), nodes: 3, shape: "c7i.4xlarge",
                allowedShapes: ["c7i.large", "c7i.xlarge", "c7i.2xlarge", "c7i.4xlarge"],
                sending: Sending(bytes: [.order: 60, .cancel: 60, .trade: 60], subscribers: 200)),
            Tier(
                name: "ledger", kind: .store,
                service: [.trade: ServiceTime(meanSeconds: 250e-6, coefficientOfVariation: 1)],
                objective: Objective(quantile: 0.99, latencySeconds: 20e-3), nodes: 3, shape: "i4i.xlarge",
                allowedShapes: ["i4i.large", "i4i.xlarge", "i4i.2xlarge", "i4i.4xlarge"]),
        ],
        sources: [.order: "gateway", .cancel: "gateway", .query: "gateway", .trade: "matching"],
        edges: [
            Edge(from: "gateway", to: "risk", carries: [.order: 1, .cancel: 1]),
            Edge(from: "risk", to: "matching", carries: [.order: 1, .cancel: 1]),
            Edge(from: "matching", to: "market-data", carries: [.order: 1, .cancel: 1, .trade: 1]),
            Edge(from: "matching", to: "ledger", carries: [.trade: 2]),
        ])
}
