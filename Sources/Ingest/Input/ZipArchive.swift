import Glibc

/// A file inside a zip archive.
struct ZipMember: Sendable, Equatable {
    /// Its name there; it may hold anything and is never used as a path.
    let name: String
    let method: UInt16
    let isEncrypted: Bool
    let checksum: UInt32
    let packedSize: UInt64
    let plainSize: UInt64
    /// Where its header is in the archive.
    let headerOffset: UInt64
}

/// The directory of a zip archive (PKWARE's APPNOTE 6.3.10, sections 4.3.12 to 4.3.16, with 64-bit sizes).
///
/// It is read here, because the system's tool takes the names of members as patterns on its command line, and
/// names come from whoever made the archive. A packed member is handed to `gzip` as the gzip stream that it
/// all but is.
enum ZipArchive {
    /// The most members that an archive may have.
    static let membersMax = 100_000
    private static let directoryLengthMax: UInt64 = 64 << 20

    /// The files of an archive, folders left out; nil where the file is no archive whose directory can be
    /// read.
    static func members(_ descriptor: Int32) -> [ZipMember]? {
        let size = UInt64(max(0, lseek(descriptor, 0, SEEK_END)))
        guard size >= 22, let place = directory(descriptor, size: size), place.length <= directoryLengthMax,
            let bytes = read(descriptor, at: place.offset, count: Int(place.length))
        else { return nil }
        var members: [ZipMember] = []
        var position = 0
        while position + 46 <= bytes.count, number(bytes, position, 4) == 0x0201_4B50 {
            let nameLength = Int(number(bytes, position + 28, 2))
            let extraLength = Int(number(bytes, position + 30, 2))
            let end = position + 46 + nameLength + extraLength + Int(number(bytes, position + 32, 2))
            guard end <= bytes.count, members.count < membersMax else { return nil }
            let member = member(bytes, position, nameLength, extraLength)
            if !member.name.hasSuffix("/") { members.append(member) }
            position = end
        }
        return members
    }

    private static func member(
        _ bytes: [UInt8], _ position: Int, _ nameLength: Int, _ extraLength: Int
    ) -> ZipMember {
        let nameStart = position + 46
        var sizes = [
            number(bytes, position + 24, 4), number(bytes, position + 20, 4), number(bytes, position + 42, 4),
        ]
        // Sizes that do not fit 32 bits stand in an extra field, in this order.
        var extra = nameStart + nameLength
        let extraEnd = extra + extraLength
        while extra + 4 <= extraEnd {
            let length = Int(number(bytes, extra + 2, 2))
            if number(bytes, extra, 2) == 1 {
                var wide = extra + 4
                for index in sizes.indices
                where sizes[index] == 0xFFFF_FFFF && wide + 8 <= min(extra + 4 + length, extraEnd) {
                    sizes[index] = number(bytes, wide, 8)
                    wide += 8
                }
            }
            extra += 4 + length
        }
        return ZipMember(
            name: String(decoding: bytes[nameStart..<nameStart + nameLength], as: UTF8.self),
            method: UInt16(number(bytes, position + 10, 2)),
            isEncrypted: number(bytes, position + 8, 2) & 1 != 0,
            checksum: UInt32(number(bytes, position + 16, 4)), packedSize: sizes[1], plainSize: sizes[0],
            headerOffset: sizes[2])
    }

    /// Where the directory is: from the record at the end of the file.
    private static func directory(_ descriptor: Int32, size: UInt64) -> (offset: UInt64, length: UInt64)? {
        let tailLength = min(size, 22 + 65_535)
        guard let tail = read(descriptor, at: size - tailLength, count: Int(tailLength)) else { return nil }
        for position in stride(from: tail.count - 22, through: 0, by: -1)
        where number(tail, position, 4) == 0x0605_4B50 {
            let length = number(tail, position + 12, 4)
            let offset = number(tail, position + 16, 4)
            guard offset == 0xFFFF_FFFF || length == 0xFFFF_FFFF else { return (offset, length) }
            guard position >= 20, number(tail, position - 20, 4) == 0x0706_4B50,
                let record = read(descriptor, at: number(tail, position - 12, 8), count: 56),
                number(record, 0, 4) == 0x0606_4B50
            else { return nil }
            return (number(record, 48, 8), number(record, 40, 8))
        }
        return nil
    }

    /// Copies a member to a file without a name: as a gzip stream where it is packed, plain where it is not.
    static func copy(
        _ member: ZipMember, from descriptor: Int32, to target: Int32, path: String
    ) throws(IngestError) {
        func fail(_ message: String) -> IngestError {
            .decompression(path: path, tool: "zip", message: message)
        }
        guard !member.isEncrypted else { throw fail("the file is encrypted") }
        guard member.method == 0 || member.method == 8 else {
            throw fail("compressed by method \(member.method); only stored and deflated files can be read")
        }
        guard let header = read(descriptor, at: member.headerOffset, count: 30),
            number(header, 0, 4) == 0x0403_4B50
        else { throw fail("the directory points to no file") }
        guard member.headerOffset < UInt64(Int64.max) / 4, member.packedSize < UInt64(Int64.max) / 4 else {
            throw fail("the directory points outside the archive")
        }
        let start = member.headerOffset + 30 + number(header, 26, 2) + number(header, 28, 2)
        // Identification, deflate, no flags, no time, no extra flags, unknown system (RFC 1952).
        if member.method == 8 { try write([0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 255], to: target, path) }
        var done: UInt64 = 0
        while done < member.packedSize {
            let count = Int(min(1 << 20, member.packedSize - done))
            guard let bytes = read(descriptor, at: start + done, count: count) else {
                throw fail("the archive ends too early")
            }
            try write(bytes, to: target, path)
            done += UInt64(count)
        }
        if member.method == 8 {
            let trailer = [UInt64(member.checksum), member.plainSize].flatMap { value in
                (0..<4).map { UInt8(truncatingIfNeeded: value >> (8 * UInt64($0))) }
            }
            try write(trailer, to: target, path)
        }
    }

    private static func number(_ bytes: [UInt8], _ position: Int, _ count: Int) -> UInt64 {
        guard position >= 0, position + count <= bytes.count else { return 0 }
        return (0..<count).reduce(0) { $0 | UInt64(bytes[position + $1]) << (8 * UInt64($1)) }
    }

    private static func read(_ descriptor: Int32, at offset: UInt64, count: Int) -> [UInt8]? {
        guard offset < UInt64(Int64.max) / 2, count <= Int.max / 2 else { return nil }
        var bytes = [UInt8](repeating: 0, count: count)
        var done = 0
        while done < count {
            let got = bytes.withUnsafeMutableBytes {
                pread(
                    descriptor, $0.baseAddress?.advanced(by: done), count - done, off_t(offset) + off_t(done))
            }
            if got < 0, errno == EINTR { continue }
            guard got > 0 else { return nil }
            done += got
        }
        return bytes
    }

    private static func write(_ bytes: [UInt8], to target: Int32, _ path: String) throws(IngestError) {
        var done = 0
        while done < bytes.count {
            let count = bytes.withUnsafeBytes {
                Glibc.write(target, $0.baseAddress?.advanced(by: done), bytes.count - done)
            }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { throw .unreadable(path: path, message: lastError()) }
            done += count
        }
    }
}
