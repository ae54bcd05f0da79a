import Replay
import Testing

@Suite("Waits for work ahead within a second")
struct WaitRampTests {
    /// A standstill of whole seconds and its drain, second by second, against the closed form.
    @Test(
        "late are (G − limit) / (1 − ρ) seconds", arguments: [(1, 0.3, 0.01), (2, 0.5, 0.25), (7, 0.9, 1.5)])
    func drain(gap: Int, utilisation: Double, limit: Double) {
        var (ahead, late) = (0.0, 0.0)
        for second in 0..<200 {
            let standstill = max(0, gap - second)
            let left =
                standstill > 0 ? ahead + utilisation : max(0, ahead + utilisation - 1)
            let parts = WaitRamp(
                ahead: ahead, adding: utilisation, left: left, standstill: Double(standstill)
            ).parts(limit: limit)
            #expect(abs(parts.over + parts.waiting + parts.free - 1) < 1e-12)
            late += parts.over
            ahead = left
        }
        #expect(abs(late - (Double(gap) - limit) / (1 - utilisation)) < 1e-9)
    }

    @Test("the rest of a second that drains waits less, or not at all")
    func rest() {
        // From 0.4 s down at 0.8 s a second: over 0.1 s for 3/8, 0.05 s in mean for 1/8, nothing for half.
        let parts = WaitRamp(ahead: 0.4, adding: 0.2, left: 0).parts(limit: 0.1)
        #expect(abs(parts.over - 0.375) < 1e-12 && abs(parts.waiting - 0.125) < 1e-12)
        #expect(abs(parts.free - 0.5) < 1e-12 && abs(parts.meanWait - 0.05) < 1e-12)
    }

    @Test("a backlog that grows is over the limit from a moment on")
    func growth() {
        let parts = WaitRamp(ahead: 0, adding: 1.5, left: 0.5).parts(limit: 0.2)
        #expect(abs(parts.over - 0.6) < 1e-12 && abs(parts.waiting - 0.4) < 1e-12 && parts.free == 0)
    }

    @Test("what is turned away keeps nobody waiting, and a pause everybody")
    func pauses() {
        let refused = WaitRamp(ahead: 0, adding: 3, left: 0).parts(limit: 0.1)
        #expect(refused.over == 0 && refused.free == 1)
        let slow = WaitRamp(pause: 0.3)
        #expect(slow.parts(limit: 0.2).over == 1)
        #expect(slow.parts(limit: 0.5).free == 1 && slow.parts(limit: 0.5).leastWait == 0.3)
    }
}
