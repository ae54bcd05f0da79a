import Units

/// Times that name their month: `05/Jan/2026:09:00:00 +0000`, `Mon, 05 Jan 2026 09:00:00 GMT`, `5-Jan-2026 09:00`,
/// `Jan 5, 2026 9:00:00 PM`, `Mon Jan  5 09:00:00 2026`.
enum NamedMonthTime {
    /// Reads one; nil for anything else, a date of numbers alone (`05/01/2026`) included: it may be of two days.
    static func read(_ field: Bytes) -> WrittenTime? {
        guard field.count >= 10, field.count <= 48 else { return nil }
        var reader = Reader(field: field)
        reader.skipWeekday()
        var date = Parts()
        guard reader.readDate(&date) else { return nil }
        var time = WrittenTime(seconds: 0)
        if !reader.isAtEnd {
            guard let read = TimeOfDay.read(field, &reader.position) else { return nil }
            time = read
        }
        if date.year == nil {
            // `Mon Jan  5 09:00:00 2026`: the year is last, perhaps behind the zone.
            reader.skipSeparators()
            if let word = reader.word(), let offset = TimeOfDay.zone(word) {
                time.offset = offset
                reader.skipSeparators()
            }
            date.year = reader.number(4)
        }
        guard let year = date.year, (1970..<2200).contains(year),
            let day = CivilDate(year: year, month: date.month, day: date.day)
        else { return nil }
        time.seconds += day.daysSinceEpoch * 86_400
        guard TimeOfDay.finish(field, reader.position, &time) else { return nil }
        return time
    }

    private struct Parts {
        var year: Int?
        var month = 0
        var day = 0
    }

    private struct Reader {
        let field: Bytes
        var position = 0

        var isAtEnd: Bool { position >= field.count }

        /// Steps over blanks, commas, slashes, hyphens and the colon of access logs.
        mutating func skipSeparators() {
            while position < field.count, [0x20, 0x2C, 0x2F, 0x2D, 0x3A, 0x54].contains(field[position]) {
                // A `T` parts date and time only where digits follow.
                if field[position] == 0x54,
                    position + 1 >= field.count || field[position + 1] &- 0x30 >= 10
                {
                    return
                }
                position += 1
            }
        }

        mutating func word() -> Bytes? {
            let start = position
            while position < field.count, (field[position] | 0x20) &- 0x61 < 26 { position += 1 }
            return position > start ? Bytes(rebasing: field[start..<position]) : nil
        }

        mutating func number(_ digits: Int) -> Int? {
            let start = position
            while position < field.count, position - start < digits, field[position] &- 0x30 < 10 {
                position += 1
            }
            return position > start ? ISOTime.digits(field, start, position - start) : nil
        }

        mutating func skipWeekday() {
            let start = position
            if let word = word(), word.count >= 3, NamedMonthTime.index(word, NamedMonthTime.weekdays) != nil
            {
                skipSeparators()
            } else {
                position = start
            }
        }

        /// Day, month and year, or month, day and perhaps a year.
        mutating func readDate(_ date: inout Parts) -> Bool {
            if let word = word() {
                guard let month = NamedMonthTime.index(word, NamedMonthTime.months) else { return false }
                date.month = month + 1
                skipSeparators()
                guard let day = number(2) else { return false }
                date.day = day
                skipSeparators()
                // Four digits are a year, two and a colon the hour.
                if ISOTime.digits(field, position, 4) != nil { date.year = number(4) }
            } else {
                guard let day = number(2) else { return false }
                date.day = day
                skipSeparators()
                guard let word = word(), let month = NamedMonthTime.index(word, NamedMonthTime.months) else {
                    return false
                }
                date.month = month + 1
                skipSeparators()
                guard ISOTime.digits(field, position, 4) != nil else { return false }
                date.year = number(4)
            }
            skipSeparators()
            return true
        }
    }

    private static let months = [
        "january", "february", "march", "april", "may", "june", "july", "august", "september", "october",
        "november", "december",
    ].map { Array($0.utf8) }

    private static let weekdays = [
        "monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday",
    ].map { Array($0.utf8) }

    /// The name that a word is, whole or cut to at least three letters.
    private static func index(_ word: Bytes, _ names: [[UInt8]]) -> Int? {
        guard word.count >= 3 else { return nil }
        return names.firstIndex { name in
            word.count <= name.count && zip(word, name).allSatisfy { $0 | 0x20 == $1 }
        }
    }
}
