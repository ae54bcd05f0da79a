/// Which parameters serve which origin, all counted in steps before the end of the series.
struct FitSchedule: Sendable {
    /// Fits of the origins behind a place lie so many steps apart, where so many values are known at the origin and a
    /// third of them at the fit.
    struct Rule: Sendable {
        let count: Int
        let spacing: Int
    }

    /// The spacing where the history is short.
    let shortSpacing: Int
    /// The spacings of longer histories, by rising length.
    let longer: [Rule]
    /// With parameters that are kept over several origins of a backtest: the steps from fit to fit.
    var refitEvery: Int?

    /// The offset of the fit, never nearer to the end than the origin; `count` values are known at the place.
    func fit(_ offset: Int, for place: Int, count: Int) -> Int {
        if let refitEvery { return (offset + refitEvery - 1) / refitEvery * refitEvery }
        func back(_ spacing: Int) -> Int { (offset - place + spacing - 1) / spacing * spacing }
        let rule = longer.last {
            count - (offset - place) >= $0.count && 3 * (count - back($0.spacing)) >= $0.count
        }
        return place + back(rule?.spacing ?? shortSpacing)
    }
}
