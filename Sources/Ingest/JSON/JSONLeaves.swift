import Units

/// Reads chosen values out of one JSON text and checks the whole of it, without building a tree.
///
/// A value is named by its path: keys joined by dots (`data.s`, `arg.instId`); arrays add nothing to a path,
/// so that their last element of a path counts. Of repeated keys the last counts. What is null counts as
/// absent. Linear in the text; nothing is allocated for a text once the buffers have grown.
struct JSONLeaves: ~Copyable {
    /// The deepest nesting that is followed.
    static let depthMax = 128

    private let wanted: [UInt64]
    private var values: [Range<Int>?]
    private var escaped: [Bool]
    private var scanner = JSONScanner()
    private var base = Bytes(start: nil, count: 0)
    /// Unescaped texts, one behind the other; they are never longer than the text that they come from.
    private var scratch = UnsafeMutableRawBufferPointer(start: nil, count: 0)
    private var scratchUsed = 0

    /// A reader of these paths.
    init(_ paths: [String]) {
        wanted = paths.map { JSONPath.hash(of: $0) }
        values = Array(repeating: nil, count: paths.count)
        escaped = Array(repeating: false, count: paths.count)
    }

    deinit {
        scratch.deallocate()
    }

    /// Reads a text; false where it is not one well-formed JSON value.
    mutating func read(_ text: Bytes) -> Bool {
        base = text
        scratchUsed = 0
        for index in values.indices { values[index] = nil }
        return scanner.scan(text) { path, range, kind in
            for index in wanted.indices where wanted[index] == path {
                values[index] = kind == .null ? nil : range
                escaped[index] = kind == .escapedText
            }
        }
    }

    /// Where the text that was read last stops being JSON.
    var end: Int { scanner.end }

    /// Whether a value was there.
    func has(_ index: Int) -> Bool { values[index] != nil }

    /// Where a value lies in the text, a text without its marks; nil where it is absent.
    func range(_ index: Int) -> Range<Int>? { values[index] }

    /// The bytes of a value, a text without its marks; empty where it is absent. Valid until the next text is
    /// read.
    mutating func value(_ index: Int) -> Bytes {
        guard let range = values[index] else { return Bytes(rebasing: base.prefix(0)) }
        let raw = Bytes(rebasing: base[range])
        guard escaped[index] else { return raw }
        if scratch.count < base.count {
            scratch.deallocate()
            scratch = .allocate(byteCount: 2 * base.count, alignment: 8)
            scratchUsed = 0
        }
        let plain = JSONText.unescaped(raw)
        if scratchUsed + plain.count > scratch.count { scratchUsed = 0 }
        let place = UnsafeMutableRawBufferPointer(rebasing: scratch[scratchUsed...].prefix(plain.count))
        place.copyBytes(from: plain)
        scratchUsed += plain.count
        return Bytes(place)
    }

    /// Appends a value as a field of a table, quoted where it has to be.
    mutating func append(_ index: Int, to row: inout [UInt8], delimiter: UInt8) {
        guard let range = values[index] else { return }
        let raw = Bytes(rebasing: base[range])
        if !escaped[index], !raw.contains(where: { $0 == delimiter || $0 == 0x22 }) {
            row.append(contentsOf: raw)
            return
        }
        row.append(0x22)
        for byte in escaped[index] ? JSONText.unescaped(raw) : Array(raw) {
            if byte == 0x22 { row.append(0x22) }
            row.append(byte)
        }
        row.append(0x22)
    }
}

/// What a scalar of a JSON text is.
enum JSONScalar {
    case text, escapedText, number, literal, null
}

/// Hashes of paths of keys.
enum JSONPath {
    static let root = FNV1a.empty

    @inline(__always)
    static func extend(_ hash: UInt64, _ byte: UInt8) -> UInt64 { FNV1a.extended(hash, by: UInt64(byte)) }

    static func hash(of path: String) -> UInt64 { FNV1a.hash(path.utf8) }

    /// The hash of a key below a path.
    @inline(__always)
    static func child(_ parent: UInt64, _ key: Bytes) -> UInt64 {
        var hash = parent == root ? root : extend(parent, 0x2E)
        for byte in key { hash = extend(hash, byte) }
        return hash
    }
}

/// Walks a JSON text and tells of every scalar with the hash of its path.
struct JSONScanner {
    private var paths: [UInt64] = []
    private var isObject: [Bool] = []
    /// Where the walk has ended: where the fault lies, if it was none through a well-formed value.
    private(set) var end = 0

    /// Walks a text; false where it is not one well-formed value.
    mutating func scan(_ text: Bytes, _ visit: (UInt64, Range<Int>, JSONScalar) -> Void) -> Bool {
        paths.removeAll(keepingCapacity: true)
        isObject.removeAll(keepingCapacity: true)
        var position = 0
        defer { end = position }
        var path = JSONPath.root
        while true {
            // A value begins here.
            skipBlanks(text, &position)
            guard position < text.count else { return false }
            let byte = text[position]
            if byte == 0x7B || byte == 0x5B {
                guard paths.count < JSONLeaves.depthMax else { return false }
                paths.append(path)
                isObject.append(byte == 0x7B)
                position += 1
                skipBlanks(text, &position)
                let closing: UInt8 = byte == 0x7B ? 0x7D : 0x5D
                if position < text.count, text[position] == closing {
                    position += 1
                    if !pop() { return atEnd(text, &position) }
                } else if byte == 0x7B {
                    guard let key = key(text, &position) else { return false }
                    path = JSONPath.child(paths[paths.count - 1], key)
                    continue
                } else {
                    continue
                }
            } else {
                guard let (range, kind) = JSONText.scalar(text, &position) else { return false }
                visit(path, range, kind)
                if paths.isEmpty { return atEnd(text, &position) }
            }
            switch afterValue(text, &position, &path) {
            case .value: continue
            case .end: return atEnd(text, &position)
            case .fault: return false
            }
        }
    }

    /// What comes after a value and the containers that end with it.
    private enum Follower { case value, end, fault }

    /// Goes on from where a value has ended to where the next one begins.
    @inline(__always)
    private mutating func afterValue(
        _ text: Bytes, _ position: inout Int, _ path: inout UInt64
    ) -> Follower {
        while true {
            skipBlanks(text, &position)
            guard position < text.count else { return .fault }
            let next = text[position]
            position += 1
            if next == 0x2C {
                path = paths[paths.count - 1]
                if isObject[isObject.count - 1] {
                    skipBlanks(text, &position)
                    guard let key = key(text, &position) else { return .fault }
                    path = JSONPath.child(path, key)
                }
                return .value
            }
            guard next == (isObject[isObject.count - 1] ? 0x7D : 0x5D) else {
                position -= 1
                return .fault
            }
            if !pop() { return .end }
        }
    }

    private mutating func pop() -> Bool {
        paths.removeLast()
        isObject.removeLast()
        return !paths.isEmpty
    }

    private func atEnd(_ text: Bytes, _ position: inout Int) -> Bool {
        skipBlanks(text, &position)
        return position == text.count
    }

    private func key(_ text: Bytes, _ position: inout Int) -> Bytes? {
        guard position < text.count, text[position] == 0x22,
            let (range, _) = JSONText.scalar(text, &position)
        else { return nil }
        skipBlanks(text, &position)
        guard position < text.count, text[position] == 0x3A else { return nil }
        position += 1
        return Bytes(rebasing: text[range])
    }

    @inline(__always)
    private func skipBlanks(_ text: Bytes, _ position: inout Int) {
        while position < text.count, JSONText.isBlank(text[position]) { position += 1 }
    }
}
