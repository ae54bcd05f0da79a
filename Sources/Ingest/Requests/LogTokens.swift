/// Cuts a log line at blanks; what stands in quotation marks or brackets is one token, without them.
struct LogTokens: ~Copyable {
    /// The most tokens that are looked at; what follows is ignored.
    static let tokensMax = 64

    private let starts: UnsafeMutablePointer<Int>
    private let ends: UnsafeMutablePointer<Int>
    private let quoted: UnsafeMutablePointer<Bool>
    private var base = Bytes(start: nil, count: 0)
    /// How many tokens the line has.
    private(set) var count = 0

    init() {
        starts = .allocate(capacity: LogTokens.tokensMax)
        ends = .allocate(capacity: LogTokens.tokensMax)
        quoted = .allocate(capacity: LogTokens.tokensMax)
    }

    deinit {
        starts.deallocate()
        ends.deallocate()
        quoted.deallocate()
    }

    /// A token of the line that was cut last.
    subscript(_ index: Int) -> Bytes { Bytes(rebasing: base[starts[index]..<ends[index]]) }

    /// Where a token begins in the line, behind its quotation mark or bracket.
    func start(_ index: Int) -> Int { starts[index] }

    /// Whether a token stood in quotation marks or brackets.
    func isQuoted(_ index: Int) -> Bool { quoted[index] }

    /// Cuts a line; false where a quotation mark is not closed.
    mutating func cut(_ line: Bytes) -> Bool {
        base = line
        count = 0
        var index = 0
        while index < line.count, count < LogTokens.tokensMax {
            let byte = line[index]
            if byte == 0x20 || byte == 0x09 {
                index += 1
                continue
            }
            var end = index
            if byte == 0x22 || byte == 0x5B {
                let closer: UInt8 = byte == 0x22 ? 0x22 : 0x5D
                end = index + 1
                while end < line.count, !closes(line, end, closer) {
                    // Logs write a mark inside a text as \", or leave it bare.
                    end += line[end] == 0x5C && byte == 0x22 ? 2 : 1
                }
                guard end < line.count else { return false }
                append(index + 1, end, isQuoted: true)
                index = end + 1
            } else {
                while end < line.count, line[end] != 0x20, line[end] != 0x09 { end += 1 }
                append(index, end, isQuoted: false)
                index = end
            }
        }
        return true
    }

    /// A mark closes where a blank or the end of the line follows.
    private func closes(_ line: Bytes, _ index: Int, _ closer: UInt8) -> Bool {
        guard line[index] == closer else { return false }
        return index + 1 == line.count || line[index + 1] == 0x20 || line[index + 1] == 0x09
    }

    private mutating func append(_ start: Int, _ end: Int, isQuoted: Bool) {
        starts[count] = start
        ends[count] = end
        quoted[count] = isQuoted
        count += 1
    }
}
