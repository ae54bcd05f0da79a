/// Runs the queue kernel on given customers, for tests and measurements of the kernel itself.
public enum KernelProbe {
    /// What one lane saw.
    public struct Lane: Sendable {
        /// Customers who joined.
        public var joined: Int
        /// Sojourn times above the threshold.
        public var over: Int
        /// Mean time until served, in the unit of the customers.
        public var meanSojourn: Double
        /// The median of the same.
        public var median: Double
    }

    /// Serves customers in one lane for each multiplier; those join whose mark is below it.
    public static func run(
        level: KernelLevel = .best, servers: Int, gaps: [Float], services: [Float], marks: [Float],
        multipliers: [Double], threshold: Double
    ) -> [Lane] {
        var queue = LaneQueue(servers: servers, threshold: threshold, multipliers: multipliers, level: level)
        queue.serve(gaps: gaps, services: services, marks: marks)
        return multipliers.indices.map { lane in
            let limit = Float(multipliers[lane])
            let work = zip(services, marks).reduce(0.0) { $0 + (limit > $1.1 ? Double($1.0) : 0) }
            return Lane(
                joined: queue.joined[lane], over: queue.over[lane],
                meanSojourn: (queue.waitSums[lane] + work) / Double(max(1, queue.joined[lane])),
                median: queue.quantile(0.5, lane: lane))
        }
    }
}
