import Foundation
import TestSupport

/// A source file as the house test sees it: its place, and the words in it without comments and texts.
struct SourceText {
    /// The module, and the folder in it; "" where the file lies in the module's own folder.
    let module: String
    let folder: String
    /// The path below the checkout.
    let path: String
    /// The words of the code, in their order, each with the depth of braces that it stands in.
    let words: [Word]

    struct Word {
        var text: Substring
        var depth: Int
        /// Whether a dot stands before it, so that it is a member of something.
        var isMember: Bool
    }

    /// Reads one file, `Sources/Module/Folder/File.swift` or as for tests.
    init(_ file: URL) throws {
        let parts = file.pathComponents.suffix(from: Tool.checkout.pathComponents.count)
        path = parts.joined(separator: "/")
        module = parts.dropFirst().first ?? ""
        folder = parts.count > 3 ? parts[parts.startIndex + 2] : ""
        words = Self.words(of: try String(contentsOf: file, encoding: .utf8))
    }

    /// Every Swift file below a folder of the checkout, in the order of their paths.
    static func all(below folder: String) throws -> [SourceText] {
        let root = Tool.checkout.appending(path: folder)
        let walker = FileManager.default.enumerator(at: root, includingPropertiesForKeys: nil)
        let files = (walker?.compactMap { $0 as? URL } ?? []).filter { $0.pathExtension == "swift" }
        return try files.sorted { $0.path < $1.path }.map { try SourceText($0) }
    }

    /// The modules that are imported, wherever the line stands and whatever stands before the word.
    var imports: Set<String> {
        var found: Set<String> = []
        for (index, word) in words.enumerated() where word.text == "import" && index + 1 < words.count {
            found.insert(String(words[index + 1].text))
        }
        return found
    }

    /// The types that it declares for other files: at depth 0, and not private.
    var types: Set<String> { declared(after: ["struct", "class", "enum", "protocol", "actor", "typealias"]) }

    /// The names that it declares for other files: types, functions, properties, cases, and `init` for all
    /// initialisers; members count, since extensions declare nothing else.
    var names: Set<String> {
        var found = types
        if words.contains(where: { $0.text == "init" && $0.depth == 1 && !$0.isMember }) {
            found.insert("init")
        }
        for word in ["func", "var", "let", "case", "struct", "enum", "class", "typealias", "associatedtype"] {
            for (index, next) in words.enumerated().dropFirst() where words[index - 1].text[...] == word {
                if words[index - 1].depth <= 1 { found.insert(String(next.text)) }
            }
        }
        return found
    }

    private func declared(after keywords: Set<Substring>) -> Set<String> {
        var found: Set<String> = []
        for (index, word) in words.enumerated() where word.depth == 0 && keywords.contains(word.text) {
            let before = words[max(0, index - 2)..<index].map(\.text)
            guard index + 1 < words.count, !before.contains("private"), !before.contains("fileprivate") else {
                continue
            }
            found.insert(String(words[index + 1].text))
        }
        return found
    }
}

extension SourceText {
    /// The words outside of comments and texts; those of an interpolation count.
    private static func words(of text: String) -> [Word] {
        var scanner = Scanner(bytes: Array(text.utf8))
        scanner.code(until: nil)
        return scanner.words
    }

    private struct Scanner {
        let bytes: [UInt8]
        var place = 0
        var depth = 0
        var words: [Word] = []

        init(bytes: [UInt8]) { self.bytes = bytes }

        /// Reads code up to a closing parenthesis that none opened here, or to the end.
        mutating func code(until end: UInt8?) {
            var open = 0
            while place < bytes.count {
                let byte = bytes[place]
                switch byte {
                case UInt8(ascii: "/") where next == UInt8(ascii: "/"): skipLine()
                case UInt8(ascii: "/") where next == UInt8(ascii: "*"): skipBlock()
                case UInt8(ascii: "\""): skipText()
                case UInt8(ascii: "("):
                    open += 1
                    place += 1
                case UInt8(ascii: ")"):
                    if open == 0, byte == end { return }
                    open -= 1
                    place += 1
                case UInt8(ascii: "{"):
                    depth += 1
                    place += 1
                case UInt8(ascii: "}"):
                    depth -= 1
                    place += 1
                case _ where Self.isWord(byte): word()
                default: place += 1
                }
            }
        }

        private var next: UInt8? { place + 1 < bytes.count ? bytes[place + 1] : nil }

        private static func isWord(_ byte: UInt8) -> Bool {
            byte == UInt8(ascii: "_") || byte > 127 || (48...57).contains(byte) || (65...90).contains(byte)
                || (97...122).contains(byte)
        }

        private mutating func word() {
            let start = place
            while place < bytes.count, Self.isWord(bytes[place]) { place += 1 }
            let text = Substring(decoding: bytes[start..<place], as: UTF8.self)
            let isMember = start > 0 && bytes[start - 1] == UInt8(ascii: ".")
            words.append(Word(text: text, depth: depth, isMember: isMember))
        }

        private mutating func skipLine() {
            while place < bytes.count, bytes[place] != UInt8(ascii: "\n") { place += 1 }
        }

        private mutating func skipBlock() {
            while place + 1 < bytes.count, bytes[place] != UInt8(ascii: "*") || next != UInt8(ascii: "/") {
                place += 1
            }
            place += 2
        }

        /// A text of one line or, after three marks, of many; with marks of number for a raw one.
        private mutating func skipText() {
            var hashes = 0
            while place > hashes, bytes[place - 1 - hashes] == UInt8(ascii: "#") { hashes += 1 }
            let quotes = bytes[place...].prefix(3) == [34, 34, 34] ? 3 : 1
            let end = [UInt8](repeating: 34, count: quotes) + [UInt8](repeating: 35, count: hashes)
            place += quotes
            while place < bytes.count, !bytes[place...].starts(with: end) {
                guard bytes[place] == UInt8(ascii: "\\") else {
                    place += 1
                    continue
                }
                place += 1 + hashes
                if place < bytes.count, bytes[place] == UInt8(ascii: "("), hashes == 0 {
                    place += 1
                    code(until: UInt8(ascii: ")"))
                }
                place += 1
            }
            place += end.count
        }
    }
}
