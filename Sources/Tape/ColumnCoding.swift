/// Codes one column of a block: nothing where all values are zero, else varints of the values, or of their differences,
/// divided by the largest power of ten that divides them all (prices and sizes rarely use all eight decimals).
enum ColumnCoding {
    /// What lies between two neighbouring values.
    enum Step: UInt8 {
        case plain = 0
        case difference = 1
    }

    private static let allZero: UInt8 = 0xFF
    private static let powerMax = 18

    static func encode(_ values: [Int64], as step: Step, into writer: inout ByteWriter) {
        var column = values
        if step == .difference {
            var last: Int64 = 0
            for index in column.indices {
                let value = column[index]
                column[index] = value &- last
                last = value
            }
        }
        guard column.contains(where: { $0 != 0 }) else {
            writer.write(raw: CollectionOfOne(allZero))
            return
        }
        let power = commonPower(column)
        let divisor = powerOfTen(power)
        writer.write(raw: CollectionOfOne(UInt8(power) << 1 | step.rawValue))
        for value in column { writer.write(divisor == 1 ? value : value / divisor) }
    }

    static func decode(count: Int, from reader: inout ByteReader) throws -> [Int64] {
        var column = [Int64](repeating: 0, count: count)
        let mode = try reader.readByte()
        if mode == allZero { return column }
        let power = Int(mode >> 1)
        guard power <= powerMax else { throw ByteReader.Malformed() }
        let factor = powerOfTen(power)
        var last: Int64 = 0
        let adds = mode & 1 == Step.difference.rawValue
        for index in 0..<count {
            let value = try reader.readSigned() &* factor
            last = adds ? last &+ value : value
            column[index] = last
        }
        return column
    }

    static func encode(_ values: [Int128], into writer: inout ByteWriter) {
        guard values.contains(where: { $0 != 0 }) else {
            writer.write(raw: CollectionOfOne(allZero))
            return
        }
        let power = commonPower(values)
        let divisor = Int128(powerOfTen(power))
        writer.write(raw: CollectionOfOne(UInt8(power) << 1))
        for value in values {
            if divisor == 1 {
                writer.write(value)
            } else if let small = Int64(exactly: value) {
                writer.write(small / Int64(divisor))
            } else {
                writer.write(value / divisor)
            }
        }
    }

    static func decodeWide(count: Int, from reader: inout ByteReader) throws -> [Int128] {
        var column = [Int128](repeating: 0, count: count)
        let mode = try reader.readByte()
        if mode == allZero { return column }
        let power = Int(mode >> 1)
        guard power <= powerMax else { throw ByteReader.Malformed() }
        let factor = Int128(powerOfTen(power))
        for index in 0..<count { column[index] = try reader.readWide() &* factor }
        return column
    }

    private static func powerOfTen(_ power: Int) -> Int64 {
        (0..<power).reduce(1) { value, _ in value * 10 }
    }

    private static func commonPower(_ values: [Int64]) -> Int {
        var power = powerMax
        for value in values where value != 0 {
            var divisor = powerOfTen(power)
            while power > 0, value % divisor != 0 {
                power -= 1
                divisor /= 10
            }
            if power == 0 { return 0 }
        }
        return power
    }

    private static func commonPower(_ values: [Int128]) -> Int {
        var power = powerMax
        for value in values where value != 0 {
            var divisor = powerOfTen(power)
            while power > 0 {
                let divides: Bool
                if let small = Int64(exactly: value) {
                    divides = small % divisor == 0
                } else {
                    divides = value % Int128(divisor) == 0
                }
                if divides { break }
                power -= 1
                divisor /= 10
            }
            if power == 0 { return 0 }
        }
        return power
    }
}
