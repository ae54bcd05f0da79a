/// Pixels as a PNG file (ISO/IEC 15948), eight bits a channel.
///
/// Compression is DEFLATE (RFC 1951) with the fixed code and two kinds of match alone, a byte and a pixel again: rows of
/// a plot are mostly equal to the row above, which the filter turns into runs of zeros, and level lines repeat a pixel.
public enum PNGImage {
    /// Encodes an image.
    ///
    /// - Parameters:
    ///   - pixels: Row by row from the top, three bytes a pixel; `width × height × 3` of them.
    ///   - width: Pixels in a row.
    ///   - height: Rows.
    /// - Returns: The whole file.
    public static func encode(pixels: [UInt8], width: Int, height: Int) -> [UInt8] {
        precondition(
            width > 0 && height > 0 && pixels.count == width * height * 3, "as many pixels as there are")
        let header = bigEndian(width) + bigEndian(height) + [8, 2, 0, 0, 0]
        let rows = filtered(pixels, stride: width * 3)
        return [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A] + chunk("IHDR", header)
            + chunk("IDAT", zlib(rows)) + chunk("IEND", [])
    }

    /// Each row as its difference to the row above (filter type 2, Up).
    private static func filtered(_ pixels: [UInt8], stride: Int) -> [UInt8] {
        var rows: [UInt8] = []
        rows.reserveCapacity(pixels.count + pixels.count / stride)
        for start in Swift.stride(from: 0, to: pixels.count, by: stride) {
            rows.append(2)
            for index in start..<start + stride {
                rows.append(start == 0 ? pixels[index] : pixels[index] &- pixels[index - stride])
            }
        }
        return rows
    }

    /// A zlib stream (RFC 1950) of one block.
    static func zlib(_ data: [UInt8]) -> [UInt8] {
        var writer = BitWriter(bytes: [0x78, 0x01])
        writer.write(1, count: 1)
        writer.write(1, count: 2)
        var index = 0
        while index < data.count {
            let (byteRun, pixelRun) = (
                runLength(data, index, distance: 1), runLength(data, index, distance: 3)
            )
            if max(byteRun, pixelRun) >= 3 {
                writeRun(max(byteRun, pixelRun), distance: byteRun >= pixelRun ? 1 : 3, &writer)
                index += max(byteRun, pixelRun)
            } else {
                writeSymbol(Int(data[index]), &writer)
                index += 1
            }
        }
        writeSymbol(256, &writer)
        writer.finish()
        return writer.bytes + bigEndian(Int(adler32(data)))
    }

    /// How many bytes from here on equal those so far before them.
    private static func runLength(_ data: [UInt8], _ index: Int, distance: Int) -> Int {
        guard index >= distance else { return 0 }
        let end = min(data.count, index + 258)
        var place = index
        while place < end, data[place] == data[place - distance] { place += 1 }
        return place - index
    }

    /// A match of that length, at a distance of 1 to 4.
    private static func writeRun(_ length: Int, distance: Int, _ writer: inout BitWriter) {
        if length == 258 {
            writeSymbol(285, &writer)
        } else {
            // Lengths come in groups of four codes, each group with one extra bit more than the one before.
            let offset = length - 3
            let extra = offset < 8 ? 0 : Int.bitWidth - offset.leadingZeroBitCount - 3
            let code = 257 + (extra << 2) + (offset >> extra)
            writeSymbol(code, &writer)
            writer.write(offset & ((1 << extra) - 1), count: extra)
        }
        // Five bits of the fixed code, from the highest on.
        for bit in (0..<5).reversed() { writer.write((distance - 1) >> bit & 1, count: 1) }
    }

    /// A literal, the end or a length in the fixed code; Huffman codes start at their highest bit.
    private static func writeSymbol(_ symbol: Int, _ writer: inout BitWriter) {
        let (code, count) =
            switch symbol {
            case 0..<144: (0x30 + symbol, 8)
            case 144..<256: (0x190 + symbol - 144, 9)
            case 256..<280: (symbol - 256, 7)
            default: (0xC0 + symbol - 280, 8)
            }
        for bit in (0..<count).reversed() { writer.write(code >> bit & 1, count: 1) }
    }

    private static func chunk(_ name: String, _ data: [UInt8]) -> [UInt8] {
        let body = Array(name.utf8) + data
        return bigEndian(data.count) + body + bigEndian(Int(crc32(body)))
    }

    private static func bigEndian(_ value: Int) -> [UInt8] {
        [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: value >> $0) }
    }

    private static let crcTable: [UInt32] = (0..<256).map { index in
        (0..<8).reduce(UInt32(index)) { value, _ in
            value & 1 == 1 ? 0xEDB8_8320 ^ (value >> 1) : value >> 1
        }
    }

    static func crc32(_ data: [UInt8]) -> UInt32 {
        ~data.reduce(UInt32.max) { crcTable[Int(($0 ^ UInt32($1)) & 0xFF)] ^ ($0 >> 8) }
    }

    static func adler32(_ data: [UInt8]) -> UInt32 {
        var (one, two): (UInt32, UInt32) = (1, 0)
        for byte in data {
            one = (one + UInt32(byte)) % 65521
            two = (two + one) % 65521
        }
        return two << 16 | one
    }
}

/// Bits from the lowest of each byte on.
private struct BitWriter {
    var bytes: [UInt8]
    private var pending = 0
    private var pendingCount = 0

    init(bytes: [UInt8]) {
        self.bytes = bytes
    }

    mutating func write(_ value: Int, count: Int) {
        pending |= value << pendingCount
        pendingCount += count
        while pendingCount >= 8 {
            bytes.append(UInt8(truncatingIfNeeded: pending))
            pending >>= 8
            pendingCount -= 8
        }
    }

    mutating func finish() {
        if pendingCount > 0 { write(0, count: 8 - pendingCount) }
    }
}
