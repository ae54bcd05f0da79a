/// What a column of a table, or a value of a JSON object, holds.
enum ColumnRole: String, Sendable, CaseIterable {
    case time, id, price, quantity, firstID, lastID, isBuyerMaker, side
    case quoteQuantity = "quote_quantity"
    case open, high, low, close, volume
    case closeTime = "close_time"
    case quoteVolume = "quote_volume"
    case tradeCount = "count"
    case symbol, exchange
    case uniqueID = "unique_id"
    case value
    case method, path, status, bytes
    case isSnapshot
    /// LOBSTER's type of message.
    case kind

    /// The role of a column by its name in the header, or nil for one that is not needed.
    init?(header name: String) {
        let plain = String(name.lowercased().filter { $0.isLetter || $0.isNumber })
        guard let role = ColumnRole.names[plain] else { return nil }
        self = role
    }

    private static let names: [String: ColumnRole] = {
        let lists: [(ColumnRole, String)] = [
            (
                .time,
                """
                time timestamp transacttime tradetime datetime date opentime ds ts unix epoch starttime t \
                timeutc \
                datetimeutc timeiso8601 timelocal createdat executedat unixtimestamp
                """
            ),
            (.id, "id tradeid aggtradeid tid trdmatchid execid"),
            (.price, "price rate"),
            (.quantity, "qty quantity amount size"),
            (.quoteQuantity, "quoteqty quotequantity foreignnotional funds cost"),
            (.firstID, "firsttradeid firstid"),
            (.lastID, "lasttradeid lastid"),
            (.isBuyerMaker, "isbuyermaker buyermaker"),
            (.side, "side takerside aggressorside"),
            (.open, "open"), (.high, "high"), (.low, "low"), (.close, "close"),
            (.volume, "volume"),
            (.closeTime, "closetime"),
            (.quoteVolume, "quotevolume quoteassetvolume assetvolume"),
            (.tradeCount, "numberoftrades trades tradecount numtrades count"),
            (.symbol, "symbol pair instrument productid instid market contract"),
            (.exchange, "exchange venue"),
            (.uniqueID, "uniqueid series seriesid sensor metric itemid"),
            (.value, "y value"),
            (.method, "method requestmethod httpmethod verb csmethod"),
            (.path, "path url uri requesturi request requestpath csuristem xenvoyoriginalpath"),
            (.status, "status statuscode response responsecode code downstreamstatus scstatus httpstatus"),
            (.bytes, "bytes bytessent bodybytessent responsesize scbytes downstreamcontentsize"),
            (.isSnapshot, "issnapshot"),
        ]
        var names: [String: ColumnRole] = [:]
        for (role, words) in lists {
            for word in words.split(separator: " ") { names[String(word)] = role }
        }
        return names
    }()
}
