/// Cuts a JSON document into the elements that stand for rows, block by block, without holding the document.
///
/// Where an array or an object begins, or any other value that is an element of an array, `wants` decides by its depth and by
/// the keys above it whether it is an element that is asked for: it is then collected whole and handed on. Depth 0 is the
/// outermost value. Newlines are counted for messages.
struct JSONElements {
    /// What is known where a value begins.
    struct Place {
        enum Kind { case object, array, scalar }

        /// Containers open around it.
        let depth: Int
        /// The keys that lead to it: one for each container open around it, empty for an array's element.
        let keys: [[UInt8]]
        let kind: Kind

        var isArray: Bool { kind == .array }
    }

    struct Element {
        let depth: Int
        let keys: [[UInt8]]
        let line: Int
        let column: Int
        let byteOffset: Int
    }

    /// What is wrong with a document.
    struct Problem: Error {
        let line: Int
        let column: Int
        let message: String
    }

    private let wants: (Place) -> Bool
    private var closers: [UInt8] = []
    private var keys: [[UInt8]] = []
    /// The text that was read last in the container at hand; a key, if a colon follows it.
    private var lastText: [UInt8] = []
    private var isInText = false
    private var isEscaped = false
    private var hasBegun = false

    private var element: [UInt8] = []
    private var elementDepth: Int?
    /// Whether the element at hand is a scalar, which ends where its container goes on.
    private var isScalar = false
    /// Whether a value of an array comes next.
    private var expectsValue = false
    private var elementStart = (line: 1, column: 1, byteOffset: 0)

    private(set) var line = 1
    private var lineStart = 0
    private var offset = 0

    /// An element may be this long.
    static let elementLengthMax = 1 << 20

    init(wants: @escaping (Place) -> Bool) {
        self.wants = wants
    }

    /// Reads the next block; `take` gets the bytes of each element that ends in it.
    mutating func read(_ block: Bytes, _ take: (Bytes, Element) -> Void) throws(Problem) {
        var index = 0
        while index < block.count {
            let next = readRun(block, from: index)
            if next > index {
                offset += next - index
                index = next
                continue
            }
            let byte = block[index]
            index += 1
            defer {
                offset += 1
                if byte == 0x0A {
                    line += 1
                    lineStart = offset
                }
            }
            if !isInText {
                if expectsValue, !JSONText.isBlank(byte) { beginValue(byte) }
                if isScalar, byte == 0x2C || byte == 0x5D { handOn(take) }
            }
            if elementDepth != nil {
                element.append(byte)
                if element.count > JSONElements.elementLengthMax {
                    throw problem("an element longer than 1 MiB")
                }
            }
            if isInText {
                readText(byte)
            } else {
                try readStructure(byte, take)
            }
        }
    }

    /// Takes in the bytes from an index on that change nothing of the structure, and returns where they end.
    @inline(__always)
    private mutating func readRun(_ block: Bytes, from start: Int) -> Int {
        let isInElement = elementDepth != nil
        let room = isInElement ? JSONElements.elementLengthMax - element.count : 4096 - lastText.count
        let limit = min(block.count, start + max(0, room))
        var end = start
        if isInText {
            guard !isEscaped else { return start }
            while end < limit, block[end] != 0x22, block[end] != 0x5C, block[end] != 0x0A { end += 1 }
        } else {
            guard isInElement, !isScalar else { return start }
            while end < limit, JSONElements.isPlain(block[end]) { end += 1 }
        }
        guard end > start else { return start }
        if isInElement {
            element.append(contentsOf: block[start..<end])
        } else {
            lastText.append(contentsOf: block[start..<end])
        }
        return end
    }

    /// Whether a byte of an element opens, closes and ends nothing: digits, letters, commas, colons, blanks.
    @inline(__always)
    private static func isPlain(_ byte: UInt8) -> Bool {
        byte >= 0x20 && byte != 0x22 && byte | 0x20 != 0x7B && byte | 0x20 != 0x7D
    }

    /// Says whether the document was whole.
    func finish() throws(Problem) {
        guard hasBegun else { throw problem("no value") }
        guard closers.isEmpty, !isInText else { throw problem("the document ends too early") }
    }

    private mutating func readText(_ byte: UInt8) {
        if isEscaped {
            isEscaped = false
        } else if byte == 0x5C {
            isEscaped = true
        } else if byte == 0x22 {
            isInText = false
            return
        }
        if elementDepth == nil, lastText.count < 4096 { lastText.append(byte) }
    }

    private mutating func readStructure(_ byte: UInt8, _ take: (Bytes, Element) -> Void) throws(Problem) {
        switch byte {
        case 0x22:
            guard !closers.isEmpty else { throw problem("a string where an object or an array is expected") }
            isInText = true
            lastText.removeAll(keepingCapacity: true)
        case 0x3A:
            if elementDepth == nil, let last = keys.indices.last { keys[last] = lastText }
        case 0x2C:
            guard let closer = closers.last else { throw problem("a comma outside any object or array") }
            expectsValue = elementDepth == nil && closer == 0x5D
        case 0x7B, 0x5B: try open(byte)
        case 0x7D, 0x5D:
            guard let closer = closers.popLast(), closer == byte else {
                throw problem("'\(Character(Unicode.Scalar(byte)))' has no opening bracket")
            }
            if elementDepth == closers.count {
                handOn(take)
            } else if elementDepth == nil {
                keys.removeLast()
            }
        case 0:
            throw problem("a NUL byte")
        default:
            guard !closers.isEmpty || JSONText.isBlank(byte) else {
                throw problem("text outside the outermost object or array")
            }
        }
    }

    /// Notes that a value of an array begins, and takes up a scalar that is asked for.
    private mutating func beginValue(_ byte: UInt8) {
        expectsValue = false
        guard byte != 0x5B, byte != 0x7B, byte != 0x5D, byte != 0x7D, byte != 0x2C,
            wants(Place(depth: closers.count, keys: keys, kind: .scalar))
        else { return }
        isScalar = true
        elementDepth = closers.count
        elementStart = (line, offset - lineStart + 1, offset)
    }

    /// Hands on the element at hand.
    private mutating func handOn(_ take: (Bytes, Element) -> Void) {
        if isScalar {
            while let last = element.last, JSONText.isBlank(last) { element.removeLast() }
        }
        let found = Element(
            depth: elementDepth ?? 0, keys: keys, line: elementStart.line, column: elementStart.column,
            byteOffset: elementStart.byteOffset)
        element.withUnsafeBytes { take($0, found) }
        element.removeAll(keepingCapacity: true)
        elementDepth = nil
        isScalar = false
    }

    private mutating func open(_ byte: UInt8) throws(Problem) {
        guard !(hasBegun && closers.isEmpty) else { throw problem("a second value after the first") }
        guard closers.count < JSONLeaves.depthMax else { throw problem("nested too deeply") }
        guard !isScalar else { throw problem("a bracket within a value") }
        hasBegun = true
        if elementDepth == nil {
            let place = Place(depth: closers.count, keys: keys, kind: byte == 0x5B ? .array : .object)
            if wants(place) {
                elementDepth = closers.count
                elementStart = (line, offset - lineStart + 1, offset)
                element.append(byte)
            } else {
                keys.append([])
            }
        }
        expectsValue = elementDepth == nil && byte == 0x5B
        closers.append(byte == 0x7B ? 0x7D : 0x5D)
    }

    private func problem(_ message: String) -> Problem {
        Problem(line: line, column: offset - lineStart + 1, message: message)
    }
}
