import Forecasting
import Foundation
import Testing

@Suite("Tails that others have fitted and printed")
struct PublishedTailTests {
    @Test("daily rainfall: parameters, errors, return level and its profile interval as Coles prints them")
    func rainfall() throws {
        // Coles (2001), section 4.4.1: 48 years of daily rainfall in the south-west of England, threshold 30 mm,
        // 152 exceedances in 17,531 days; scale 7.44, shape 0.184 with standard error 0.101, log-likelihood
        // −485.1; once in 100 years 106.3 mm, by the profile likelihood 81 to 185.
        let excesses = PublishedTailTests.rainfallTenths.map { Double($0) / 10 - 30 }
        let fit = try ReturnLevels(excesses: excesses, threshold: 30, days: 17_531)
        #expect(fit.clusterCount == 152)
        #expect(abs(fit.tail.scale - 7.44) < 0.005)
        #expect(abs(fit.tail.shape - 0.184) < 0.001)
        #expect(abs(excesses.reduce(0) { $0 + fit.tail.logDensity($1) } + 485.1) < 0.05)
        let level = try #require(fit.level(days: 36_525, isCorrected: false))
        #expect(abs(level.value - 106.3) < 0.1)
        #expect(abs(level.lo - 81) < 0.5 && abs(level.hi - 185) < 0.5)
        // What is told beside it is wider, by little for so many peaks.
        let told = try #require(fit.level(days: 36_525))
        #expect(told.value == level.value && told.lo < level.lo)
        #expect(told.hi > level.hi && told.hi < 1.05 * level.hi)
    }

    @Test("fire insurance claims: the heavy tail that McNeil prints")
    func fire() throws {
        // McNeil (1997), table 2: Danish claims over 20 million kroner, 36 of 2167 in 11 years; shape 0.68.
        let claims = [
            20.05, 20.453, 20.827, 20.864, 20.97, 21.962, 22.138, 22.258, 23.284, 24.555, 24.579, 24.97,
            25.288, 25.954, 26.215, 27.263, 27.338, 27.829, 28.63, 29.026, 29.037, 31.056, 32.388, 32.468,
            34.142, 38.154, 42.091, 46.5, 47.02, 50.066, 56.225, 57.411, 65.707, 144.658, 152.413, 263.25,
        ]
        let fit = try ReturnLevels(excesses: claims.map { $0 - 20 }, threshold: 20, days: 4018)
        #expect(abs(fit.tail.shape - 0.68) < 0.005)
        #expect(abs(fit.tail.scale - 9.63) < 0.01)
        // Five years' level lies among the claims, well inside a wide interval.
        let level = try #require(fit.level(days: 1826))
        #expect(level.value > 65 && level.value < 144)
        #expect(level.lo > 45 && level.hi > 144)
    }

    @Test("yearly sea levels of Port Pirie: parameters, likelihood and return levels as Coles prints them")
    func portPirie() throws {
        // Coles (2001), section 3.4.1: 65 years; location 3.87, scale 0.198, shape −0.050, log-likelihood 4.34; once in
        // ten years 4.30 m, by the profile likelihood up to 4.45; once in a hundred 4.69, up to 5.27.
        let fit = try BlockMaxima(PublishedTailTests.portPirieCentimetres.map { Double($0) / 100 })
        #expect(fit.count == 65)
        #expect(abs(fit.distribution.location - 3.8748) < 0.0002)
        #expect(abs(fit.distribution.scale - 0.1980) < 0.0002)
        #expect(abs(fit.distribution.shape + 0.0501) < 0.0005)
        #expect(abs(fit.logLikelihood - 4.339) < 0.001)
        let decade = try #require(fit.level(blocks: 10))
        #expect(abs(decade.value - 4.296) < 0.001)
        #expect(abs(decade.lo - 4.205) < 0.002 && abs(decade.hi - 4.445) < 0.002)
        let century = try #require(fit.level(blocks: 100))
        #expect(abs(century.value - 4.688) < 0.001)
        #expect(abs(century.lo - 4.490) < 0.003 && abs(century.hi - 5.261) < 0.005)
        #expect(fit.level(blocks: 1) == nil)
    }

    @Test("yearly sea levels of Fremantle: the end that the tail has")
    func fremantle() throws {
        // Coles (2001), example 1.3 and section 6.3: 86 years between 1897 and 1989 without a trend; location 1.482,
        // scale 0.141, shape −0.217, log-likelihood 43.6.
        let fit = try BlockMaxima(PublishedTailTests.fremantleCentimetres.map { Double($0) / 100 })
        #expect(fit.count == 86)
        #expect(abs(fit.distribution.location - 1.4823) < 0.0002)
        #expect(abs(fit.distribution.scale - 0.1413) < 0.0002)
        #expect(abs(fit.distribution.shape + 0.2174) < 0.0005)
        #expect(abs(fit.logLikelihood - 43.567) < 0.001)
        let century = try #require(fit.level(blocks: 100))
        #expect(abs(century.value - 1.893) < 0.001)
        #expect(abs(century.lo - 1.834) < 0.002 && abs(century.hi - 2.022) < 0.003)
    }

    @Test("too few maxima, or equal ones, are a reason")
    func noMaxima() {
        #expect(throws: ModelFailure.self) { try BlockMaxima([1, 2, 3, .nan]) }
        #expect(throws: ModelFailure.self) { try BlockMaxima([Double](repeating: 2, count: 40)) }
    }

    /// The highest sea level of each year from 1923 to 1987, in centimetres (data set `portpirie` of the R package
    /// ismev).
    private static let portPirieCentimetres = [
        403, 383, 365, 388, 401, 408, 418, 380, 436, 396, 398, 469, 385, 396, 385, 393, 375, 363, 357, 425,
        397, 405, 424, 422, 373, 437, 406, 371, 396, 406, 455, 379, 389, 411, 385, 386, 386, 421, 401, 411,
        424, 396, 421, 374, 385, 388, 366, 411, 371, 418, 390, 378, 391, 372, 400, 366, 362, 433, 455, 375,
        408, 390, 388, 394, 433,
    ]

    /// The highest sea level of each year with data from 1897 to 1989, in centimetres (data set `fremantle` of the R
    /// package ismev).
    private static let fremantleCentimetres = [
        158, 171, 140, 134, 143, 119, 155, 134, 137, 146, 192, 137, 119, 140, 128, 152, 152, 158, 149, 165,
        137, 149, 146, 134, 174, 162, 146, 171, 174, 155, 143, 162, 149, 158, 134, 137, 162, 131, 143, 149,
        155, 171, 149, 146, 152, 158, 165, 149, 152, 152, 149, 162, 186, 158, 162, 146, 143, 146, 162, 168,
        183, 162, 146, 158, 177, 162, 171, 146, 160, 150, 160, 190, 170, 140, 180, 137, 146, 161, 143, 167,
        162, 157, 156, 146, 170, 151,
    ]

    /// The 152 days with more than 30 mm, in tenths of a millimetre, lowest first.
    private static let rainfallTenths = [
        302, 302, 302, 305, 305, 305, 305, 305, 305, 305, 305, 305, 305, 305, 305, 305, 305, 307, 310, 310,
        310,
        312, 312, 312, 317, 318, 318, 318, 318, 318, 318, 318, 318, 318, 318, 318, 320, 320, 320, 323, 323,
        325,
        325, 325, 328, 330, 330, 330, 330, 330, 330, 330, 333, 335, 335, 335, 335, 335, 335, 338, 338, 340,
        340,
        340, 343, 343, 343, 343, 343, 348, 348, 351, 353, 353, 353, 353, 353, 356, 356, 356, 356, 356, 356,
        361,
        363, 363, 366, 366, 368, 368, 371, 373, 376, 376, 378, 381, 381, 381, 381, 381, 384, 384, 391, 394,
        394,
        394, 394, 399, 401, 406, 409, 409, 419, 419, 424, 427, 429, 432, 434, 442, 445, 445, 452, 457, 457,
        457,
        470, 470, 470, 475, 478, 478, 485, 485, 488, 513, 513, 516, 533, 549, 554, 559, 559, 592, 594, 594,
        673,
        724, 767, 833, 853, 866,
    ]
}
