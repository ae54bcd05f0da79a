import Foundation
import Reporting
import TestSupport
import Testing

@Suite("PNG images")
struct ImageTests {
    /// Bit by bit, as the specification defines it.
    private func crc(_ bytes: some Sequence<UInt8>) -> UInt32 {
        ~bytes.reduce(UInt32.max) { value, byte in
            (0..<8).reduce(value ^ UInt32(byte)) { value, _ in value >> 1 ^ (value & 1) &* 0xEDB8_8320 }
        }
    }

    private func number(_ bytes: some Sequence<UInt8>) -> Int { bytes.reduce(0) { $0 << 8 | Int($1) } }

    private func little(_ value: UInt32) -> [UInt8] { (0..<4).map { UInt8(value >> (8 * $0) & 0xFF) } }

    /// The chunks of a file in order, each with its checksum verified.
    private func chunks(_ file: [UInt8]) -> [(name: String, data: [UInt8])] {
        #expect(Array(file.prefix(8)) == [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A])
        var chunks: [(String, [UInt8])] = []
        var place = 8
        while place + 12 <= file.count {
            let length = number(file[place..<place + 4])
            let body = file[place + 4..<place + 8 + length]
            #expect(number(file[place + 8 + length..<place + 12 + length]) == Int(crc(body)))
            chunks.append((String(decoding: body.prefix(4), as: UTF8.self), Array(body.dropFirst(4))))
            place += 12 + length
        }
        #expect(place == file.count)
        return chunks
    }

    /// What gzip makes of it is what was put in: level lines, equal rows, and noise that nothing compresses.
    @Test("an image's bytes come back by gzip's inflate, runs of a byte and of a pixel included")
    func inflates() throws {
        var random = SplitMix64(seed: 9)
        let (width, height) = (301, 40)
        var pixels: [UInt8] = []
        for row in 0..<height {
            let line: [UInt8] = [UInt8(row * 5), 200, UInt8(255 - row)]
            for column in 0..<width * 3 {
                switch row % 4 {
                case 0: pixels.append(255)
                case 1: pixels.append(line[column % 3])
                case 2: pixels.append(column < 600 ? line[column % 3] : UInt8(random.next() & 0xFF))
                default: pixels.append(UInt8(random.next() & 0xFF))
                }
            }
        }
        let file = PNGImage.encode(pixels: pixels, width: width, height: height)
        let chunks = chunks(file)
        #expect(chunks.map(\.name) == ["IHDR", "IDAT", "IEND"])
        #expect(number(chunks[0].data[0..<4]) == width && number(chunks[0].data[4..<8]) == height)
        // Filter type 2 of each row: what it is more than the row above.
        var rows: [UInt8] = []
        for row in 0..<height {
            rows.append(2)
            for place in row * width * 3..<(row + 1) * width * 3 {
                rows.append(row == 0 ? pixels[place] : pixels[place] &- pixels[place - width * 3])
            }
        }
        // The same stream in gzip's dress, whose checksum and length gzip verifies.
        let deflated = chunks[1].data.dropFirst(2).dropLast(4)
        let gzip = [0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 0xFF] + deflated + little(crc(rows))
        let folder = try TemporaryFolder()
        let path = folder.path("rows.gz")
        try Data(gzip + little(UInt32(rows.count))).write(to: URL(filePath: path))
        let outcome = try Tool.run("/usr/bin/env", ["gzip", "-t", path])
        #expect(outcome.code == 0, "\(outcome.errors)")
        #expect(deflated.count < rows.count * 2 / 3)
    }
}
