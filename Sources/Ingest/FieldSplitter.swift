import Glibc

/// Cuts a line into fields, without copying unless a field is quoted.
struct FieldSplitter: ~Copyable {
    /// The most columns that a table may have.
    static let columnsMax = 4096

    private let delimiter: UInt8
    private let ends: UnsafeMutablePointer<Int>
    private let starts: UnsafeMutablePointer<Int>
    private var base = UnsafeRawBufferPointer(start: nil, count: 0)
    private var scratch = UnsafeMutableRawBufferPointer(start: nil, count: 0)

    init(delimiter: UInt8) {
        self.delimiter = delimiter
        ends = .allocate(capacity: FieldSplitter.columnsMax)
        starts = .allocate(capacity: FieldSplitter.columnsMax)
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
        var low = 0
        for index in 0..<line.count where line[index] == delimiter {
            guard count < FieldSplitter.columnsMax - 1 else { return nil }
            starts[count] = low
            ends[count] = index
            count += 1
            low = index + 1
        }
        starts[count] = low
        ends[count] = line.count
        return count + 1
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
