import Numerics

/// Waits that a log's own arrivals give beside those of its model.
public struct BurstTable: Sendable {
    /// One queue at one level.
    public struct Row: Sendable, Equatable {
        /// The level as a multiple: of the log itself at 1, otherwise of the median level of its windows.
        public let level: Double
        /// The service time of every arrival.
        public let serviceSeconds: Double
        /// How many serve.
        public let servers: Int
        /// How many windows the trace's figure is from.
        public let windows: Int
        /// The quantile of the sojourn time in the log: of the worst window at level 1, otherwise the median over the
        /// windows of that level; nil where there is none.
        public let traceSeconds: Double?
        /// The same by the model.
        public let modelSeconds: Double?

        public init(
            level: Double, serviceSeconds: Double, servers: Int, windows: Int, traceSeconds: Double?,
            modelSeconds: Double?
        ) {
            (self.level, self.serviceSeconds, self.servers) = (level, serviceSeconds, servers)
            (self.windows, self.traceSeconds, self.modelSeconds) = (windows, traceSeconds, modelSeconds)
        }
    }

    /// A queue: how long each arrival is served, and how many serve.
    public struct Cell: Sendable, Hashable {
        public var serviceSeconds: Double
        public var servers: Int

        public init(serviceSeconds: Double, servers: Int) {
            self.serviceSeconds = serviceSeconds
            self.servers = servers
        }
    }

    /// Which queues are looked at.
    public struct Queues: Sendable {
        /// The queues.
        public var cells: [Cell]
        /// Levels as multiples; 1 is the log itself.
        public var levels: [Double]
        /// Which quantile of the sojourn time, 0 to 1.
        public var quantile: Double

        public init(
            servicesSeconds: [Double], servers: [Int], levels: [Double] = [1], quantile: Double = 0.99
        ) {
            self.init(
                cells: servicesSeconds.flatMap { service in
                    servers.map { Cell(serviceSeconds: service, servers: $0) }
                }, levels: levels, quantile: quantile)
        }

        /// These queues, and not every service time with every number of servers.
        public init(cells: [Cell], levels: [Double] = [1], quantile: Double = 0.99) {
            self.cells = cells
            self.levels = levels
            self.quantile = quantile
        }
    }

    /// Rows by level, service time and servers.
    public let rows: [Row]

    /// So many arrivals are drawn for a level, as far as the least and the most number of draws allow.
    public static let arrivalsDrawnDefault = 3e6
    /// Logs drawn for level 1.
    private static let logDraws = 3...25
    /// Windows drawn for another level.
    private static let windowDraws = 9...99

    /// Looks at queues under a log; the result does not depend on the number of threads.
    ///
    /// At level 1 the model is the log's profile along the course of its level by blocks: as many windows, and the worst
    /// of them (median over draws). At other levels it is the profile of the blocks below the median level alone, at that
    /// multiple of it.
    ///
    /// - Parameters:
    ///   - trace: The log.
    ///   - queues: Which queues.
    ///   - seed: Everything random follows from it.
    ///   - arrivalsDrawn: So many arrivals the model draws for a level, at the least for three logs or nine windows.
    ///   - threads: Threads to use.
    public init(
        _ trace: ArrivalTrace, _ queues: Queues, seed: UInt64,
        arrivalsDrawn: Double = arrivalsDrawnDefault, threads: Int = 1
    ) {
        let cells = queues.cells
        let drawn = Drawn(seed: seed, arrivals: arrivalsDrawn)
        rows = queues.levels.flatMap { level -> [Row] in
            let isOwn = level == 1
            let target = level * trace.medianLevelPerSecond
            let windows = isOwn ? trace.windows : trace.windows(nearLevelPerSecond: target)
            let model =
                isOwn
                ? BurstTable.own(
                    trace, cells, queues.quantile, drawn, threads)
                : BurstTable.carried(
                    trace, to: target, cells, queues.quantile, drawn,
                    threads)
            let seen = Parallel.map(cells.count, threads: threads) { index in
                let cell = cells[index]
                return isOwn
                    ? trace.worstQuantile(
                        serviceSeconds: cell.serviceSeconds, servers: cell.servers, quantile: queues.quantile)
                    : trace.medianQuantile(
                        over: windows, serviceSeconds: cell.serviceSeconds, servers: cell.servers,
                        quantile: queues.quantile)
            }
            return cells.indices.map { index in
                Row(
                    level: level, serviceSeconds: cells[index].serviceSeconds, servers: cells[index].servers,
                    windows: windows.count, traceSeconds: seen[index].isFinite ? seen[index] : nil,
                    modelSeconds: model[index].isFinite ? model[index] : nil)
            }
        }
    }

    /// What is drawn.
    private struct Drawn {
        let seed: UInt64
        let arrivals: Double

        func count(_ range: ClosedRange<Int>, of each: Double) -> Int {
            let wanted = arrivals / max(each, 1)
            return Int(saturating: min(max(wanted, Double(range.lowerBound)), Double(range.upperBound)))
        }
    }

    /// The worst window of logs like this one, by the model.
    private static func own(
        _ trace: ArrivalTrace, _ cells: [Cell], _ quantile: Double, _ draws: Drawn, _ threads: Int
    ) -> [Double] {
        let profile = ArrivalProfile(seconds: trace.seconds, origin: "")
        guard let blocks = ArrivalBlocks(trace.seconds) else { return cells.map { _ in .nan } }
        let levels = blocks.ranges.indices.map(blocks.level)
        let count = draws.count(logDraws, of: Double(trace.seconds.count))
        let drawn = Parallel.map(count, threads: threads) { draw in
            let log = ArrivalTrace(
                seconds: profile.arrivals(
                    ratesPerSecond: levels, stepSeconds: blocks.seconds,
                    seed: replicationSeed(draws.seed, draw)))
            return cells.map {
                log.worstQuantile(serviceSeconds: $0.serviceSeconds, servers: $0.servers, quantile: quantile)
            }
        }
        return medians(drawn, cells.count)
    }

    /// The middle window at another level, by the model of the windows of low level.
    private static func carried(
        _ trace: ArrivalTrace, to level: Double, _ cells: [Cell], _ quantile: Double, _ draws: Drawn,
        _ threads: Int
    ) -> [Double] {
        let profile = ArrivalProfile(
            seconds: trace.seconds, origin: "", belowLevelPerSecond: trace.medianLevelPerSecond)
        let count = draws.count(windowDraws, of: level * trace.windowSeconds)
        let drawn = Parallel.map(count, threads: threads) { draw in
            let window = profile.arrivals(
                ratePerSecond: level, seconds: trace.windowSeconds, seed: replicationSeed(draws.seed, draw))
            return cells.map { cell in
                let times = ServedTrace.sojournSeconds(
                    arrivals: window, serviceSeconds: cell.serviceSeconds, servers: cell.servers)
                return times.withUnsafeBufferPointer { Selection.quantile($0, quantile) }
            }
        }
        return medians(drawn, cells.count)
    }

    private static func medians(_ drawn: [[Double]], _ cells: Int) -> [Double] {
        (0..<cells).map { cell in
            Summary.median(drawn.lazy.map { $0[cell] }.filter(\.isFinite))
        }
    }
}
