import Planning
import Tables
import Units

extension Exports {
    /// The maintenance windows as iCalendar (RFC 5545), the safest first, all tentative until somebody takes one.
    func maintenanceCalendar() -> String {
        var lines = [
            "BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Highwater//capacity plan//EN", "CALSCALE:GREGORIAN",
            "METHOD:PUBLISH",
        ]
        for window in plan.maintenance {
            let load = NumberText.percent(window.loadShare)
            let broken = NumberText.percent(window.probabilityBrokenZoneOut)
            lines += [
                "BEGIN:VEVENT",
                "UID:\(Exports.calendarTime(window.start))-\(window.rank)@highwater",
                "DTSTAMP:\(Exports.calendarTime(start))",
                "DTSTART:\(Exports.calendarTime(window.start))",
                "DTEND:\(Exports.calendarTime(window.end))",
                "SUMMARY:" + Exports.calendarText("\(name): maintenance window \(window.rank)"),
                "DESCRIPTION:"
                    + Exports.calendarText(
                        "Load \(load) of the mean over the horizon. With a zone down, \(broken) of paths "
                            + "break some objective. Tightest tier: \(window.tightestTier)."),
            ]
            if let warning { lines.append("COMMENT:" + Exports.calendarText(warning)) }
            lines += [
                "STATUS:TENTATIVE", "TRANSP:TRANSPARENT", "PRIORITY:\(min(9, window.rank))", "END:VEVENT",
            ]
        }
        lines.append("END:VCALENDAR")
        return lines.map { Exports.folded($0) + "\r\n" }.joined()
    }

    /// `20260126T040000Z`.
    private static func calendarTime(_ time: Timestamp) -> String {
        Timestamp(seconds: time.seconds).description.filter { $0 != "-" && $0 != ":" }
    }

    private static func calendarText(_ text: String) -> String {
        var result = ""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\\", ";", ",": result += "\\\(scalar)"
            case "\n": result += "\\n"
            default: result += scalar.properties.generalCategory == .control ? " " : String(scalar)
            }
        }
        return result
    }

    /// A line cut into pieces of at most 75 octets, as RFC 5545 asks, never inside a character.
    private static func folded(_ line: String) -> String {
        var result = ""
        var octets = 0
        for scalar in line.unicodeScalars {
            let size = String(scalar).utf8.count
            if octets + size > 75 {
                result += "\r\n "
                octets = 1
            }
            result.unicodeScalars.append(scalar)
            octets += size
        }
        return result
    }
}
