import Glibc

/// Cuts a line into fields, without copying unless a field is quoted.
struct FieldSplitter: ~Copyable {
    /// The most columns that a table may have.
    static let columnsMax = 4096

    private let delimiter: UInt8
    /// The delimiter in each byte.
    private let pattern: UInt64
    private let ends: UnsafeMutablePointer<Int>
    private let starts: UnsafeMutablePointer<Int>
    private var base = UnsafeRawBufferPointer(start: nil, count: 0)
    private var scratch = UnsafeMutableRawBufferPointer(start: nil, count: 0)

    init(delimiter: UInt8) {
        self.delimiter = delimiter
        pattern = UInt64(delimiter) &* 0x0101_0101_0101_0101
        // A word of eight bytes may go eight beyond.
        ends = .allocate(capacity: FieldSplitter.columnsMax + 8)
        starts = .allocate(capacity: FieldSplitter.columnsMax + 8)
    }

    deinit {
        ends.deallocate()
        starts.deallocate()
        scratch.deallocate()
    }

    /// A field of the line that was split last; valid as long as that line is.
    @inline(__always)
    func field(_ index: Int) -> Bytes {
        UnsafeRawBufferPointer(rebasing: base[starts[index]..<ends[index]])
    }

    /// The number of fields of a line; nil where there are more than `columnsMax` or a quotation mark is not
    /// closed, or closed inside a field.
    @inline(__always)
    mutating func split(_ line: Bytes) -> Int? {
        guard let start = line.baseAddress, line.count > 0 else { return nil }
        if memchr(start, 0x22, line.count) != nil { return splitQuoted(line) }
        base = line
        var count = 0
        var offset = 0
        starts[0] = 0
        while offset < line.count {
            var marks = delimiters(start, offset, line.count)
            while marks != 0 {
                let place = offset &+ marks.trailingZeroBitCount &>> 3
                ends[count] = place
                count &+= 1
                starts[count] = place &+ 1
                marks &= marks &- 1
            }
            guard count < FieldSplitter.columnsMax else { return nil }
            offset &+= 8
        }
        ends[count] = line.count
        return count &+ 1
    }

    /// The upper bit of each of eight bytes that is a delimiter; of those behind the line's end, none.
    @inline(__always)
    private func delimiters(_ start: UnsafeRawPointer, _ offset: Int, _ count: Int) -> UInt64 {
        let rest = count &- offset
        // What stands behind the line's end is no delimiter.
        let filler = ~pattern
        var word: UInt64
        if rest >= 8 {
            word = UInt64(littleEndian: start.loadUnaligned(fromByteOffset: offset, as: UInt64.self))
        } else if count >= 8 {
            let last = start.loadUnaligned(fromByteOffset: count &- 8, as: UInt64.self)
            word = UInt64(littleEndian: last) &>> UInt64((8 &- rest) &* 8) | filler &<< UInt64(rest &* 8)
        } else {
            word = filler &<< UInt64(rest &* 8)
            for index in 0..<rest {
                let byte = start.load(fromByteOffset: offset &+ index, as: UInt8.self)
                word |= UInt64(byte) &<< UInt64(index &* 8)
            }
        }
        let low: UInt64 = 0x7F7F_7F7F_7F7F_7F7F
        let other = word ^ pattern
        // No carry leaves its byte, so that just the bytes of zero are marked.
        return ~(((other & low) &+ low) | other | low)
    }

    /// RFC 4180: a field may be quoted; inside, a doubled mark is one mark and delimiters are text.
    private mutating func splitQuoted(_ line: Bytes) -> Int? {
        if scratch.count < line.count {
            scratch.deallocate()
            scratch = .allocate(byteCount: line.count * 2, alignment: 8)
        }
        base = UnsafeRawBufferPointer(scratch)
        var written = 0
        var count = 0
        var isQuoted = false
        starts[0] = 0
        var index = 0
        while index < line.count {
            let byte = line[index]
            index += 1
            if isQuoted {
                if byte == 0x22, index < line.count, line[index] == 0x22 {
                    index += 1
                } else if byte == 0x22 {
                    // A quoted field ends with its mark.
                    guard index == line.count || line[index] == delimiter else { return nil }
                    isQuoted = false
                    continue
                }
            } else if byte == 0x22, written == starts[count] {
                isQuoted = true
                continue
            } else if byte == delimiter {
                guard count < FieldSplitter.columnsMax - 1 else { return nil }
                ends[count] = written
                count += 1
                starts[count] = written
                continue
            }
            scratch[written] = byte
            written += 1
        }
        ends[count] = written
        return isQuoted ? nil : count + 1
    }
}
