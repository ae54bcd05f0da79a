import CommandLineKit
import Files

/// The records of a small CSV (RFC 4180), with the line on which each starts; blank lines are passed over.
struct CSVRecords: Sequence {
    private let text: String

    /// The most bytes of a small table.
    private static let bytesMax = 64 << 20

    /// The records of a file in UTF-8.
    init(path: String) throws {
        let bytes = try InputFile.read(path, limit: CSVRecords.bytesMax)
        if let line = InputFile.tooLongLine(of: bytes) {
            throw ToolError("a line of more than 1 MiB", file: path, line: line, exit: .badInput)
        }
        guard let text = String(validating: bytes, as: UTF8.self) else {
            throw ToolError("not text in UTF-8", file: path, exit: .badInput)
        }
        self.text = text
    }

    func makeIterator() -> some IteratorProtocol<(line: Int, fields: [String])> {
        var records: [(line: Int, fields: [String])] = []
        var fields: [String] = []
        var field = ""
        var isQuoted = false
        var line = 1
        var start = 1
        func endRecord() {
            fields.append(field)
            if fields != [""] { records.append((start, fields)) }
            fields = []
            field = ""
        }
        var scalars = text.unicodeScalars.makeIterator()
        var pending = scalars.next()
        if pending == "\u{FEFF}" { pending = scalars.next() }
        while let scalar = pending {
            pending = scalars.next()
            switch scalar {
            case "\"" where isQuoted && pending == "\"":
                field.unicodeScalars.append("\"")
                pending = scalars.next()
            case "\"": isQuoted.toggle()
            case "," where !isQuoted:
                fields.append(field)
                field = ""
            case "\r" where !isQuoted && (pending == "\n" || pending == nil): break
            case "\n":
                line += 1
                if isQuoted {
                    field.unicodeScalars.append(scalar)
                } else {
                    endRecord()
                    start = line
                }
            default: field.unicodeScalars.append(scalar)
            }
        }
        if !field.isEmpty || !fields.isEmpty { endRecord() }
        return records.makeIterator()
    }
}
