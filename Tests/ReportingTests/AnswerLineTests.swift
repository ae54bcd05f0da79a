import Reporting
import Testing
import WhatIf

@Suite("Answers in lines")
struct AnswerLineTests {
    @Test("values stand above their columns, as many as there is room for")
    func axis() {
        #expect(Sweep.axis(["1", "2", "3", "4"]) == "1 3")
        #expect(Sweep.axis(["1.5", "2", "2.5", "3", "3.5", "4"]) == "1.5 3.5")
        #expect(Sweep.axis(["10s"]) == "10s" && Sweep.axis([]) == "")
    }
}
