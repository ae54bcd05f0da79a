import Foundation
import Planning
import Testing

/// The closed form that the other tests plan with, against other ways to the same figures.
@Suite("Erlang capacity")
struct ErlangTests {
    @Test("a single server holds the rate at which the exponential sojourn time meets the objective")
    func singleServer() {
        let rate = ErlangCapacity.largestRate(
            servers: 1, meanSeconds: 1e-3, latencySeconds: 20e-3, shareAllowed: 0.01)
        #expect(abs(rate - (1000 - log(100) / 20e-3)) < 1e-6)
    }

    @Test(
        "the share that waits agrees with Erlang's sum over states",
        arguments: [(2, 1.2), (5, 4.0), (20, 17.5)])
    func waitingShare(servers: Int, offered: Double) {
        // Poisson terms up to c − 1, and the last one swollen: C = t_c c/(c − a) / (Σ + t_c c/(c − a)).
        var term = 1.0
        var sum = 0.0
        for count in 0..<servers {
            sum += term
            term *= offered / Double(count + 1)
        }
        let last = term * Double(servers) / (Double(servers) - offered)
        let waits = last / (sum + last)
        // Just after arrival every message is late; the share late falls as μ t by those who need not wait,
        // that is, the slope at 0 of the sojourn time is −μ (1 − C).
        let step = 1e-7
        let late = ErlangCapacity.shareLate(step, rate: offered, servers: servers, meanSeconds: 1)
        #expect(abs((1 - late) / step - (1 - waits)) < 1e-5)
    }

    @Test("more servers hold more than in proportion")
    func economiesOfScale() {
        let rates = [1, 2, 4, 8, 16].map {
            ErlangCapacity.largestRate(
                servers: $0, meanSeconds: 1e-3, latencySeconds: 10e-3, shareAllowed: 0.01) / Double($0)
        }
        #expect(rates == rates.sorted())
    }
}
