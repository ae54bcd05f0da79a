import Foundation
import TestSupport
import Testing
import WhatIf

@Suite("Events as text")
struct ParsingTests {
    private func failure(_ text: String) -> String {
        do {
            _ = try Disturbance(text: text)
            return "no error"
        } catch {
            return "\(error)"
        }
    }

    @Test("what is absent has its default")
    func defaults() throws {
        let event = try Disturbance(text: "surge:x=5,ramp=4m,hold=20m")
        #expect(event == (try Disturbance(text: "surge:x=5,decay=10m,start=0s,symbols=*")))
        #expect(event != (try Disturbance(text: "surge:x=5,decay=11m")))
        #expect(event != (try Disturbance(text: "flood:x=5")))
        #expect(event.course == Course(rampSeconds: 240, holdSeconds: 1200, decaySeconds: 600))
        #expect(try Disturbance(text: "zone-loss").course == Course(holdSeconds: 3600))
        let loss = try Disturbance(text: "node-loss:tier=risk,for=5m,start=1m")
        #expect(loss == (try Disturbance(text: "node-loss:tier=risk,count=1,for=300s,start=60s")))
        #expect(loss != (try Disturbance(text: "node-loss:tier=risk,count=2,for=5m,start=1m")))
        #expect(loss.course == Course(startSeconds: 60, holdSeconds: 300))
        #expect(try Disturbance(text: "reconnect:clients=5,spread=0s").course.holdSeconds == 1)
    }

    @Test(
        "what is wrong is told with its column",
        arguments: [
            (
                "surg:x=5",
                "event 'surg:x=5', column 1: unknown event 'surg'; did you mean 'surge'? Known: "
                    + EventKind.all.map(\.name).joined(separator: ", ")
            ),
            (
                "surge:x=5,rmp=4m",
                "event 'surge:x=5,rmp=4m', column 11: 'surge' has no key 'rmp'; did you mean 'ramp'? Known: x, ramp, hold, decay, start, symbols"
            ),
            (
                "surge:ramp=4m",
                "event 'surge:ramp=4m', column 1: 'surge' needs the key 'x': the factor at the peak"
            ),
            (
                "surge:x=5,ramp=4",
                "event 'surge:x=5,ramp=4', column 11: 'ramp' is '4'; expected a duration up to a day, such as 30s, 4m or 1h"
            ),
            ("surge:x=5,x=6", "event 'surge:x=5,x=6', column 11: duplicate key 'x'"),
            (
                "surge:x=-1",
                "event 'surge:x=-1', column 7: 'x' is '-1'; expected a number from 0.001 to 10000.0"
            ),
            ("surge:5", "event 'surge:5', column 7: '5' is not in the form key=value"),
            (
                "halt:tier=x,for=2d",
                "event 'halt:tier=x,for=2d', column 13: 'for' is '2d'; expected a duration up to a day, such as 30s, 4m or 1h"
            ),
        ])
    func errors(text: String, message: String) {
        #expect(failure(text) == message)
    }

    @Test("a scenario that names what there is not is refused")
    func unknownNames() throws {
        let input = Fixtures.input([Fixtures.tier()], rates: [10])
        #expect(throws: WhatIfError.unknownTier("risk", known: ["pool"])) {
            try simulate(try Fixtures.scenario("halt:tier=risk"), on: input, options: Fixtures.plain)
        }
        #expect(throws: WhatIfError.unknownZone("z", known: ["a", "b"])) {
            try simulate(try Fixtures.scenario("zone-loss:zone=z"), on: input, options: Fixtures.plain)
        }
        #expect(throws: WhatIfError.unknownSymbol("XRP", known: ["S0"])) {
            try simulate(try Fixtures.scenario("listing:x=2,symbol=XRP"), on: input, options: Fixtures.plain)
        }
        #expect(throws: WhatIfError.unknownSymbol("BTC*", known: ["S0"])) {
            try simulate(try Fixtures.scenario("surge:x=2,symbols=BTC*"), on: input, options: Fixtures.plain)
        }
    }
}
