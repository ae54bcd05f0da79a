import Files
import Glibc
import Tape

/// The text of one input, block by block of whole lines, unpacked where it is compressed and hashed in the same pass.
///
/// With a range, it is the lines that start in that range of bytes, and the hash is of the range. Ranges of one file that
/// start at multiples of `ContentHasher.unitBytes` can be read by several threads.
final class ByteInput {
    private(set) var hasher = ContentHasher()
    /// Bytes of text so far; with a range, those inside.
    private(set) var textBytes = 0
    /// Lines that were dropped because they did not fit the buffer; reported once by `takeDroppedLine`.
    private var droppedLine: (byteOffset: Int, head: [UInt8])?

    private let path: String
    private let descriptor: Int32
    private let child: Decompressor?
    private let range: Range<Int>
    private let timing: StageTimer
    private var buffer: UnsafeMutableRawBufferPointer
    private var filled = 0
    private var given = 0
    /// Where the buffer's first byte lies in the text.
    private var bufferStart: Int
    private var isAtEnd = false
    private var decoder: UTF16Decoder?
    /// Bytes of an encoded text that were read.
    private var rawOffset = 0
    /// Decoded text that waits for room in the buffer.
    private var waiting: ArraySlice<UInt8> = []

    /// Bytes before and behind a block that may be read, though they mean nothing.
    static let padding = 64
    private static let bufferSize = 256 << 10
    /// A line that is longer than this is dropped unread.
    private static let bufferMax = 4 << 20

    /// Opens a path, or takes over a descriptor that can seek (standard input, copied to a file without a name).
    init(
        path: String, descriptor given: Int32? = nil, range: Range<Int>? = nil,
        timing: StageTimer = StageTimer()
    ) throws(IngestError) {
        self.path = path
        self.timing = timing
        let opened = given.map { dup($0) } ?? open(path, O_RDONLY | O_CLOEXEC)
        guard opened >= 0 else {
            throw errno == ENOENT ? .missing(path: path) : .unreadable(path: path, message: lastError())
        }
        let head: [UInt8]
        do throws(IngestError) {
            head = try ByteInput.head(of: opened, path: path, count: 8)
        } catch {
            close(opened)
            throw error
        }
        if let compression = Compression(magic: head) {
            defer { close(opened) }
            lseek(opened, 0, SEEK_SET)
            let child = try ByteInput.unpacking(path) { () throws(DecompressionError) in
                try Decompressor(compression, input: opened)
            }
            self.child = child
            descriptor = child.output
        } else {
            child = nil
            descriptor = opened
        }
        self.range = range ?? 0..<Int.max
        // One byte earlier, to see whether a line starts where the range does.
        bufferStart = max(0, self.range.lowerBound - 1)
        buffer = .allocate(byteCount: ByteInput.bufferSize + 2 * ByteInput.padding, alignment: 64)
        buffer.initializeMemory(as: UInt8.self, repeating: 0)
    }

    deinit {
        buffer.deallocate()
        if let child { child.abandon() } else { close(descriptor) }
    }

    /// Whether the text is the file itself, so that it can be read from anywhere.
    var isPlain: Bool { child == nil && decoder == nil }

    /// The start of the text, at most `limit` bytes, without consuming it. To be called first, and not with a range.
    func peek(_ limit: Int) throws(IngestError) -> Bytes {
        while filled < min(limit, capacity), !isAtEnd { try fill() }
        return Bytes(rebasing: text[..<min(limit, filled)])
    }

    /// The next whole lines, and the offset of the first of them; nil at the end. Valid until the next call, as are
    /// `padding` bytes before and behind.
    func nextBlock() throws(IngestError) -> (bytes: Bytes, byteOffset: Int)? {
        while true {
            consume()
            while filled < capacity, !isAtEnd { try fill() }
            if range.lowerBound > 0, bufferStart < range.lowerBound {
                // The line at hand started before the range.
                if filled == 0, isAtEnd { return nil }
                try skipLine(isDropped: false)
                continue
            }
            guard filled > 0 else { return nil }
            if isAtEnd {
                given = filled
            } else if let newline = text[..<filled].lastIndex(of: 0x0A) {
                given = newline + 1
            } else if capacity < ByteInput.bufferMax {
                grow()
                continue
            } else {
                try skipLine(isDropped: true)
                continue
            }
            return (Bytes(rebasing: text[..<given]), bufferStart)
        }
    }

    /// The next bytes, wherever lines end; nil at the end. Valid until the next call. Not to be mixed with
    /// `nextBlock`.
    func nextChunk() throws(IngestError) -> Bytes? {
        if given > 0 {
            bufferStart += given
            filled = 0
            given = 0
        }
        while filled == 0, !isAtEnd { try fill() }
        given = filled
        return filled == 0 ? nil : Bytes(rebasing: text[..<filled])
    }

    /// A line that did not fit the buffer and lies before the block that `nextBlock` gave last.
    func takeDroppedLine() -> (byteOffset: Int, head: [UInt8])? {
        defer { droppedLine = nil }
        return droppedLine
    }

    /// Waits for the unpacking tool and throws where it failed.
    func finish() throws(IngestError) {
        try ByteInput.unpacking(path) { () throws(DecompressionError) in try child?.finish() }
    }

    private static func unpacking<Result>(
        _ path: String, _ body: () throws(DecompressionError) -> Result
    ) throws(IngestError) -> Result {
        do {
            return try body()
        } catch {
            throw .decompression(path: path, tool: error.tool, message: error.message)
        }
    }

    private var capacity: Int { buffer.count - 2 * ByteInput.padding }
    private var text: UnsafeRawBufferPointer {
        UnsafeRawBufferPointer(rebasing: buffer[ByteInput.padding..<buffer.count - ByteInput.padding])
    }

    /// Moves what is left to the front.
    private func consume() {
        guard given > 0 else { return }
        let rest = filled - given
        if rest > 0, let base = buffer.baseAddress {
            memmove(base + ByteInput.padding, base + ByteInput.padding + given, rest)
        }
        bufferStart += given
        filled = rest
        given = 0
    }

    private func grow() {
        let larger = UnsafeMutableRawBufferPointer.allocate(
            byteCount: capacity * 4 + 2 * ByteInput.padding, alignment: 64)
        larger.copyMemory(from: UnsafeRawBufferPointer(rebasing: buffer[..<(ByteInput.padding + filled)]))
        buffer.deallocate()
        buffer = larger
    }

    private func fill() throws(IngestError) {
        if decoder != nil { return try fillDecoded() }
        guard let base = buffer.baseAddress.map({ $0 + ByteInput.padding + filled }) else { return }
        let start = bufferStart + filled
        let clock = timing.start()
        let count = try read(
            into: UnsafeMutableRawBufferPointer(start: base, count: capacity - filled), from: start)
        timing.stop(.read, clock)
        if count == 0 {
            isAtEnd = true
            return
        }
        let fresh = UnsafeRawBufferPointer(start: base, count: count)
        if start == 0, let found = UTF16Decoder(mark: fresh) {
            decoder = found
            rawOffset = count
            waiting = decoder?.decode(fresh)[...] ?? []
            return takeWaiting()
        }
        let hashing = timing.start()
        let inside = (start..<start + count).clamped(to: range)
        if !inside.isEmpty {
            hasher.update(
                UnsafeRawBufferPointer(start: base + (inside.lowerBound - start), count: inside.count))
            textBytes += inside.count
        }
        timing.stop(.hash, hashing)
        filled += count
        if bufferStart + filled >= range.upperBound { cutAtRange(from: start) }
    }

    private func read(
        into target: UnsafeMutableRawBufferPointer, from offset: Int
    ) throws(IngestError) -> Int {
        while true {
            let count =
                child == nil
                ? pread(descriptor, target.baseAddress, target.count, off_t(offset))
                : Glibc.read(descriptor, target.baseAddress, target.count)
            if count >= 0 { return count }
            guard errno == EINTR else { throw .unreadable(path: path, message: lastError()) }
        }
    }

    private func fillDecoded() throws(IngestError) {
        if waiting.isEmpty {
            let raw = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 16, alignment: 8)
            defer { raw.deallocate() }
            let count = try read(into: raw, from: rawOffset)
            rawOffset += count
            isAtEnd = count == 0
            waiting = decoder?.decode(Bytes(rebasing: raw[..<count]))[...] ?? []
        }
        takeWaiting()
    }

    private func takeWaiting() {
        guard let base = buffer.baseAddress.map({ $0 + ByteInput.padding + filled }) else { return }
        let taken = waiting.prefix(capacity - filled)
        taken.withUnsafeBytes { bytes in
            UnsafeMutableRawBufferPointer(start: base, count: bytes.count).copyMemory(from: bytes)
        }
        hasher.update(UnsafeRawBufferPointer(start: base, count: taken.count))
        filled += taken.count
        textBytes += taken.count
        waiting = waiting.dropFirst(taken.count)
    }

    /// Ends the text behind the line that holds the last byte of the range.
    private func cutAtRange(from start: Int) {
        let searched = max(start, range.upperBound - 1) - bufferStart
        guard let newline = text[searched..<filled].firstIndex(of: 0x0A) else { return }
        filled = newline + 1
        isAtEnd = true
    }

    /// Skips to behind the next newline; a line that is `dropped` is reported.
    private func skipLine(isDropped: Bool) throws(IngestError) {
        if isDropped { droppedLine = (bufferStart, Array(text.prefix(QuarantinedRow.excerptLength))) }
        while true {
            if let newline = text[..<filled].firstIndex(of: 0x0A) {
                given = newline + 1
                consume()
                return
            }
            bufferStart += filled
            filled = 0
            if isAtEnd { return }
            try fill()
        }
    }

    /// The first bytes of a file, wherever it stands.
    private static func head(of descriptor: Int32, path: String, count: Int) throws(IngestError) -> [UInt8] {
        var head = [UInt8](repeating: 0, count: count)
        while true {
            let read = head.withUnsafeMutableBytes { pread(descriptor, $0.baseAddress, $0.count, 0) }
            if read < 0, errno == EINTR { continue }
            guard read >= 0 else { throw .unreadable(path: path, message: lastError()) }
            return Array(head.prefix(read))
        }
    }
}

func lastError() -> String { String(cString: strerror(errno)) }
