extension Manifest {
    /// The format and the version, which decide whether anything else can be read.
    static func readVersion(_ reader: inout ManifestReader) throws -> (format: String, version: Int) {
        var found = (format: "", version: 0)
        try reader.readObject { key, reader in
            switch key {
            case "format": found.format = try reader.readText()
            case "version": found.version = try reader.readInt()
            default: _ = try reader.skipValue()
            }
        }
        return found
    }

    /// Reads all members; `text` is what the reader reads.
    mutating func read(_ reader: inout ManifestReader, _ text: ManifestText) throws {
        try reader.readObject { key, reader in
            switch key {
            case "checksum": checksum = try reader.readText()
            case "segments": try reader.readArray { segments.append(try SegmentRecord(&$0)) }
            case "series": try reader.readArray { series.append(try SeriesRecord(&$0, text)) }
            case "shard": shard = try TapeShard(&reader)
            case "sources": try reader.readArray { sources.append(try SourceRecord(&$0)) }
            default: _ = try reader.skipValue()
            }
        }
    }

    /// The bytes of the file, with the checksum over all the rest.
    func encoded() -> [UInt8] {
        let rest = body()
        var hasher = ContentHasher()
        rest.head.withUnsafeBytes { hasher.update($0) }
        rest.tail.withUnsafeBytes { hasher.update($0) }
        return rest.head + Array(hasher.finish().description.utf8) + rest.tail + [0x0A]
    }

    /// All bytes before the digits of the checksum, and all behind them. Keys are sorted.
    private func body() -> (head: [UInt8], tail: [UInt8]) {
        var writer = ManifestWriter()
        writer.raw("\",\"format\":")
        writer.text(format)
        writer.raw(",\"segments\":")
        writer.array(segments) { $1.write(to: &$0) }
        writer.raw(",\"series\":")
        writer.array(series) { $1.write(to: &$0) }
        if let shard {
            writer.raw(",\"shard\":")
            shard.write(to: &writer)
        }
        writer.raw(",\"sources\":")
        writer.array(sources) { $1.write(to: &$0) }
        writer.raw(",\"version\":")
        writer.number(version)
        writer.raw("}")
        return (Array("{\"checksum\":\"".utf8), writer.bytes)
    }
}

extension Manifest.SegmentRecord {
    fileprivate init(_ reader: inout ManifestReader) throws {
        self.init(name: "", bytes: 0, hash: "", isEvents: true, start: 0)
        try reader.readObject { key, reader in
            switch key {
            case "name": name = try reader.readText()
            case "bytes": bytes = try reader.readInt()
            case "hash": hash = try reader.readText()
            case "isEvents": isEvents = try reader.readFlag()
            case "start": start = try reader.readNumber()
            default: _ = try reader.skipValue()
            }
        }
    }

    fileprivate func write(to writer: inout ManifestWriter) {
        writer.raw("{\"bytes\":")
        writer.number(bytes)
        writer.raw(",\"hash\":")
        writer.text(hash)
        writer.raw(",\"isEvents\":\(isEvents),\"name\":")
        writer.text(name)
        writer.raw(",\"start\":")
        writer.number(start)
        writer.raw("}")
    }
}

extension Manifest.SeriesRecord {
    fileprivate init(_ reader: inout ManifestReader, _ text: ManifestText) throws {
        self.init(kind: "", venue: "", name: "")
        try reader.readObject { key, reader in
            switch key {
            case "kind": kind = try reader.readText()
            case "venue": venue = try reader.readText()
            case "name": name = try reader.readText()
            case "groups": try reader.readArray { groups.append(try Manifest.GroupRecord(&$0)) }
            case "covered": covered = SecondPairs(text, try reader.skipPairs())
            case "anonymous": anonymous = SecondPairs(text, try reader.skipPairs())
            default: _ = try reader.skipValue()
            }
        }
    }

    fileprivate func write(to writer: inout ManifestWriter) {
        writer.raw("{\"anonymous\":")
        writer.pairs(anonymousSet)
        writer.raw(",\"covered\":")
        writer.pairs(coveredSet)
        writer.raw(",\"groups\":")
        writer.array(groups) { $1.write(to: &$0) }
        writer.raw(",\"kind\":")
        writer.text(kind)
        writer.raw(",\"name\":")
        writer.text(name)
        writer.raw(",\"venue\":")
        writer.text(venue)
        writer.raw("}")
    }
}

extension Manifest.GroupRecord {
    fileprivate init(_ reader: inout ManifestReader) throws {
        self.init(step: 0, rows: 0, first: 0, last: 0, events: 0)
        try reader.readObject { key, reader in
            switch key {
            case "step": step = try reader.readNumber()
            case "rows": rows = try reader.readInt()
            case "first": first = try reader.readNumber()
            case "last": last = try reader.readNumber()
            case "events": events = try reader.readNumber()
            default: _ = try reader.skipValue()
            }
        }
    }

    fileprivate func write(to writer: inout ManifestWriter) {
        writer.raw(
            "{\"events\":\(events),\"first\":\(first),\"last\":\(last),\"rows\":\(rows),\"step\":\(step)}")
    }
}

extension Manifest.SourceRecord {
    fileprivate init(_ reader: inout ManifestReader) throws {
        self.init(hash: "", bytes: 0, format: "")
        try reader.readObject { key, reader in
            switch key {
            case "hash": hash = try reader.readText()
            case "bytes": bytes = try reader.readInt()
            case "format": format = try reader.readText()
            default: _ = try reader.skipValue()
            }
        }
    }

    fileprivate func write(to writer: inout ManifestWriter) {
        writer.raw("{\"bytes\":")
        writer.number(bytes)
        writer.raw(",\"format\":")
        writer.text(format)
        writer.raw(",\"hash\":")
        writer.text(hash)
        writer.raw("}")
    }
}

extension TapeShard {
    fileprivate init(_ reader: inout ManifestReader) throws {
        var (index, count, inputs) = (0, 0, "")
        try reader.readObject { key, reader in
            switch key {
            case "index": index = try reader.readInt()
            case "count": count = try reader.readInt()
            case "inputs": inputs = try reader.readText()
            default: _ = try reader.skipValue()
            }
        }
        self.init(index: index, count: count, inputs: inputs)
    }

    fileprivate func write(to writer: inout ManifestWriter) {
        writer.raw("{\"count\":\(count),\"index\":\(index),\"inputs\":")
        writer.text(inputs)
        writer.raw("}")
    }
}

/// Writes the JSON of a manifest.
struct ManifestWriter {
    private(set) var bytes: [UInt8] = []

    /// JSON as it is.
    mutating func raw(_ text: String) {
        bytes.append(contentsOf: text.utf8)
    }

    mutating func number(_ value: some BinaryInteger) {
        raw(String(value))
    }

    mutating func text(_ text: String) {
        bytes.append(0x22)
        for byte in text.utf8 {
            switch byte {
            case 0x22, 0x5C: bytes += [0x5C, byte]
            case 0x08: raw("\\b")
            case 0x09: raw("\\t")
            case 0x0A: raw("\\n")
            case 0x0C: raw("\\f")
            case 0x0D: raw("\\r")
            case ..<0x20: raw("\\u00" + (byte < 0x10 ? "0" : "") + String(byte, radix: 16))
            default: bytes.append(byte)
            }
        }
        bytes.append(0x22)
    }

    mutating func array<Element>(_ elements: [Element], _ write: (inout ManifestWriter, Element) -> Void) {
        bytes.append(0x5B)
        for (index, element) in elements.enumerated() {
            if index > 0 { bytes.append(0x2C) }
            write(&self, element)
        }
        bytes.append(0x5D)
    }

    mutating func pairs(_ set: IntervalSet) {
        array(set.intervals) { writer, interval in
            writer.bytes.append(0x5B)
            writer.number(interval.lowerBound)
            writer.bytes.append(0x2C)
            writer.number(interval.upperBound)
            writer.bytes.append(0x5D)
        }
    }
}
