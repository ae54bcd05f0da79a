import Glibc
import Numerics

/// Events of one symbol and one day that excite each other: Hawkes' process (1971) by its clusters.
///
/// Immigrants come as a Poisson process of the level times (1 − n); every event brings a Poisson number of others with
/// mean n, each after a delay from a mixture of two exponentials. The mean rate is the level. Counts over windows much
/// longer than the delays have an index of dispersion of 1 / (1 − n)².
enum HawkesDay {
    /// How many events one event brings, in mean: the branching ratio n.
    static let branchingRatio = 0.6
    /// Delays: with these shares, exponential with these means in seconds.
    static let delays: [(share: Double, meanSeconds: Double)] = [(0.7, 0.05), (0.3, 3)]

    /// The times of a stretch, in order, in seconds from `from`.
    ///
    /// What started before is left out, and so is what comes after.
    ///
    /// - Parameters:
    ///   - from: The start, in seconds from the start of the logs.
    ///   - seconds: The length.
    ///   - random: Where randomness comes from.
    ///   - rate: Events a second at an instant, which is taken to hold for a minute.
    /// - Returns: Times from 0 to `seconds`.
    static func times(
        from: Double, seconds: Double, random: inout Random, rate: (Double) -> Double
    ) -> [Double] {
        var found: [Double] = []
        var minute = 0.0
        while minute < seconds {
            let length = min(60, seconds - minute)
            let immigrants = rate(from + minute + length / 2) * (1 - branchingRatio)
            if immigrants > 0 {
                var time = minute + random.exponential() / immigrants
                while time < minute + length {
                    found.append(time)
                    time += random.exponential() / immigrants
                }
            }
            minute += length
        }
        // The list grows while it is gone through: children may have children.
        var index = 0
        while index < found.count {
            let parent = found[index]
            var product = random.uniform()
            let limit = exp(-branchingRatio)
            while product > limit {
                let child = parent + delay(&random)
                if child < seconds { found.append(child) }
                product *= random.uniform()
            }
            index += 1
        }
        found.sort()
        return found
    }

    private static func delay(_ random: inout Random) -> Double {
        var place = random.uniform()
        for (share, mean) in delays {
            if place < share { return mean * random.exponential() }
            place -= share
        }
        return delays[0].meanSeconds * random.exponential()
    }
}
