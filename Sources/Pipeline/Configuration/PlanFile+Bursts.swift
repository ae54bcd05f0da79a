import Exchange

extension FieldType where Value == PlanFile.Bursts {
    /// A word, or an object with a profile.
    static var bursts: FieldType {
        let words = FieldType<Bool>.words(no: "measured", yes: "poisson").map(
            back: { $0 == .poisson }, { $0 ? PlanFile.Bursts.poisson : .measured })
        let profile = FieldType<BurstProfile>.object(BurstProfile.spec)
        return FieldType(
            .either(words.shape, profile.shape),
            write: { bursts in
                if case .profile(let given) = bursts { return profile.write(given) }
                return words.write(bursts)
            }
        ) { json, file throws(ConfigurationError) in
            if json.string != nil { return try words.read(json, file) }
            var given = try profile.read(json, file)
            guard given.measuredRatePerSecond > 0, !given.points.isEmpty else {
                throw file.error(json.place, "a profile of bursts needs a rate and points")
            }
            given.points.sort { $0.windowSeconds < $1.windowSeconds }
            return .profile(given)
        }
    }
}

extension BurstProfile {
    fileprivate static let spec = ObjectSpec(
        BurstProfile(measuredRatePerSecond: 0, points: [], origin: "the plan file"),
        "How strongly arrivals bunch: the index of dispersion of counts by window.",
        [
            .required(
                "rate", \.measuredRatePerSecond, .number(1e-6...1e9),
                "Arrivals a second at which the points were measured."),
            .required(
                "points", \.points, .list(.object(Point.spec), atLeast: 1),
                "Windows, each with its dispersion."),
        ])
}

extension BurstProfile.Point {
    fileprivate static let spec = ObjectSpec(
        BurstProfile.Point(windowSeconds: 1, indexOfDispersion: 1), "One window.",
        [
            .required("window", \.windowSeconds, .duration(1e-6...3600), "Its length."),
            .required(
                "dispersion", \.indexOfDispersion, .number(0...1e9),
                "Variance of the counts over their mean."),
        ])
}
