import Foundation
import Numerics
import Units

/// Series that are fitted together at one origin: their windows, and who resembles whom.
public struct SeriesPool: Sendable {
    public let windows: [HistoryWindow]
    /// Threads to use; results do not depend on them.
    public let threads: Int
    let neighbours: Neighbourhood
    /// For what the series of the pool share, one use after another.
    let scratch: ScratchFloats

    /// A pool; one whose series do not look at each other has no neighbours.
    init(_ windows: [HistoryWindow], threads: Int, isPooled: Bool = true) {
        self.windows = windows
        self.threads = threads
        scratch = ScratchFloats()
        neighbours =
            isPooled
            ? Neighbourhood(windows, threads: threads) : Neighbourhood(withoutNeighbours: windows.count)
    }

    /// A pool whose neighbours are known.
    init(_ windows: [HistoryWindow], threads: Int, neighbours: Neighbourhood, scratch: ScratchFloats) {
        self.windows = windows
        self.scratch = scratch
        self.threads = threads
        self.neighbours = neighbours
    }
}

/// How much each series of a pool resembles each other one.
///
/// Two series resemble each other as far as the autoregression of one explains the other: the similarity is
/// exp(−(loss of the other's coefficients / loss of its own − 1) / 0.1). Only the 32 most alike count. Series
/// of different seasons or steps never do, nor do series that end at different instants, of which one would
/// tell the other's future.
struct Neighbourhood: Sendable {
    /// For each series its neighbours with weights that add up to 1; empty where there is none.
    let rows: [[(index: Int, weight: Double)]]
    /// How much the neighbours count, 0 to 1: full from a total similarity of ten.
    let strength: [Double]

    /// The most neighbours that a series has.
    static let most = 32
    /// The relative excess of the loss at which similarity falls to 1/e. Chosen, not measured.
    private static let excessScale = 0.1
    /// The least similarity that counts.
    private static let leastWeight = 1e-6
    /// The total similarity from which neighbours count in full. Chosen, not measured.
    private static let fullSimilarity = 10.0

    init(withoutNeighbours count: Int) {
        rows = [[(index: Int, weight: Double)]](repeating: [], count: count)
        strength = [Double](repeating: 0, count: count)
    }

    init(_ windows: [HistoryWindow], threads: Int) {
        var rows = [[(index: Int, weight: Double)]](repeating: [], count: windows.count)
        var strength = [Double](repeating: 0, count: windows.count)
        let systems = Parallel.map(windows.count, threads: threads) { LagMoments(windows[$0]) }
        var groups: [LagMoments.Group: [Int]] = [:]
        for (index, system) in systems.enumerated() {
            if let system { groups[system.group, default: []].append(index) }
        }
        for members in groups.values where members.count > 1 {
            let group = members.compactMap { systems[$0] }
            let found = Neighbourhood.similarities(group, threads: threads)
            for (place, member) in members.enumerated() {
                let total = found[place].reduce(0) { $0 + $1.weight }
                guard total > 1e-9 else { continue }
                strength[member] = min(total, Neighbourhood.fullSimilarity) / Neighbourhood.fullSimilarity
                rows[member] = found[place].map { (members[$0.index], $0.weight / total) }
            }
        }
        self.rows = rows
        self.strength = strength
    }

    /// For each series of a group the most alike, with their similarity.
    private static func similarities(_ group: [LagMoments], threads: Int) -> [[(index: Int, weight: Double)]]
    {
        let solutions = group.map(\.solution)
        return Parallel.map(group.count, threads: threads) { row in
            let own = group[row]
            let base = max(own.loss(of: solutions[row]), 1e-12)
            var found: [(index: Int, weight: Double)] = []
            for (index, other) in solutions.enumerated() where index != row {
                let excess = max(own.loss(of: other) / base - 1, 0)
                let weight = exp(-excess / excessScale)
                guard weight > leastWeight, found.count < most || weight > found[most - 1].weight else {
                    continue
                }
                // Insertion keeps the most alike in order; of equals, the first.
                if found.count == most { found.removeLast() }
                var place = found.count
                while place > 0, found[place - 1].weight < weight { place -= 1 }
                found.insert((index, weight), at: place)
            }
            return found
        }
    }
}
