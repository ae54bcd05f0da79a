import Glibc

/// M/M/c in closed form (Erlang 1917), for comparison.
struct ErlangC {
    let servers: Int
    let meanServiceSeconds: Double

    /// The chance that a message has to wait.
    func waitingProbability(ratePerSecond: Double) -> Double {
        let offered = ratePerSecond * meanServiceSeconds
        guard offered < Double(servers) else { return 1 }
        // Erlang B by its recursion, then C from B.
        var blocked = 1.0
        for count in 1...servers { blocked = offered * blocked / (Double(count) + offered * blocked) }
        let utilisation = offered / Double(servers)
        return blocked / (1 - utilisation * (1 - blocked))
    }

    /// The chance that waiting and service together take longer.
    func sojournTail(_ seconds: Double, ratePerSecond: Double) -> Double {
        let mu = 1 / meanServiceSeconds
        let theta = Double(servers) * mu - ratePerSecond
        guard theta > 0 else { return 1 }
        let waiting = waitingProbability(ratePerSecond: ratePerSecond)
        let convolved =
            abs(theta - mu) < 1e-9 * mu
            ? (1 + mu * seconds) * exp(-mu * seconds)
            : (theta * exp(-mu * seconds) - mu * exp(-theta * seconds)) / (theta - mu)
        return (1 - waiting) * exp(-mu * seconds) + waiting * convolved
    }

    /// The rate at which a share of messages takes longer than a time, by bisection.
    func largestRate(latencySeconds: Double, shareAllowed: Double) -> Double {
        var low = 0.0
        var high = Double(servers) / meanServiceSeconds
        for _ in 0..<100 {
            let middle = 0.5 * (low + high)
            if sojournTail(latencySeconds, ratePerSecond: middle) <= shareAllowed {
                low = middle
            } else {
                high = middle
            }
        }
        return low
    }
}
