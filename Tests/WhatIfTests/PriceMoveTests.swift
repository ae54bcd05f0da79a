import Testing
import WhatIf

@Suite("Price moves")
struct PriceMoveTests {
    @Test("a price that falls by a quarter multiplies demand by five to ten, and a larger move by more")
    func factor() throws {
        let move = try Disturbance(text: "price-move:percent=-25")
        guard case .surge(let factor, let symbols) = move.effect else {
            Issue.record("a price move is a surge")
            return
        }
        #expect(factor > 5 && factor < 10 && symbols == "*")
        var last = 1.0
        for percent in [-1.0, -5, -20, -60] {
            let next = PriceMove.demandFactor(percent: percent, elasticity: PriceMove.usualElasticity)
            #expect(next >= last)
            last = next
        }
        #expect(PriceMove.demandFactor(percent: 0, elasticity: 0.5) == 1)
        #expect(PriceMove.demandFactor(percent: -50, elasticity: 0) == 1)
    }

    @Test("a move without its size, or one below nothing, is refused with its place")
    func refusals() {
        #expect(throws: ScenarioError.self) { try Disturbance(text: "price-move:ramp=1m") }
        #expect(throws: ScenarioError.self) { try Disturbance(text: "price-move:percent=-100") }
    }
}
