import Foundation
import TestSupport
import Testing
import Units

@Suite("Instants")
struct TimestampTests {
    @Test("agree with Foundation's calendar over two centuries")
    func agreesWithFoundation() throws {
        var generator = SplitMix64(seed: 7)
        for _ in 0..<2000 {
            let seconds = Int64(generator.next() % 7_258_118_400)
            let expected = Date(timeIntervalSince1970: Double(seconds)).ISO8601Format()
            let stamp = Timestamp(seconds: seconds)
            #expect(stamp.description == expected)
            #expect(Timestamp(iso8601: expected) == stamp)
        }
    }

    @Test(
        "are read with fractions and zones",
        arguments: [
            ("2024-02-29", "2024-02-29T00:00:00Z"),
            ("2024-02-29 12:34:56", "2024-02-29T12:34:56Z"),
            ("2024-02-29T12:34:56.5Z", "2024-02-29T12:34:56.500Z"),
            ("2024-02-29T12:34:56.123456789+01:30", "2024-02-29T11:04:56.123456789Z"),
            ("2023-11-16 18:15:46.6805900", "2023-11-16T18:15:46.680590Z"),
            ("1995-07-01T00:00:01-0400", "1995-07-01T04:00:01Z"),
            ("2024-12-31T23:59:60Z", "2025-01-01T00:00:00Z"),
        ])
    func reads(text: String, expected: String) {
        #expect(Timestamp(iso8601: text)?.description == expected)
    }

    @Test(
        "are refused where the calendar has no such moment",
        arguments: [
            "", "2024", "2023-02-29", "2024-13-01", "2024-01-01T24:00:00", "30000-01-01", "2200-01-01",
            "2024-01-01T10:00:00.", "2024-01-01T10:00:00Zjunk", "2024-01-01T10:61", "1969-12-31T23:59:59Z",
            "0001-01-01", "0000-01-01T00:00",
            "1677-09-21T00:12:43Z", "2262-04-11T23:47:17Z", "9999-12-31T23:59:60-18:00",
        ])
    func refuses(text: String) {
        #expect(Timestamp(iso8601: text) == nil)
    }

    @Test("take the unit of an epoch count from its size")
    func epochUnits() {
        for count in [1_723_161_255, 1_723_161_255_000, 1_723_161_255_000_000, 1_723_161_255_000_000_000]
            as [Int64]
        {
            #expect(Timestamp(epoch: count) == Timestamp(seconds: 1_723_161_255))
        }
        #expect(Timestamp(epoch: 884_541_600_000) == Timestamp(seconds: 884_541_600))
        #expect(Timestamp(epoch: .max) == nil)
        #expect(Timestamp(epoch: 99_999_999_999_999) == nil)
        #expect(Timestamp(epoch: -1) == nil)
        #expect(Timestamp(epoch: 50_000_000_000) == nil)
    }

    @Test("round down to a step, before the epoch too")
    func floors() {
        #expect(Timestamp(seconds: 3_599).floored(toSeconds: 3600) == Timestamp(seconds: 0))
        #expect(Timestamp(seconds: -1).floored(toSeconds: 3600) == Timestamp(seconds: -3600))
        #expect(Timestamp(nanoseconds: -1).seconds == -1)
    }

    @Test(
        "are held within what 64 bits of nanoseconds hold",
        arguments: [Int64.min, -1 << 40, 1 << 40, .max])
    func holdsTheEnds(seconds: Int64) {
        let end = Timestamp(seconds: seconds)
        #expect(end == Timestamp(nanoseconds: seconds < 0 ? .min : .max))
        #expect(end.advanced(bySeconds: seconds) == end)
        #expect(Timestamp(seconds: 0).advanced(bySeconds: seconds) == end)
        #expect(end.description.hasSuffix("Z"))
        #expect((end.seconds < 0) == (seconds < 0))
        _ = (end.date, end.hourOfDay, end.floored(toSeconds: 86_400))
    }

    @Test("know the weekday")
    func weekdays() {
        #expect(CivilDate(year: 2026, month: 3, day: 2)?.weekday == 0)
        #expect(CivilDate(year: 1970, month: 1, day: 1)?.weekday == 3)
    }
}
