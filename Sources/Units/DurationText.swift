extension Duration {
    /// Reads a length of time with its unit: `250ns`, `5us`, `1.5ms`, `20s`, `4m`, `1h`, `7d`, `2w`.
    ///
    /// Returns nil where the number or the unit is missing or unknown, or the length is negative or over 1,000 years.
    public init?(text: some StringProtocol) {
        let number = text.prefix { $0.isNumber || $0 == "." || $0 == "-" }
        guard let value = Double(decimal: number), value >= 0 else { return nil }
        // Fractions of a second are divided by a power of ten, which rounds once: 150us is the number 150e-6.
        let unit: Double
        var parts = 1.0
        switch text.dropFirst(number.count) {
        case "ns": (unit, parts) = (1, 1e9)
        case "us", "µs", "μs": (unit, parts) = (1, 1e6)
        case "ms": (unit, parts) = (1, 1e3)
        case "s": unit = 1
        case "m", "min": unit = 60
        case "h": unit = 3600
        case "d": unit = 86_400
        case "w": unit = 604_800
        default: return nil
        }
        guard value * unit / parts <= 3.2e10 else { return nil }
        self = .nanoseconds(0) + .seconds(value * unit / parts)
    }

    /// The length in seconds.
    public var inSeconds: Double {
        Double(components.seconds) + Double(components.attoseconds) / 1e18
    }

    /// The length in the largest unit that keeps it at or above 1, with up to three significant digits: `4m`, `12.5ms`.
    public var shortText: String {
        let seconds = inSeconds
        let units: [(String, Double)] = [
            ("d", 86_400), ("h", 3600), ("m", 60), ("s", 1), ("ms", 1e-3), ("us", 1e-6), ("ns", 1e-9),
        ]
        guard seconds != 0 else { return "0s" }
        let (name, unit) = units.first { abs(seconds) >= $0.1 * 0.9995 } ?? ("ns", 1e-9)
        let value = seconds / unit
        let scale = abs(value) >= 100 ? 1.0 : abs(value) >= 10 ? 10.0 : 100.0
        let rounded = (value * scale).rounded() / scale
        return (rounded == rounded.rounded() ? String(Int64(saturating: rounded)) : String(rounded)) + name
    }
}
