/// Writes a segment, series by series, to a file.
struct SegmentBuilder {
    private let output: DurableOutput
    private var entries: [[UInt8]] = []
    private var directory = ByteWriter()

    init(_ output: DurableOutput) throws(TapeError) {
        self.output = output
        try output.write(Segment.magic)
    }

    /// Adds a series; keys must rise, and pages be in time order.
    mutating func append(_ key: GroupKey, pages: [CodedPage], ids: IntervalSet) throws(TapeError) {
        guard let first = pages.first, let last = pages.last else { return }
        directory = ByteWriter()
        directory.write(key.series.kind)
        directory.write(key.series.venue)
        directory.write(key.series.name)
        directory.write(key.step)
        directory.write(UInt64(pages.reduce(0) { $0 + $1.rows }))
        directory.write(first.first)
        directory.write(last.last)
        directory.write(pages.reduce(0) { $0.addingSaturating($1.events) })
        try appendPages(pages)
        try appendPart { (write) throws(TapeError) in
            let bytes = ids.isEmpty ? [] : ids.encoded()
            try bytes.withBytes { (all) throws(TapeError) in try write(all) }
        }
        entries.append(directory.bytes)
    }

    /// Writes the directory and the footer.
    mutating func finish() throws(TapeError) {
        let head = SegmentDirectory.encoded(entries)
        var footer = ByteWriter()
        footer.write(fixed: UInt64(output.count))
        footer.write(fixed: UInt64(head.count))
        footer.write(fixed: head.withUnsafeBytes { ContentHash(of: $0).low })
        footer.write(raw: Segment.magic)
        try output.write(head)
        try output.write(footer.bytes)
    }

    private mutating func appendPages(_ pages: [CodedPage]) throws(TapeError) {
        var heads = ByteWriter()
        heads.write(UInt64(pages.count))
        for page in pages {
            heads.write(UInt64(page.rows))
            heads.write(page.first)
            heads.write(page.last &- page.first)
            heads.write(page.events)
            heads.write(UInt64(page.bytes.count))
        }
        let bytes = heads.bytes
        try appendPart { (write) throws(TapeError) in
            try bytes.withBytes { (all) throws(TapeError) in try write(all) }
            for page in pages { try SegmentBuilder.pass(page, to: write) }
        }
    }

    private static func pass(
        _ page: CodedPage, to write: (UnsafeRawBufferPointer) throws(TapeError) -> Void
    ) throws(TapeError) {
        do {
            try page.bytes.withBytes { try write($0) }
        } catch let error as TapeError {
            throw error
        } catch {
            preconditionFailure("writing throws nothing but tape errors: \(error)")
        }
    }

    private mutating func appendPart(
        _ body: ((UnsafeRawBufferPointer) throws(TapeError) -> Void) throws(TapeError) -> Void
    ) throws(TapeError) {
        let offset = output.count
        var hasher = ContentHasher()
        let output = output
        try body { (bytes) throws(TapeError) in
            hasher.update(bytes)
            try output.write(bytes)
        }
        directory.write(UInt64(offset))
        directory.write(UInt64(output.count - offset))
        directory.write(fixed: hasher.finish().low)
    }
}

extension IntervalSet {
    func encoded() -> [UInt8] {
        var writer = ByteWriter()
        writer.write(UInt64(intervals.count))
        var last: Int64 = 0
        for interval in intervals {
            writer.write(interval.lowerBound &- last)
            writer.write(UInt64(bitPattern: interval.upperBound &- interval.lowerBound))
            last = interval.upperBound
        }
        return writer.bytes
    }

    init(decoding bytes: UnsafeRawBufferPointer) throws {
        self.init()
        if bytes.isEmpty { return }
        var reader = ByteReader(bytes)
        var last: Int64 = 0
        for _ in 0..<(try reader.readCount(limit: bytes.count)) {
            let low = last &+ (try reader.readSigned())
            let high = low &+ Int64(bitPattern: try reader.readUnsigned())
            guard low <= high, isEmpty || low > last else { throw ByteReader.Malformed() }
            appendSorted(low...high)
            last = high
        }
        guard reader.isAtEnd else { throw ByteReader.Malformed() }
    }
}
