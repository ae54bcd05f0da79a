/// A row that was not taken in.
public struct QuarantinedRow: Sendable, Equatable {
    /// The file, as it was named.
    public let path: String
    /// The line, from 1, of the text after decompression.
    public let line: Int
    /// Where on the line the fault lies, in bytes from 1, counted on where the row runs over several lines; 0
    /// where it is the row as a whole.
    public let column: Int
    /// Where the line starts, in bytes from the start of the text after decompression.
    public let byteOffset: Int
    /// What is wrong with it.
    public let reason: BadRow
    /// Its first bytes, for a person to look at.
    public let excerpt: String
    /// The text at the fault, as far as the next mark that parts fields, where the reason names it.
    let word: String?

    /// `line 3, column 17`, or `line 3`.
    public var place: String { column == 0 ? "line \(line)" : "line \(line), column \(column)" }

    /// The reason in words, with the word at fault where the reason is one.
    public var explanation: String {
        guard let word else { return reason.description }
        return "\(reason.description): '\(word)'"
    }

    /// How much of a word a message shows, in bytes.
    private static let wordLength = 60

    /// What stands where the fault lies, of reasons that name it.
    static func word(_ reason: BadRow, at offset: Int?, in text: UnsafeRawBufferPointer) -> String? {
        let marks: Set<UInt8>
        switch reason {
        case .sideWord: marks = Set(",;|\t\"]}".utf8)
        case .repeatedKey: marks = Set("=:\"\t ".utf8)
        default: return nil
        }
        guard let offset, offset < text.count else { return nil }
        let field = text[offset...].drop { $0 == 0x20 || $0 == 0x22 }.prefix { !marks.contains($0) }
        return String(decoding: field.prefix(wordLength), as: UTF8.self)
    }

    /// The same row of a text that more lines go before.
    func moved(byLines lines: Int) -> QuarantinedRow {
        QuarantinedRow(
            path: path, line: line + lines, column: column, byteOffset: byteOffset, reason: reason,
            excerpt: excerpt, word: word)
    }

    /// The same row with its text.
    func with(excerpt: String, column: Int) -> QuarantinedRow {
        QuarantinedRow(
            path: path, line: line, column: column, byteOffset: byteOffset, reason: reason, excerpt: excerpt,
            word: word)
    }

    /// How many bytes of a line an excerpt shows.
    public static let excerptLength = 120
}

/// Counts bad rows and keeps the first few.
struct Quarantine {
    let path: String
    let keptMax: Int
    private(set) var count = 0
    private(set) var byReason: [BadRow: Int] = [:]
    private(set) var kept: [QuarantinedRow] = []

    init(path: String, keptMax: Int) {
        self.path = path
        self.keptMax = keptMax
    }

    /// The start of a row's text.
    static func excerpt(_ text: UnsafeRawBufferPointer) -> String {
        String(decoding: text.prefix(QuarantinedRow.excerptLength), as: UTF8.self)
    }

    /// Gives a kept row its text.
    mutating func fill(_ index: Int, excerpt: String, column: Int) {
        kept[index] = kept[index].with(excerpt: excerpt, column: column)
    }

    /// Counts a bad row that begins at `column`; where the row is kept, the bytes before its fault are asked for.
    mutating func add(
        _ reason: BadRow, line: Int, column: Int = 1, byteOffset: Int, text: UnsafeRawBufferPointer,
        fault: () -> Int? = { nil }
    ) {
        count += 1
        byReason[reason, default: 0] += 1
        guard kept.count < keptMax else { return }
        let offset = fault()
        kept.append(
            QuarantinedRow(
                path: path, line: line, column: offset.map { column + $0 } ?? 0, byteOffset: byteOffset,
                reason: reason, excerpt: Quarantine.excerpt(text),
                word: QuarantinedRow.word(reason, at: offset, in: text)))
    }
}
