import Foundation
import Ingest
import Tape
import TestSupport
import Units

/// Ingests paths into a tape below a folder and returns the report.
func ingest(
    _ paths: [String], _ tape: String, _ change: (inout IngestOptions) -> Void = { _ in }
) throws -> IngestReport {
    var options = IngestOptions()
    change(&options)
    return try Ingestor(options).ingest(paths, into: tape)
}

/// The events of a series over all resolutions.
func events(_ tape: String, _ id: String) throws -> Int64 {
    try Tape.open(tape).summary(of: SeriesID(id))?.resolutions.reduce(0) { $0 + $1.events } ?? 0
}

/// Every file below a folder with its bytes, the lock excepted.
func contents(_ folder: String) throws -> [String: Data] {
    var result: [String: Data] = [:]
    for name in try FileManager.default.subpathsOfDirectory(atPath: folder) where name != "lock" {
        var isFolder: ObjCBool = false
        _ = FileManager.default.fileExists(atPath: folder + "/" + name, isDirectory: &isFolder)
        if !isFolder.boolValue { result[name] = try Data(contentsOf: URL(filePath: folder + "/" + name)) }
    }
    return result
}

/// Runs a tool on a file, as `gzip -k file`.
func run(_ tool: String, _ arguments: String...) throws {
    let process = Process()
    process.executableURL = URL(filePath: "/usr/bin/env")
    process.arguments = [tool] + arguments
    try process.run()
    process.waitUntilExit()
}

/// A text file, unpacked by `gzip` where its name ends in `.gz`, as lines.
func lines(of path: String) throws -> [Substring] {
    let data: Data
    if path.hasSuffix(".gz") {
        let process = Process()
        let pipe = Pipe()
        process.executableURL = URL(filePath: "/usr/bin/env")
        process.arguments = ["gzip", "-dc", path]
        process.standardOutput = pipe
        try process.run()
        data = pipe.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
    } else {
        data = try Data(contentsOf: URL(filePath: path))
    }
    return String(decoding: data, as: UTF8.self).split(whereSeparator: \.isNewline)
}

/// Binance trades with rising ids, as text rows.
func tradeRows(_ count: Int, seed: UInt64, firstID: Int = 1, spanSeconds: Int = 100_000) -> [String] {
    var random = SplitMix64(seed: seed)
    var times = (0..<count).map { _ in
        1_723_075_200_000 + Int.random(in: 0..<spanSeconds * 1000, using: &random)
    }
    times.sort()
    return times.enumerated().map { index, time in
        let price = Double(Int.random(in: 5_000_000...7_000_000, using: &random)) / 100
        let quantity = Double(Int.random(in: 1...100_000, using: &random)) / 100_000
        return "\(firstID + index),\(price),\(quantity),0.5,\(time),\(Bool.random(using: &random))"
    }
}

let tradeHeader = "id,price,qty,quote_qty,time,is_buyer_maker"
