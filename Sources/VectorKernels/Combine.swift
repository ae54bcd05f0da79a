/// The mean of the weighted mean and the weighted median of several forecasts, step by step; they lie one
/// after another.
///
/// The median is the least value up to which, in order, half of the weight lies.
public func combine(
    _ forecasts: UnsafePointer<Double>, members: Int, steps: Int, shares: UnsafePointer<Double>,
    to results: UnsafeMutablePointer<Double>
) {
    var step = 0
    while step &+ 8 <= steps {
        var mean = SIMD8<Double>.zero
        var median = SIMD8<Double>(repeating: .infinity)
        for member in 0..<members {
            let value = lanes(forecasts + (member &* steps &+ step))
            mean += shares[member] * value
            var share = SIMD8<Double>.zero
            for other in 0..<members {
                let next = lanes(forecasts + (other &* steps &+ step))
                let comes = other <= member ? next .<= value : next .< value
                share += SIMD8<Double>.zero.replacing(with: SIMD8(repeating: shares[other]), where: comes)
            }
            median.replace(with: value, where: (share .>= 0.5) .& (value .< median))
        }
        let middle = mean.replacing(with: (mean + median) / 2, where: median .< Double.infinity)
        store(middle, to: results + step)
        step &+= 8
    }
    while step < steps {
        var (mean, median) = (0.0, Double.infinity)
        for member in 0..<members {
            let value = forecasts[member &* steps &+ step]
            mean += shares[member] * value
            var share = 0.0
            for other in 0..<members {
                let next = forecasts[other &* steps &+ step]
                if other <= member ? next <= value : next < value { share += shares[other] }
            }
            if share >= 0.5, value < median { median = value }
        }
        results[step] = median < Double.infinity ? (mean + median) / 2 : mean
        step &+= 1
    }
}
