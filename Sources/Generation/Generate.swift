import Files
import Foundation
import Numerics
import Units

/// What was made up.
public struct GenerationReport: Sendable, Equatable, CustomStringConvertible {
    /// Names of the files below the folder, with their trades or requests.
    public var files: [(name: String, rows: Int)]
    /// Trades, raw and by the minute.
    public var trades: Int
    public var requests: Int

    /// A line for the user.
    public var description: String {
        "\(files.count) files: \(trades) trades, \(requests) requests; truth.json lists the planted events"
    }

    /// Whether two reports say the same.
    public static func == (one: GenerationReport, other: GenerationReport) -> Bool {
        one.trades == other.trades && one.requests == other.requests
            && one.files.elementsEqual(other.files) { $0.name == $1.name && $0.rows == $1.rows }
    }
}

/// Makes up the logs of an exchange: `trades/` and `access/` by the day, `history.csv` for hours that are not raw, and
/// `truth.json` with all that a forecaster would like to know.
///
/// The files follow from the settings alone. They are put together beside the folder that was asked for and switched into
/// place at the end (`ResultFolder`), so that a run that fails leaves nothing.
///
/// - Parameters:
///   - settings: What to make up.
///   - folder: Where to; made if need be; files of an earlier `generate` there are replaced, others stay.
/// - Returns: What was made.
/// - Throws: `GenerationError` for settings out of range, `ResultFolderError`, an error of the file system.
public func generate(_ settings: GenerationSettings, into folder: String) throws -> GenerationReport {
    try settings.validate()
    let result = try ResultFolder(path: folder, command: "generate")
    let report = try write(settings, into: result.path)
    try result.finish()
    return report
}

private func write(_ settings: GenerationSettings, into folder: String) throws -> GenerationReport {
    let levels = LevelModel(settings)
    let trades = TradeFiles(settings: settings, levels: levels)
    var report = GenerationReport(files: [], trades: 0, requests: 0)
    let history = try HistoryFile(settings: settings, levels: levels).write(into: folder)
    report.trades = history.reduce(0, +)
    if report.trades > 0 { report.files.append(("history.csv", report.trades)) }
    let written = try Parallel.map(settings.symbols, threads: settings.threads) { symbol in
        try trades.write(symbol: symbol, into: folder)
    }
    for file in written.flatMap({ $0 }) {
        report.files.append((file.name, file.trades))
        report.trades += file.trades
    }
    if settings.requestsPerTrade > 0 {
        let access = AccessFiles(settings: settings, levels: levels)
        for day in settings.rawDayList {
            let file = try access.write(day: day, into: folder)
            report.files.append((file.name, file.requests))
            report.requests += file.requests
        }
    }
    let truth = try Truth(settings: settings, levels: levels, report: report).json()
    try truth.write(to: URL(filePath: folder + "/truth.json"))
    return report
}
