import Units

/// Text that is put together from numbers, without a string for each.
struct ByteText {
    private(set) var bytes: [UInt8] = []

    init(capacity: Int = 0) {
        bytes.reserveCapacity(capacity)
    }

    mutating func append(_ text: StaticString) {
        text.withUTF8Buffer { bytes.append(contentsOf: $0) }
    }

    mutating func append(_ text: [UInt8]) {
        bytes.append(contentsOf: text)
    }

    mutating func append(_ byte: UInt8) {
        bytes.append(byte)
    }

    /// A whole number, 0 or more, with at least so many digits.
    mutating func append(_ value: Int64, digits: Int = 1) {
        var reversed: (UInt64, UInt64, UInt64) = (0, 0, 0)
        var count = 0
        var rest = UInt64(max(0, value))
        withUnsafeMutableBytes(of: &reversed) { buffer in
            repeat {
                buffer[count] = UInt8(ascii: "0") + UInt8(rest % 10)
                rest /= 10
                count += 1
            } while rest > 0
            for _ in count..<max(count, digits) { bytes.append(UInt8(ascii: "0")) }
            for place in stride(from: count - 1, through: 0, by: -1) { bytes.append(buffer[place]) }
        }
    }

    /// A number of units with so many decimals: 12345 with 2 is `123.45`.
    mutating func append(units: Int64, decimals: Int) {
        var unit: Int64 = 1
        for _ in 0..<decimals { unit *= 10 }
        append(units / unit)
        guard decimals > 0 else { return }
        bytes.append(UInt8(ascii: "."))
        append(units % unit, digits: decimals)
    }

    mutating func removeAll() {
        bytes.removeAll(keepingCapacity: true)
    }
}
