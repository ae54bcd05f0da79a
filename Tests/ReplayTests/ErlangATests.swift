import Foundation
import Replay
import Testing

/// People who answer, against published figures and another way to the same figures.
@Suite("Erlang-A") struct ErlangATests {
    @Test("50 agents with 48 calls a minute of a minute each, and a patience of two, are as published")
    func published() {
        // Garnett, Mandelbaum and Reiman (2002), table 1: 3.1 % abandon, 3.7 s of mean wait, a queue of 3, 93 % busy.
        let state = ErlangA(servers: 50, ratePerSecond: 0.8, meanSeconds: 60, patienceSeconds: 120)
        #expect(abs(state.shareAbandoning - 0.031) < 5e-4)
        #expect(abs(state.meanWaiting / 0.8 - 3.7) < 0.05)
        #expect(state.meanWaiting.rounded() == 3 && abs(state.utilisation - 0.93) < 5e-3)
        // And without patience: 20.8 s, a queue of 17, 96 %.
        let patient = ErlangA(servers: 50, ratePerSecond: 0.8, meanSeconds: 60, patienceSeconds: nil)
        #expect(patient.shareAbandoning == 0 && abs(patient.meanWaiting / 0.8 - 20.8) < 0.05)
        #expect(patient.meanWaiting.rounded() == 17 && abs(patient.utilisation - 0.96) < 1e-9)
    }

    @Test(
        "with patience without end it is Erlang-C",
        arguments: [(1, 0.6), (4, 3.0), (20, 17.5), (200, 190)])
    func erlangC(servers: Int, offered: Double) {
        let state = ErlangA(
            servers: servers, ratePerSecond: offered / 300, meanSeconds: 300, patienceSeconds: nil)
        let closed = ErlangC(servers: servers, meanServiceSeconds: 300)
        let waits = closed.waitingProbability(ratePerSecond: offered / 300)
        #expect(abs(state.shareWaiting - waits) < 1e-10)
        for seconds in [0.0, 5, 20, 300] {
            let late = waits * exp(-(Double(servers) - offered) / 300 * seconds)
            #expect(abs(state.shareAnswered(within: seconds) - (1 - late)) < 1e-9)
        }
        #expect(ErlangA(servers: 2, ratePerSecond: 1, meanSeconds: 3, patienceSeconds: nil).isStable == false)
    }

    @Test(
        "the share answered is that of the birth and death chain, integrated over time",
        arguments: [(5, 4.0, 0.5, 0.3), (10, 12.0, 2.0, 0.7), (3, 1.5, 0.1, 2.0)])
    func chain(servers: Int, offered: Double, patienceRate: Double, seconds: Double) {
        // The steady state by products from the empty one, service at rate 1.
        var weights = [1.0]
        for count in 1...400 {
            let leaving =
                Double(min(count, servers)) + Double(max(0, count - servers)) * patienceRate
            weights.append(weights[count - 1] * offered / leaving)
        }
        let total = weights.reduce(0, +)
        // Who finds all busy and k waiting: k + 1 departures ahead, against the own patience, in small steps of time.
        let steps = 4000
        let step = seconds / Double(steps)
        var answered = weights.prefix(servers).reduce(0, +) / total
        for ahead in 0..<60 {
            var places = [Double](repeating: 0, count: ahead + 1)
            places[ahead] = 1
            var served = 0.0
            // The midpoint rule, second order in the step.
            func change(_ places: [Double]) -> (places: [Double], served: Double) {
                var slope = places.map { -$0 * patienceRate }
                for place in places.indices {
                    let flow = places[place] * (Double(servers) + Double(place) * patienceRate)
                    slope[place] -= flow
                    if place > 0 { slope[place - 1] += flow }
                }
                return (slope, places[0] * Double(servers))
            }
            for _ in 0..<steps {
                let first = change(places)
                let middle = change(zip(places, first.places).map { $0 + 0.5 * step * $1 })
                places = zip(places, middle.places).map { $0 + step * $1 }
                served += step * middle.served
            }
            answered += weights[servers + ahead] / total * served
        }
        let state = ErlangA(
            servers: servers, ratePerSecond: offered, meanSeconds: 1, patienceSeconds: 1 / patienceRate)
        #expect(abs(state.shareAnswered(within: seconds) - answered) < 1e-4)
        // Everybody is served in the end who does not hang up.
        #expect(abs(state.shareAnswered(within: 1e4) - (1 - state.shareAbandoning)) < 1e-9)
    }

    @Test(
        "the largest rate keeps the share, a larger one does not, and more people hold more",
        arguments: [1, 7, 60])
    func largestRate(servers: Int) {
        func rate(_ servers: Int) -> Double {
            ErlangA.largestRate(
                servers: servers, meanSeconds: 300, patienceSeconds: 120, share: 0.8, within: 20)
        }
        func share(_ rate: Double) -> Double {
            ErlangA(servers: servers, ratePerSecond: rate, meanSeconds: 300, patienceSeconds: 120)
                .shareAnswered(within: 20)
        }
        let found = rate(servers)
        #expect(share(found) >= 0.8 && share(found * 1.0001) < 0.8)
        #expect(rate(servers + 1) / Double(servers + 1) > found / Double(servers))
    }
}
