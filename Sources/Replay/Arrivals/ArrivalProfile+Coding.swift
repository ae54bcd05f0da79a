/// What is wrong with the bytes of an arrival profile.
public enum ArrivalProfileError: Error, Equatable, CustomStringConvertible {
    /// They are not those of a profile, or of a later version's.
    case unknownFormat
    /// They break off or contradict themselves at an offset.
    case damaged(byteOffset: Int)

    /// The message, in words.
    public var description: String {
        switch self {
        case .unknownFormat: "not an arrival profile, or one from a later version"
        case .damaged(let offset): "the arrival profile is damaged at byte \(offset)"
        }
    }
}

extension ArrivalProfile {
    private static let magic: [UInt8] = Array("HWAP1".utf8)

    /// The profile as bytes, 3 to 5 an arrival: lengths and gaps as LEB128 numbers.
    public var encoded: [UInt8] {
        var bytes = ArrivalProfile.magic
        func write(_ value: UInt64) {
            var rest = value
            while rest >= 0x80 {
                bytes.append(UInt8(rest & 0x7F) | 0x80)
                rest >>= 7
            }
            bytes.append(UInt8(rest))
        }
        write(blockSeconds.bitPattern)
        write(levelBandwidth.bitPattern)
        write(reactionSeconds.bitPattern)
        write(UInt64(origin.utf8.count))
        bytes += origin.utf8
        write(UInt64(blockCount))
        for block in 0..<blockCount {
            let range = arrivals(of: block)
            write(UInt64(range.count))
            var last: UInt32 = 0
            for tick in ticks[range] {
                write(UInt64(tick - last))
                last = tick
            }
        }
        return bytes
    }

    /// Reads what `encoded` has written.
    public init(encoded bytes: [UInt8]) throws(ArrivalProfileError) {
        guard bytes.starts(with: ArrivalProfile.magic) else { throw .unknownFormat }
        var reader = ProfileReader(bytes: bytes, offset: ArrivalProfile.magic.count)
        let blockSeconds = Double(bitPattern: try reader.number())
        let bandwidth = Double(bitPattern: try reader.number())
        let reaction = Double(bitPattern: try reader.number())
        guard blockSeconds > 0, blockSeconds.isFinite, bandwidth > 0, reaction >= 0, reaction.isFinite else {
            throw reader.damage
        }
        let origin = try reader.text()
        let count = try reader.number()
        var ticks: [UInt32] = []
        var ends: [Int] = []
        for _ in 0..<count {
            var last: UInt64 = 0
            let arrivals = try reader.number()
            // A block without an arrival cannot be played.
            guard arrivals > 0 else { throw reader.damage }
            for _ in 0..<arrivals {
                let (sum, overflow) = last.addingReportingOverflow(try reader.number())
                guard !overflow, sum <= UInt64(UInt32.max) else { throw reader.damage }
                last = sum
                ticks.append(UInt32(last))
            }
            ends.append(ticks.count)
        }
        guard reader.isAtEnd else { throw reader.damage }
        self.init(
            origin: origin, blockSeconds: blockSeconds, levelBandwidth: bandwidth,
            reactionSeconds: reaction, ticks: ticks, blockEnds: ends)
    }
}

/// Reads numbers from bytes.
private struct ProfileReader {
    let bytes: [UInt8]
    var offset: Int

    var isAtEnd: Bool { offset == bytes.count }
    var damage: ArrivalProfileError { .damaged(byteOffset: offset) }

    mutating func number() throws(ArrivalProfileError) -> UInt64 {
        var result: UInt64 = 0
        var shift: UInt64 = 0
        while offset < bytes.count, shift < 64 {
            let byte = bytes[offset]
            offset += 1
            result |= UInt64(byte & 0x7F) << shift
            if byte < 0x80 { return result }
            shift += 7
        }
        throw damage
    }

    mutating func text() throws(ArrivalProfileError) -> String {
        let length = try number()
        guard length <= UInt64(bytes.count - offset) else { throw damage }
        defer { offset += Int(length) }
        return String(decoding: bytes[offset..<(offset + Int(length))], as: UTF8.self)
    }
}
