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
        let level = try #require(fit.level(days: 36_525))
        #expect(abs(level.value - 106.3) < 0.1)
        #expect(abs(level.lo - 81) < 0.5 && abs(level.hi - 185) < 0.5)
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
