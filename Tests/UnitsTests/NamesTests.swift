import Testing
import Units

@Suite("Names and amounts")
struct NamesTests {
    @Test("a hostile symbol gives a harmless file name, and stays itself")
    func hostileSymbols() {
        for name in ["../../etc/passwd", "=cmd()", "<script>", "a\nb", "", ".", "Ünïcode"] {
            let id = SeriesID(kind: "trades", venue: "x/y", name: name)
            #expect(id.name == name)
            #expect(id.fileName.unicodeScalars.allSatisfy { $0.isASCII && $0 != "/" && $0 != "\n" })
            #expect(!id.fileName.contains("/"))
            #expect(!id.fileName.hasPrefix("."))
        }
        #expect(SeriesID("trades/binance-spot/A/B").name == "A/B")
        #expect(SeriesID("H1").description == "metrics/generic/H1")
    }

    @Test("a glob spans slashes and needs the whole name")
    func globs() {
        #expect(Glob("trades/*/BTC*").matches("trades/binance-spot/BTCUSDT"))
        #expect(Glob("*").matches(""))
        #expect(!Glob("trades").matches("trades/x"))
        #expect(Glob("a*b*c").matches("a-b-b-c"))
        #expect(!Glob("a?c").matches("ac"))
    }

    @Test("lengths of time are read with their unit and written short")
    func durations() {
        #expect(Duration(text: "5us") == .microseconds(5))
        #expect(Duration(text: "4m") == .seconds(240))
        #expect(Duration(text: "1.5ms") == .microseconds(1500))
        for bad in ["", "5", "us", "-5s", "5 s", "1e300d", "5parsecs"] { #expect(Duration(text: bad) == nil) }
        #expect(Duration.seconds(240).shortText == "4m")
        #expect(Duration.microseconds(12_500).shortText == "12.5ms")
        #expect(Duration.zero.shortText == "0s")
    }

    @Test("money sums exactly and prints cents")
    func money() {
        var sum = Money.zero
        for _ in 0..<1000 { sum += Money(dollars: 0.1) }
        #expect(sum == Money(dollars: 100))
        #expect(Money(dollars: 1234.5).description == "1234.50")
        #expect(Money(dollars: -0.001).description == "0.00")
        #expect(Money(dollars: 1234.5).exact == "1234.50" && Money(dollars: -0.0589).exact == "-0.0589")
    }
}
