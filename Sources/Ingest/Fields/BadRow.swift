/// What can be wrong with a row.
public enum BadRow: String, Sendable, CaseIterable, CustomStringConvertible {
    /// A line of the wrong number of fields.
    case fieldCount = "wrong number of fields"
    /// A time that cannot be read.
    case time = "the time cannot be read"
    /// A time that no log of an exchange can hold.
    case timeOutOfRange = "the time is out of range for its column's unit"
    /// A local time that comes twice, of which the order of rows does not tell which one it is.
    case ambiguousTime =
        "ambiguous local time at the end of summer time, which the order of rows does not resolve"
    /// A local time that the clock is set forward over.
    case skippedTime = "this local time does not exist: summer time begins, and the clock skips it"
    /// A zone that the text abbreviates to letters of which several clocks are called so.
    case zoneName =
        "its time zone's abbreviation has several meanings; give 'zone' in the map, or --zone, as America/New_York"
    /// Digits of a time of day that leave open what they are.
    case clockDigits =
        "the time of day has not as many digits as the first; add 'time_of_day_digits' to the map, as HHMMSS"
    /// A row number before that of the first row.
    case rowNumber = "the row number is below the map's 'first'"
    /// A time that keeps no step with the others of its series.
    case irregularTime = "the times of its series have no regular step, neither fixed nor monthly"
    /// The first row of a series at another step.
    case changedStep =
        "its series has two steps and changes here; give each its own name, and write steps without events as 0"
    /// Any other row of such a series.
    case twoSteps = "its series has two steps"
    /// A value of a counter, which adds up from the start of a server on.
    case counter = "its series is a counter, which only rises; export its `increase` by step instead"
    /// A price that is not a positive number.
    case price = "the price is not a positive number"
    /// A positive price that the fixed-point representation would round to zero.
    case priceTooSmall = "the price is too small: it rounds to 0 in units of 0.00000001"
    /// A price beyond 64 bits of units of 1e-8.
    case priceTooLarge = "the price is too large: more than 92,233,720,368"
    /// A quantity that is not a number of zero or more.
    case quantity = "the quantity is not a number, or is negative"
    /// A quantity above zero that the fixed-point representation would round to zero.
    case quantityTooSmall = "the quantity is too small: it rounds to 0 in units of 0.00000001"
    /// A quantity beyond 96 bits of units of 1e-8.
    case quantityTooLarge = "the quantity is too large: more than 792,281,625,142,643,375,935"
    /// An id that is not a whole number.
    case id = "the trade id cannot be read"
    /// First and last trade id that do not make a range.
    case idRange = "the first trade id is after the last"
    case side = "the side is not buy or sell, nor true or false"
    /// A word that the map gives to neither side.
    case sideWord = "the side is none of the words that the map's 'sides' gives"
    /// A line that holds no value with its label.
    case labels = "the line has no labelled values"
    /// A count of trades that is not a whole number of zero or more.
    case count = "the count is not a whole number of 0 or more"
    /// A value that is not a number of zero or more.
    case value = "the value is not a number of 0 or more"
    case name = "the name of the series is empty"
    /// More series than a file may hold.
    case tooManySeries = "more than 100,000 series in one file"
    case priceRange = "the high is below the low"
    /// An open or a close that no trade of the bar can have had.
    case barPrice = "the open or the close is outside the range from low to high"
    /// A bar's end that is not after its start, or not in whole seconds.
    case barLength = "the bar's end is not a whole number of seconds after its start"
    /// Another bar of the same interval was there before.
    case conflictingBar = "conflicts with another bar of the same interval"
    /// A line that is no access log line.
    case logLine = "not an access log line"
    /// A status that is not three digits.
    case status = "the status is not three digits"
    /// A response size that is not a whole number.
    case responseSize = "the response size is not a whole number"
    /// A quotation mark that never closes.
    case quotes = "a quotation mark is not closed, or is inside a field"
    /// A flag that is neither true nor false.
    case flag = "the flag is not true or false"
    /// A kind of message that does not exist.
    case kind = "the message type is not from 1 to 7"
    /// A key or a label that comes twice.
    case repeatedKey = "a key is there twice, so that its value is unclear"
    /// An array where one value is meant.
    case severalValues =
        "an array has several values where a row has one; name an element by its number, as in q.1"
    /// JSON that is damaged, or of another shape.
    case json = "not a JSON value of the expected shape"
    /// A line that is longer than a row may be.
    case lineTooLong = "the line is longer than 1 MiB"

    /// The reason, in words.
    public var description: String { rawValue }
}
