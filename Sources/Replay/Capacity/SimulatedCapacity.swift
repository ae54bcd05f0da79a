import Exchange
import Glibc
import Numerics
import Synchronization
import Units

/// What groups of servers can carry, found by simulating the worst five minutes of an hour message by message.
///
/// For each of a few replications an hour's bursts are drawn, and the largest rate is searched at which the busiest five
/// minutes of it keep the objective. The value is the geometric mean over replications; the interval is their central
/// 95 %, since hours do differ. Up to 64 servers this is done at a geometric grid of server counts, on common random
/// numbers; between them the rate is a power of the servers. Past 64 the utilisation goes to that of the fluid (many
/// servers, no chance but the bursts') as one over the square root of the servers, as Halfin and Whitt's limit has it
/// (1981). The pool is one queue; its imbalance is taken off as if all nodes were as busy as the busiest.
///
/// Found figures are kept, by service, objective, bursts and servers: service moments are rounded to 0.5 % first, so that
/// mixes that hardly differ share them. The result does not depend on the order of questions or on the threads.
public final class SimulatedCapacity: CapacityModel {
    /// Server counts that are simulated.
    static let grid = [1, 2, 3, 4, 6, 8, 12, 16, 24, 32, 48, 64]

    /// Profiles whose drawn hours are kept; one takes some 20 MB a replication.
    private static let pathsKept = 2

    private let seed: UInt64
    private let replications: Int
    private let messageBudget: Int
    private let threads: Int
    private let stepSeconds: Double
    private let shape: ServiceShape
    private let known = Mutex<Known>(Known())

    /// A model whose answers follow from the seed.
    ///
    /// - Parameters:
    ///   - seed: Everything random follows from it.
    ///   - replications: Hours that are drawn.
    ///   - messageBudget: Messages simulated one by one in each, at most, for each step of a search.
    ///   - threads: Threads that share one question's work.
    ///   - stepSeconds: Seconds over which a rate is a mean; the demand's step.
    ///   - shape: The shape of service times.
    public init(
        seed: UInt64, replications: Int = 4, messageBudget: Int = 30_000, threads: Int = 1,
        stepSeconds: Double = 3600, shape: ServiceShape = .lognormal
    ) {
        self.seed = seed
        self.replications = max(2, replications)
        self.messageBudget = max(1000, messageBudget)
        self.threads = max(1, threads)
        self.stepSeconds = stepSeconds
        self.shape = shape
    }

    /// The largest rate that keeps the objective; see `CapacityModel`.
    public func largestRate(
        of tier: Tier, servers: Int, mix: ClassRates, bursts: BurstProfile
    ) -> Estimate {
        guard servers > 0, let profile = QueueProfile(tier, mix: mix) else { return Estimate(exactly: 0) }
        let question = Question(profile: profile.rounded, bursts: bursts)
        let top = SimulatedCapacity.grid.firstIndex { $0 >= servers } ?? SimulatedCapacity.grid.count
        let utilisations = utilisations(for: question, upTo: top)
        let logs = utilisations.map { logRate($0, servers: servers) }
        let factor = tier.rules.speed / (profile.service.meanSeconds * (1 + tier.balancerImbalance))
        return summary(logs).scaled(by: factor)
    }

    /// The log of servers times utilisation, from one replication's utilisations at the grid and in the fluid.
    private func logRate(_ found: Found, servers: Int) -> Double {
        let grid = SimulatedCapacity.grid
        let target = Double(servers)
        // Rates never fall with servers, whatever the noise of a search.
        var rate = 0.0
        var below = (servers: 0.0, rate: 0.0)
        for (index, utilisation) in found.grid.enumerated() {
            let count = Double(grid[index])
            rate = max(rate, utilisation * count)
            if count >= target {
                guard count > target, below.rate > 0 else { return log(rate) }
                let part = log(target / below.servers) / log(count / below.servers)
                return log(below.rate) + part * log(rate / below.rate)
            }
            below = (count, rate)
        }
        let last = below.rate / below.servers
        let gap = max(0, found.fluid - last)
        return log(target * (last + gap * (1 - (below.servers / target).squareRoot())))
    }

    private func summary(_ logs: [Double]) -> Estimate {
        guard logs.allSatisfy(\.isFinite), !logs.isEmpty else { return Estimate(exactly: 0) }
        let sorted = logs.sorted()
        let mean = sorted.reduce(0, +) / Double(sorted.count)
        return Estimate(
            exp(mean), lo: exp(min(mean, Summary.quantile(sorted: sorted, 0.025))),
            hi: exp(max(mean, Summary.quantile(sorted: sorted, 0.975))))
    }
}

extension SimulatedCapacity {
    private struct Question: Equatable {
        var profile: QueueProfile
        var bursts: BurstProfile
    }

    /// One replication's utilisations at saturation.
    private struct Found {
        /// At the first counts of the grid.
        var grid: [Double] = []
        /// In the fluid.
        var fluid = 0.0
    }

    private struct Known {
        var questions: [(question: Question, found: [Found])] = []
        var drawn: [(source: WindowPath.Source, paths: [WindowPath])] = []
    }

    /// The utilisations of each replication, at least up to one place of the grid.
    private func utilisations(for question: Question, upTo top: Int) -> [Found] {
        known.withLock { known in
            let place: Int
            if let old = known.questions.firstIndex(where: { $0.question == question }) {
                place = old
            } else {
                place = known.questions.count
                known.questions.append((question, [Found](repeating: Found(), count: replications)))
            }
            let before = known.questions[place].found
            let needed = min(top + 1, SimulatedCapacity.grid.count)
            guard before[0].grid.count < needed else { return before }
            let paths = paths(
                of: question.bursts, pauses: question.profile.drawnPauses, known: &known)
            let found = Parallel.map(replications, threads: threads) { replication in
                self.extend(
                    before[replication], to: needed, question: question, path: paths[replication],
                    replication: replication)
            }
            known.questions[place].found = found
            return found
        }
    }

    /// The drawn hours of one profile; those of the last few profiles are kept.
    private func paths(
        of bursts: BurstProfile, pauses: [QueueRules.Pause?], known: inout Known
    ) -> [WindowPath] {
        let source = WindowPath.Source(
            main: BurstModel(fitting: bursts).rounded, other: nil, stepSeconds: stepSeconds, pauses: pauses)
        if let drawn = known.drawn.first(where: { $0.source == source }) { return drawn.paths }
        let paths = Parallel.map(replications, threads: threads) { replication in
            WindowPath(source, seed: replicationSeed(self.seed, replication))
        }
        if known.drawn.count == SimulatedCapacity.pathsKept { known.drawn.removeFirst() }
        known.drawn.append((source, paths))
        return paths
    }

    private func extend(
        _ found: Found, to count: Int, question: Question, path: WindowPath, replication: Int
    ) -> Found {
        var found = found
        for index in found.grid.count..<count {
            let chain = question.profile.chain(servers: SimulatedCapacity.grid[index], shape: shape)
            let search = LatencySearch(
                zoom: Zoom(
                    chain: chain, path: path, messageBudget: messageBudget,
                    seed: replicationSeed(seed, replication)))
            let stable = chain.stableRatePerSecond
            guard stable.isFinite else {
                found.grid.append(0)
                continue
            }
            // The fluid's utilisation is the same for all servers; the last count's is a good guess at the next's.
            if index == 0 { found.fluid = search.fluidRate() / stable }
            let guess = found.grid.last.flatMap { $0 > 0 ? $0 * stable : nil }
            found.grid.append(search.largestRate(fluid: found.fluid * stable, guess: guess) / stable)
        }
        return found
    }
}
