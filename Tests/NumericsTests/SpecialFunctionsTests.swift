import Foundation
import Numerics
import Testing

@Suite("Distributions")
struct SpecialFunctionsTests {
    @Test(
        "Student's t matches printed tables",
        arguments: [(1.0, 12.706), (4, 2.776), (9, 2.262), (19, 2.093), (99, 1.984)])
    func student(degrees: Double, expected: Double) {
        #expect(abs(SpecialFunctions.studentQuantile(0.975, degreesOfFreedom: degrees) - expected) < 5e-4)
        #expect(abs(SpecialFunctions.studentQuantile(0.025, degreesOfFreedom: degrees) + expected) < 5e-4)
    }

    @Test("the normal quantile inverts the distribution function")
    func normal() {
        for p in [1e-9, 1e-4, 0.025, 0.3, 0.5, 0.9, 0.999, 1 - 1e-9] {
            #expect(abs(SpecialFunctions.normalCDF(SpecialFunctions.normalQuantile(p)) - p) < 1e-13)
        }
        #expect(abs(SpecialFunctions.normalQuantile(0.975) - 1.959963984540054) < 1e-12)
    }

    @Test("Erlang's formulas match printed values")
    func erlang() {
        // Ten erlangs on ten servers: 0.2146 lost; eight erlangs on ten servers: 0.4092 wait (Kleinrock's tables).
        #expect(abs(SpecialFunctions.erlangB(servers: 10, offeredLoad: 10) - 0.2146) < 5e-5)
        #expect(abs(SpecialFunctions.erlangC(servers: 10, offeredLoad: 8) - 0.4092) < 5e-5)
        #expect(abs(SpecialFunctions.erlangC(servers: 1, offeredLoad: 0.7) - 0.7) < 1e-12)
        #expect(SpecialFunctions.erlangC(servers: 2, offeredLoad: 3) == 1)
    }
}

@Suite("Random numbers")
struct RandomTests {
    @Test("have the moments that they are drawn for")
    func moments() {
        var random = Random(seed: 42)
        let count = 200_000
        func check(_ name: String, mean: Double, variance: Double, _ draw: (inout Random) -> Double) {
            let values = (0..<count).map { _ in draw(&random) }
            let error = (variance / Double(count)).squareRoot()
            #expect(abs(Summary.mean(values) - mean) < 4.5 * error, "\(name)")
            #expect(abs(Summary.variance(values) / variance - 1) < 0.1, "\(name)")
        }
        check("uniform", mean: 0.5, variance: 1.0 / 12) { $0.uniform() }
        check("exponential", mean: 1, variance: 1) { $0.exponential() }
        check("normal", mean: 0, variance: 1) { $0.normal() }
        check("lognormal", mean: 1, variance: 1) { $0.lognormal(coefficientOfVariation: 1) }
        check("gamma 0.25", mean: 0.25, variance: 0.25) { $0.gamma(shape: 0.25) }
        check("gamma 3", mean: 3, variance: 3) { $0.gamma(shape: 3) }
        check("Poisson 4", mean: 4, variance: 4) { Double($0.poisson(mean: 4)) }
        check("Poisson 300", mean: 300, variance: 300) { Double($0.poisson(mean: 300)) }
    }

    @Test("repeat for a seed and differ between streams")
    func streams() {
        var one = Random(seed: 7, stream: 1)
        var again = Random(seed: 7, stream: 1)
        var other = Random(seed: 7, stream: 2)
        let draws = (0..<100).map { _ in one.next() }
        #expect(draws == (0..<100).map { _ in again.next() })
        #expect(draws != (0..<100).map { _ in other.next() })
    }
}

@Suite("Statistics")
struct SummaryTests {
    @Test("quantiles interpolate as R's type 7")
    func quantiles() {
        #expect(abs(Summary.quantile([1, 2, 3, 4, 10], 0.9) - 7.6) < 1e-12)
        #expect(Summary.median([3, 1, 2]) == 2)
        #expect(Summary.quantile([Double](), 0.5).isNaN)
    }

    @Test("the interval of replications covers a skewed mean about 95 times in 100")
    func coverage() {
        var hits = 0
        for seed in 0..<1000 {
            var random = Random(seed: UInt64(seed), stream: 9)
            let values = (0..<20).map { _ in random.gamma(shape: 2) }
            if Summary.interval(ofReplications: values).covers(2) { hits += 1 }
        }
        #expect((930...970).contains(hits), "\(hits)")
    }

    @Test("Wilson's interval matches a printed example")
    func wilson() {
        // Newcombe 1998, Table I: 81 of 263 gives 0.2553 to 0.3662.
        let interval = Summary.shareInterval(hits: 81, of: 263)
        #expect(abs(interval.lo - 0.2553) < 5e-5)
        #expect(abs(interval.hi - 0.3662) < 5e-5)
    }
}

@Suite("Linear algebra")
struct CholeskyTests {
    @Test("solves a small system exactly and refuses an indefinite one")
    func solves() throws {
        let matrix = [4.0, 2, 0.6, 2, 5, 1, 0.6, 1, 3]
        let solution = [1.0, -2, 0.5]
        var right = (0..<3).map { row in (0..<3).reduce(0) { $0 + matrix[row * 3 + $1] * solution[$1] } }
        try #require(Cholesky(matrix, order: 3)).solve(&right)
        for (found, wanted) in zip(right, solution) { #expect(abs(found - wanted) < 1e-12) }
        #expect(Cholesky([1, 2, 2, 1], order: 2) == nil)
    }

    @Test("products agree with the definition")
    func products() {
        let a = [1.0, 2, 3, 4, 5, 6]
        let b = [1.0, 0, 2, -1, 3, 1]
        #expect(Matrix.transposedProduct(a, b, rows: 3, columnsA: 2, columnsB: 2) == [22, 2, 28, 2])
        #expect(Matrix.product(a, b, rows: 3, inner: 2, columns: 3) == [-1, 6, 4, -1, 12, 10, -1, 18, 16])
    }
}
