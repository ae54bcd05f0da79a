import Testing
import WhatIf

@Suite("Price moves")
struct PriceMoveTests {
    @Test("a price that falls by a quarter multiplies demand by five to ten, and a larger move by more")
    func factor() throws {
        let factor = PriceMove.demandFactor(percent: -25, elasticity: PriceMove.usualElasticity)
        #expect(factor > 5 && factor < 10)
        var last = 1.0
        for percent in [-1.0, -5, -20, -60] {
            let next = PriceMove.demandFactor(percent: percent, elasticity: PriceMove.usualElasticity)
            #expect(next >= last)
            last = next
        }
        #expect(PriceMove.demandFactor(percent: 0, elasticity: 0.5) == 1)
        #expect(PriceMove.demandFactor(percent: -50, elasticity: 0) == 1)
    }

    @Test("a price move does to an exchange what a surge by its factor does")
    func isSurge() throws {
        let factor = PriceMove.demandFactor(percent: -25, elasticity: 0.65)
        let wave = "ramp=1m,hold=5m,decay=1m"
        let input = Fixtures.input([Fixtures.tier()], rates: [30, 20])
        let results = try ["price-move:percent=-25,\(wave)", "surge:x=\(factor),\(wave)"].map {
            try simulate(try Fixtures.scenario($0), on: input, options: Fixtures.plain)
        }
        #expect(results[0].timeline == results[1].timeline)
        #expect(results[0].timeline.map(\.utilisation).max() ?? 0 > 0.1)
    }

    @Test("a move without its size, or one below nothing, is refused with its place")
    func refusals() {
        #expect(throws: ScenarioError.self) { try Disturbance(text: "price-move:ramp=1m") }
        #expect(throws: ScenarioError.self) { try Disturbance(text: "price-move:percent=-100") }
    }
}
