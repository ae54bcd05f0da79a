/// Appends numbers to a run of bytes in the fewest whole bytes (LEB128, signed numbers by zigzag).
struct ByteWriter: Sendable {
    private(set) var bytes: [UInt8] = []

    mutating func write(_ value: UInt64) {
        var rest = value
        while rest >= 0x80 {
            bytes.append(UInt8(truncatingIfNeeded: rest) | 0x80)
            rest >>= 7
        }
        bytes.append(UInt8(truncatingIfNeeded: rest))
    }

    mutating func write(_ value: Int64) {
        write(UInt64(bitPattern: value << 1 ^ value >> 63))
    }

    mutating func write(_ text: String) {
        write(UInt64(text.utf8.count))
        bytes.append(contentsOf: text.utf8)
    }

    mutating func write(fixed value: UInt64) {
        for shift in stride(from: UInt64(0), to: 64, by: 8) {
            bytes.append(UInt8(truncatingIfNeeded: value >> shift))
        }
    }

    mutating func write(word value: UInt32) {
        for shift in stride(from: UInt32(0), to: 32, by: 8) {
            bytes.append(UInt8(truncatingIfNeeded: value >> shift))
        }
    }

    mutating func write(raw added: some Sequence<UInt8>) {
        bytes.append(contentsOf: added)
    }
}

/// Reads what a `ByteWriter` wrote; throws `Malformed` rather than reading past the end.
struct ByteReader {
    struct Malformed: Error {}

    private let bytes: UnsafeRawBufferPointer
    private(set) var position = 0

    init(_ bytes: UnsafeRawBufferPointer) {
        self.bytes = bytes
    }

    var isAtEnd: Bool { position == bytes.count }

    @inline(__always)
    mutating func readUnsigned() throws -> UInt64 {
        var value: UInt64 = 0
        var shift: UInt64 = 0
        while position < bytes.count, shift < 70 {
            let byte = bytes[position]
            position += 1
            value |= UInt64(byte & 0x7F) &<< shift
            if byte < 0x80 { return value }
            shift += 7
        }
        throw Malformed()
    }

    @inline(__always)
    mutating func readSigned() throws -> Int64 {
        let value = try readUnsigned()
        return Int64(bitPattern: value >> 1) ^ -Int64(bitPattern: value & 1)
    }

    mutating func readText() throws -> String {
        String(decoding: try readRaw(count: try readCount(limit: bytes.count)), as: UTF8.self)
    }

    mutating func readFixed() throws -> UInt64 {
        try readRaw(count: 8).reversed().reduce(0) { $0 << 8 | UInt64($1) }
    }

    mutating func readByte() throws -> UInt8 {
        guard position < bytes.count else { throw Malformed() }
        position += 1
        return bytes[position - 1]
    }

    mutating func readRaw(count: Int) throws -> UnsafeRawBufferPointer {
        guard count >= 0, count <= bytes.count - position else { throw Malformed() }
        position += count
        return UnsafeRawBufferPointer(rebasing: bytes[position - count..<position])
    }

    /// A count that cannot exceed a limit that the caller knows, so that no bad byte asks for a giant allocation.
    mutating func readCount(limit: Int) throws -> Int {
        let value = try readUnsigned()
        guard value <= UInt64(limit) else { throw Malformed() }
        return Int(value)
    }
}
