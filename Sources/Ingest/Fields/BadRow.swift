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
    /// A quantity that is not a number of zero or more.
    case quantity = "the quantity is not a number, is negative, or is too large"
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
    /// JSON that is damaged, or of another shape.
    case json = "not a JSON value of the expected shape"
    /// A line that is longer than a row may be.
    case lineTooLong = "the line is longer than 1 MiB"

    /// The reason, in words.
    public var description: String { rawValue }
}
