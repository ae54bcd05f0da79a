import Foundation
import Tape
import Units

/// What a slow, obvious reader of a file finds: counts by series and second (or start of a bar).
struct Tally: Equatable {
    var counts: [String: [Int64: Double]] = [:]
    var rows = 0
    var accepted = 0
    var duplicates = 0
    /// Sums over all rows, in whatever the format has: quantities, bytes.
    var quantity = 0.0
    var bytes = 0.0
    /// Trades whose taker bought.
    var buys = 0
    /// Requests by first digit of their status, 429 apart.
    var statuses: [String: Int] = [:]
    private var ids: Set<String> = []

    /// Counts one event; false where its id was there before.
    mutating func add(_ series: String, _ second: Int64, id: String? = nil, count: Double = 1) -> Bool {
        rows += 1
        if let id, !ids.insert(series + "|" + id).inserted {
            duplicates += 1
            return false
        }
        accepted += 1
        counts[series, default: [:]][second, default: 0] += count
        return true
    }

    /// Counts a row that is no row of the format.
    mutating func reject() { rows += 1 }

    /// Counts a status.
    mutating func add(status: Int) {
        let name = status == 429 ? "429" : (200..<600).contains(status) ? "\(status / 100)xx" : "none"
        statuses[name, default: 0] += 1
    }

    /// What a tape holds, told in the same way.
    static func of(_ tape: Tape) throws -> (counts: [String: [Int64: Double]], sums: Tally) {
        var counts: [String: [Int64: Double]] = [:]
        var sums = Tally()
        for summary in tape.series {
            let read = try tape.read(summary.id)
            for (index, row) in read.rows.enumerated() {
                // Bars of nothing that fill the gaps between others are not in the file.
                if row.y == 0, !read.isEvents[index] { continue }
                counts[summary.id.description, default: [:]][row.start, default: 0] += row.y
                sums.buys += Int(row.buys)
                sums.bytes += Double(row.bytes)
                let statuses = row.statuses
                for (name, count) in [
                    ("2xx", statuses.success), ("3xx", statuses.redirect), ("4xx", statuses.clientError),
                    ("429", statuses.tooManyRequests), ("5xx", statuses.serverError),
                ] where count > 0 {
                    sums.statuses[name, default: 0] += Int(count)
                }
            }
            sums.quantity += read.quantities.reduce(0, +)
        }
        return (counts, sums)
    }
}

/// Times the slow way, by Foundation's calendar.
enum SlowTime {
    private static let calendar: Calendar = {
        var calendar = Calendar(identifier: .gregorian)
        calendar.timeZone = TimeZone(secondsFromGMT: 0) ?? .current
        return calendar
    }()
    private static let months = [
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
    ]

    /// Seconds of the numbers in a text: year, month, day, hour, minute, second, whatever stands between
    /// them.
    static func iso(_ text: String) -> Int64 {
        let numbers = text.split { !$0.isNumber }.compactMap { Int($0) }
        return seconds(Array(numbers.prefix(6)))
    }

    /// Seconds of `05/Jan/2026:09:00:00 +0000`.
    static func log(_ text: String) -> Int64 {
        let parts = text.split { "/: ".contains($0) }.map(String.init)
        let month = (months.firstIndex(of: parts[1]) ?? 0) + 1
        let numbers = [parts[2], "\(month)", parts[0], parts[3], parts[4], parts[5]].compactMap {
            Int($0.prefix { $0.isNumber })
        }
        var offset: Int64 = 0
        if parts.count > 6, let zone = Int64(parts[6]) { offset = (zone / 100) * 3600 + (zone % 100) * 60 }
        return seconds(numbers) - offset
    }

    private static func seconds(_ numbers: [Int]) -> Int64 {
        let all = numbers + Array(repeating: 0, count: max(0, 6 - numbers.count))
        let components = DateComponents(
            year: all[0], month: all[1], day: all[2], hour: all[3], minute: all[4], second: all[5])
        return Int64(calendar.date(from: components)?.timeIntervalSince1970 ?? 0)
    }

    /// Seconds of a count since the epoch by its number of digits before a point.
    static func epoch(_ text: String) -> Int64 {
        let whole = text.prefix { $0 != "." }
        let value = Int64(whole) ?? 0
        switch whole.count {
        case ..<12: return value
        case ..<15: return value / 1000
        case ..<18: return value / 1_000_000
        default: return value / 1_000_000_000
        }
    }
}
