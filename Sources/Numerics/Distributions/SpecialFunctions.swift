import Foundation

/// Functions of probability theory that the C library lacks.
public enum SpecialFunctions {
    /// Φ⁻¹(0.975): standard deviations on each side of a 95 % interval of a normal distribution.
    public static let normal95 = 1.959964

    /// The standard normal distribution function.
    public static func normalCDF(_ x: Double) -> Double {
        0.5 * erfc(-x / 2.0.squareRoot())
    }

    /// The standard normal quantile: Acklam's rational approximation with one step of Halley's method, to about 1e-15.
    public static func normalQuantile(_ p: Double) -> Double {
        guard p > 0 else { return -.infinity }
        guard p < 1 else { return .infinity }
        let a = [
            -3.969683028665376e+01, 2.209460984245205e+02, -2.759285104469687e+02, 1.383577518672690e+02,
            -3.066479806614716e+01, 2.506628277459239e+00,
        ]
        let b = [
            -5.447609879822406e+01, 1.615858368580409e+02, -1.556989798598866e+02, 6.680131188771972e+01,
            -1.328068155288572e+01,
        ]
        let c = [
            -7.784894002430293e-03, -3.223964580411365e-01, -2.400758277161838e+00, -2.549732539343734e+00,
            4.374664141464968e+00, 2.938163982698783e+00,
        ]
        let d = [7.784695709041462e-03, 3.224671290700398e-01, 2.445134137142996e+00, 3.754408661907416e+00]
        func polynomial(_ coefficients: [Double], _ x: Double) -> Double {
            coefficients.reduce(0) { $0 * x + $1 }
        }
        var x: Double
        if p < 0.02425 || p > 1 - 0.02425 {
            let q = (-2 * log(min(p, 1 - p))).squareRoot()
            x = polynomial(c, q) / (polynomial(d, q) * q + 1)
            if p > 0.5 { x = -x }
        } else {
            let q = p - 0.5
            let r = q * q
            x = polynomial(a, r) * q / (polynomial(b, r) * r + 1)
        }
        let error = normalCDF(x) - p
        let step = error * (2 * Double.pi).squareRoot() * exp(x * x / 2)
        x -= step / (1 + x * step / 2)
        return x
    }

    /// The regularised incomplete beta function I_x(a, b) by its continued fraction (Lentz's method).
    public static func incompleteBeta(_ x: Double, a: Double, b: Double) -> Double {
        guard x > 0 else { return 0 }
        guard x < 1 else { return 1 }
        if x > (a + 1) / (a + b + 2) { return 1 - incompleteBeta(1 - x, a: b, b: a) }
        let front = exp(lgamma(a + b) - lgamma(a) - lgamma(b) + a * log(x) + b * log1p(-x)) / a
        let tiny = 1e-300
        var c = 1.0
        var d = 1 - (a + b) * x / (a + 1)
        d = 1 / (abs(d) < tiny ? tiny : d)
        var fraction = d
        for m in 1...500 {
            let k = Double(m)
            for numerator in [
                k * (b - k) * x / ((a + 2 * k - 1) * (a + 2 * k)),
                -(a + k) * (a + b + k) * x / ((a + 2 * k) * (a + 2 * k + 1)),
            ] {
                d = 1 + numerator * d
                d = 1 / (abs(d) < tiny ? tiny : d)
                c = 1 + numerator / c
                if abs(c) < tiny { c = tiny }
                fraction *= c * d
            }
            if abs(c * d - 1) < 1e-15 { break }
        }
        return front * fraction
    }

    /// Student's t distribution function.
    public static func studentCDF(_ t: Double, degreesOfFreedom: Double) -> Double {
        let tail =
            0.5
            * incompleteBeta(degreesOfFreedom / (degreesOfFreedom + t * t), a: degreesOfFreedom / 2, b: 0.5)
        return t > 0 ? 1 - tail : tail
    }

    /// Student's t quantile, by bisection on its distribution function.
    public static func studentQuantile(_ p: Double, degreesOfFreedom: Double) -> Double {
        guard p > 0, p < 1, degreesOfFreedom > 0 else { return .nan }
        var hi = 1.0
        while studentCDF(hi, degreesOfFreedom: degreesOfFreedom) < max(p, 1 - p), hi < 1e12 { hi *= 2 }
        let magnitude = Solvers.bisect(from: 0, to: hi) {
            studentCDF($0, degreesOfFreedom: degreesOfFreedom) - max(p, 1 - p)
        }
        return p >= 0.5 ? magnitude : -magnitude
    }

    /// Erlang's loss formula: the share of arrivals that find all `servers` busy and leave.
    public static func erlangB(servers: Int, offeredLoad: Double) -> Double {
        guard offeredLoad > 0 else { return 0 }
        var inverse = 1.0
        for k in 1...max(1, servers) { inverse = 1 + inverse * Double(k) / offeredLoad }
        return 1 / inverse
    }

    /// Erlang's delay formula: the share of arrivals to M/M/c that wait; 1 where the load is not below the servers.
    public static func erlangC(servers: Int, offeredLoad: Double) -> Double {
        guard offeredLoad < Double(servers) else { return 1 }
        let loss = erlangB(servers: servers, offeredLoad: offeredLoad)
        let utilisation = offeredLoad / Double(servers)
        return loss / (1 - utilisation * (1 - loss))
    }
}
