import Forecasting
import Foundation
import Tables

/// How often quantiles were missed beside how often they should have been, in calm and in wild times.
public enum CalibrationPlot {
    /// An SVG file: a line for each regime with its 95 % intervals, and guides at once, half and twice the
    /// nominal share.
    ///
    /// Shares under a fifth of the rarest nominal one are drawn at the lower edge.
    public static func svg(_ calibration: QuantileCalibration) -> String { plot(calibration).svg() }

    static func plot(_ calibration: QuantileCalibration) -> Plot {
        let nominal = calibration.rows.map { 1 - $0.level }
        let rarest = nominal.min() ?? 0.001
        let commonest = nominal.max() ?? 0.5
        let floor = rarest / 5
        let ends = [rarest / 1.4, commonest * 1.4]
        let percent: @Sendable (Double) -> String = { NumberText.percent($0) }
        var layers: [Plot.Layer] = [(1.0, "as nominal"), (0.5, ""), (2, "half and double")].map {
            factor, name in
            .line(name: name, colour: 5, x: ends, y: ends.map { $0 * factor }, dashed: factor != 1)
        }
        let regimes = QuantileCalibration.Regime.allCases.filter { regime in
            calibration.rows.contains { $0.regime == regime }
        }
        for (index, regime) in regimes.enumerated() {
            let rows = calibration.rows.filter { $0.regime == regime }
            // Side by side, so that no interval hides another.
            let aside = pow(1.07, Double(index) - Double(regimes.count - 1) / 2)
            let x = rows.map { (1 - $0.level) * aside }
            let y = rows.map { max($0.missed.value, floor) }
            let colour = [4, 2, 0, 1][index % 4]
            layers += [
                .whiskers(
                    name: "", colour: colour, x: x, lo: rows.map { max($0.missed.lo, floor) },
                    hi: rows.map { max($0.missed.hi, floor) }),
                .points(
                    name: name(regime, rows), colour: colour, x: x, y: y,
                    notes: rows.map {
                        "\(regime.rawValue), \(ForecastSettings.columnName(ofLevel: $0.level)): "
                            + "\(NumberText.percent($0.missed.value)) of \($0.count)"
                    }),
            ]
        }
        return Plot(
            title: "How often quantiles were exceeded, by volatility of the week before",
            x: Axis("nominal share above", scale: .logarithmic, holding: ends, format: percent),
            y: Axis(
                "observed share above", scale: .logarithmic, holding: [floor, commonest * 2.2],
                format: percent),
            layers: layers, height: 440)
    }

    private static func name(_ regime: QuantileCalibration.Regime, _ rows: [QuantileCalibration.Row])
        -> String
    {
        let count = NumberText.figure(Double(rows.map(\.count).max() ?? 0))
        return "\(regime == .all ? "all times" : regime.rawValue) (\(count) values)"
    }
}
