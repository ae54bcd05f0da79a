import Units

/// Reads chosen values out of one JSON text and checks the whole of it, without building a tree.
///
/// A value is named by its path: keys joined by dots (`data.s`, `arg.instId`). Arrays add nothing to a path, so that their
/// last element of a path counts; or each adds the number of the element, from 1 (`data.1.s`). Of repeated keys the last
/// counts, and `ambiguity` tells of them. What is null counts as absent. Linear in the text; nothing is allocated for a text once the buffers have grown.
struct JSONLeaves: ~Copyable {
    /// The deepest nesting that is followed.
    static let depthMax = 128

    private let wanted: [UInt64]
    /// The paths of the containers around the wanted values, that of the outermost included.
    private let parents: [JSONPath.Parent]
    /// How often each wanted value and each parent was there: behind keys, and as elements of arrays.
    private var keyCounts: [Int]
    private var elementCounts: [Int]
    private var values: [Range<Int>?]
    private var kinds: [JSONScalar]
    private(set) var ambiguity: JSONAmbiguity?
    private var scanner = JSONScanner()
    private var base = Bytes(start: nil, count: 0)
    /// Unescaped texts, one behind the other; they are never longer than the text that they come from.
    private var scratch = UnsafeMutableRawBufferPointer(start: nil, count: 0)
    private var scratchUsed = 0

    /// A reader of these paths.
    init(_ paths: [String]) {
        wanted = paths.map { JSONPath.hash(of: $0) }
        parents = JSONPath.parents(of: paths)
        values = Array(repeating: nil, count: paths.count)
        kinds = Array(repeating: .null, count: paths.count)
        keyCounts = Array(repeating: 0, count: wanted.count + parents.count)
        elementCounts = keyCounts
        scanner.numbersElements = paths.contains(where: JSONPath.hasNumber)
    }

    deinit {
        scratch.deallocate()
    }

    /// Reads a text; false where it is not one well-formed JSON value.
    mutating func read(_ text: Bytes) -> Bool {
        base = text
        scratchUsed = 0
        ambiguity = nil
        for index in values.indices { values[index] = nil }
        for index in keyCounts.indices {
            keyCounts[index] = 0
            elementCounts[index] = 0
        }
        return scanner.scan(text) { place, range, kind in
            for index in wanted.indices where wanted[index] == place.path || wanted[index] == place.numbered {
                Self.note(place, range, &keyCounts[index], &elementCounts[index], &ambiguity)
                guard kind != .container else { continue }
                values[index] = kind == .null ? nil : range
                kinds[index] = kind
            }
            for index in parents.indices where parents[index].path == place.path {
                if place.key == nil, parents[index].isNumbered { continue }
                let own = wanted.count + index
                Self.note(place, range, &keyCounts[own], &elementCounts[own], &ambiguity)
            }
        }
    }

    /// Counts a value, or a container, and notes where there is more than one of its path.
    @inline(__always)
    private static func note(
        _ place: JSONPlace, _ range: Range<Int>, _ keys: inout Int, _ elements: inout Int,
        _ ambiguity: inout JSONAmbiguity?
    ) {
        if let key = place.key {
            keys += 1
            if keys > 1, ambiguity == nil {
                ambiguity = JSONAmbiguity(reason: .repeatedKey, offset: key)
            }
        } else {
            elements += 1
            if elements > 1, ambiguity == nil {
                ambiguity = JSONAmbiguity(reason: .severalValues, offset: range.lowerBound)
            }
        }
    }

    /// Whether a value is a number without quotation marks.
    func isNumber(_ index: Int) -> Bool { values[index] != nil && kinds[index] == .number }

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
        guard kinds[index] == .escapedText else { return raw }
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
        let isEscaped = kinds[index] == .escapedText
        if !isEscaped, !raw.contains(where: { $0 == delimiter || $0 == 0x22 }) {
            row.append(contentsOf: raw)
            return
        }
        row.append(0x22)
        for byte in isEscaped ? JSONText.unescaped(raw) : Array(raw) {
            if byte == 0x22 { row.append(0x22) }
            row.append(byte)
        }
        row.append(0x22)
    }
}

/// What a scalar of a JSON text is.
enum JSONScalar {
    case text, escapedText, number, literal, null
    /// An object or an array, which is no scalar.
    case container
}

/// Why it is unclear which value of a text is meant, and where that shows.
struct JSONAmbiguity {
    let reason: BadRow
    let offset: Int
}

/// What leads to a value of a text.
struct JSONPlace {
    /// The hash of its keys.
    let path: UInt64
    /// The same with the numbers of elements, where these are asked for.
    let numbered: UInt64
    /// Where its key begins, behind the mark; nil for an element of an array. The outermost value counts as behind one.
    let key: Int?
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

    /// The hash of the element of a number, from 1, below a path.
    static func child(_ parent: UInt64, number: Int) -> UInt64 {
        Array(String(number).utf8).withUnsafeBytes { child(parent, $0) }
    }

    /// A path above a wanted one.
    struct Parent {
        let path: UInt64
        /// Whether nothing but numbers of elements follows it, so that it may have several.
        var isNumbered: Bool
    }

    /// The paths above some paths, each once, the outermost first.
    static func parents(of paths: [String]) -> [Parent] {
        var found: [Parent] = []
        for path in paths {
            let parts = path.split(separator: ".", omittingEmptySubsequences: false)
            for (index, part) in parts.enumerated() {
                let own = hash(of: parts[..<index].joined(separator: "."))
                let isNumbered = hasNumber(String(part))
                if let place = found.firstIndex(where: { $0.path == own }) {
                    found[place].isNumbered = found[place].isNumbered && isNumbered
                } else {
                    found.append(Parent(path: own, isNumbered: isNumbered))
                }
            }
        }
        return found
    }

    /// Whether a part of a path is a number, which may be that of an element.
    static func hasNumber(_ path: String) -> Bool {
        path.split(separator: ".").contains { part in part.allSatisfy { $0.isASCII && $0.isNumber } }
    }
}

/// Walks a JSON text and tells of every scalar and container with the hash of its path.
struct JSONScanner {
    /// A container that is open.
    private struct Level {
        let isObject: Bool
        let path: UInt64
        let numbered: UInt64
        /// Elements so far, of an array.
        var elements = 0
    }

    private var levels: [Level] = []
    /// Whether paths with the numbers of elements are asked for.
    var numbersElements = false
    /// Where the walk has ended: where the fault lies, if it was none through a well-formed value.
    private(set) var end = 0

    /// Walks a text; false where it is not one well-formed value.
    mutating func scan(_ text: Bytes, _ visit: (JSONPlace, Range<Int>, JSONScalar) -> Void) -> Bool {
        levels.removeAll(keepingCapacity: true)
        var position = 0
        defer { end = position }
        var place = JSONPlace(path: JSONPath.root, numbered: JSONPath.root, key: 0)
        while true {
            // A value begins here.
            skipBlanks(text, &position)
            guard position < text.count else { return false }
            let byte = text[position]
            if byte == 0x7B || byte == 0x5B {
                guard levels.count < JSONLeaves.depthMax else { return false }
                visit(place, position..<position + 1, .container)
                levels.append(Level(isObject: byte == 0x7B, path: place.path, numbered: place.numbered))
                position += 1
                skipBlanks(text, &position)
                let closing: UInt8 = byte == 0x7B ? 0x7D : 0x5D
                if position < text.count, text[position] == closing {
                    position += 1
                    levels.removeLast()
                    if levels.isEmpty { return atEnd(text, &position) }
                } else {
                    guard let next = next(text, &position) else { return false }
                    place = next
                    continue
                }
            } else {
                guard let (range, kind) = JSONText.scalar(text, &position) else { return false }
                visit(place, range, kind)
                if levels.isEmpty { return atEnd(text, &position) }
            }
            switch afterValue(text, &position, &place) {
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
        _ text: Bytes, _ position: inout Int, _ place: inout JSONPlace
    ) -> Follower {
        while true {
            skipBlanks(text, &position)
            guard position < text.count else { return .fault }
            let byte = text[position]
            position += 1
            if byte == 0x2C {
                skipBlanks(text, &position)
                guard let next = next(text, &position) else { return .fault }
                place = next
                return .value
            }
            guard byte == (levels[levels.count - 1].isObject ? 0x7D : 0x5D) else {
                position -= 1
                return .fault
            }
            levels.removeLast()
            if levels.isEmpty { return .end }
        }
    }

    /// The place of the next value of the innermost container, whose key is read; nil where there is none.
    @inline(__always)
    private mutating func next(_ text: Bytes, _ position: inout Int) -> JSONPlace? {
        let last = levels.count - 1
        let level = levels[last]
        guard level.isObject else {
            guard numbersElements else { return JSONPlace(path: level.path, numbered: level.path, key: nil) }
            levels[last].elements += 1
            let numbered = JSONPath.child(level.numbered, number: level.elements + 1)
            return JSONPlace(path: level.path, numbered: numbered, key: nil)
        }
        guard position < text.count, text[position] == 0x22,
            let (range, kind) = JSONText.scalar(text, &position)
        else { return nil }
        skipBlanks(text, &position)
        guard position < text.count, text[position] == 0x3A else { return nil }
        position += 1
        let raw = Bytes(rebasing: text[range])
        if kind == .escapedText {
            return JSONText.unescaped(raw).withUnsafeBytes { place(level, $0, range.lowerBound) }
        }
        return place(level, raw, range.lowerBound)
    }

    @inline(__always)
    private func place(_ level: Level, _ key: Bytes, _ start: Int) -> JSONPlace {
        let path = JSONPath.child(level.path, key)
        return JSONPlace(
            path: path, numbered: numbersElements ? JSONPath.child(level.numbered, key) : path, key: start)
    }

    private func atEnd(_ text: Bytes, _ position: inout Int) -> Bool {
        skipBlanks(text, &position)
        return position == text.count
    }

    @inline(__always)
    private func skipBlanks(_ text: Bytes, _ position: inout Int) {
        while position < text.count, JSONText.isBlank(text[position]) { position += 1 }
    }
}
