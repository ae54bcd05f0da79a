import Glibc
import Tape

/// The text of one input, block by block of whole lines, unpacked where it is compressed and hashed in the
/// same pass.
final class ByteInput {
    private(set) var hasher = ContentHasher()
    /// Bytes of text so far.
    private(set) var textBytes = 0
    /// Lines that were dropped because they did not fit the buffer; reported once by `takeDroppedLine`.
    private var droppedLine: (byteOffset: Int, head: [UInt8])?

    private let path: String
    private let descriptor: Int32
    private let child: Decompressor?
    private let buffer: UnsafeMutableRawBufferPointer
    private var filled = 0
    private var given = 0
    private var bufferStart = 0
    private var isAtEnd = false
    private var decoder: UTF16Decoder?
    /// Decoded text that waits for room in the buffer.
    private var waiting: ArraySlice<UInt8> = []

    static let bufferSize = 4 << 20

    /// Opens a path, or takes over a descriptor that can seek (standard input, copied to a file without a
    /// name).
    init(path: String, descriptor given: Int32? = nil) throws(IngestError) {
        self.path = path
        let opened = given.map { dup($0) } ?? open(path, O_RDONLY | O_CLOEXEC)
        guard opened >= 0 else {
            throw errno == ENOENT ? .missing(path: path) : .unreadable(path: path, message: lastError())
        }
        lseek(opened, 0, SEEK_SET)
        var head = [UInt8](repeating: 0, count: 8)
        let read = head.withUnsafeMutableBytes { Glibc.read(opened, $0.baseAddress, $0.count) }
        guard read >= 0, lseek(opened, 0, SEEK_SET) == 0 else {
            let message = lastError()
            close(opened)
            throw .unreadable(path: path, message: message)
        }
        if let compression = Compression(magic: head.prefix(max(0, read))) {
            defer { close(opened) }
            let child = try Decompressor(compression, input: opened, path: path)
            self.child = child
            descriptor = child.output
        } else {
            child = nil
            descriptor = opened
        }
        buffer = .allocate(byteCount: ByteInput.bufferSize, alignment: 64)
    }

    deinit {
        buffer.deallocate()
        if let child { child.abandon() } else { close(descriptor) }
    }

    /// The start of the text, at most `limit` bytes, without consuming it. To be called first.
    func peek(_ limit: Int) throws(IngestError) -> Bytes {
        while filled < limit, !isAtEnd { try fill() }
        return Bytes(rebasing: UnsafeRawBufferPointer(buffer)[..<min(limit, filled)])
    }

    /// The next whole lines, and the offset of the first of them; nil at the end. Valid until the next call.
    func nextBlock() throws(IngestError) -> (bytes: Bytes, byteOffset: Int)? {
        if given > 0 {
            let rest = filled - given
            if rest > 0, let base = buffer.baseAddress { memmove(base, base + given, rest) }
            bufferStart += given
            filled = rest
            given = 0
        }
        while filled < buffer.count, !isAtEnd { try fill() }
        guard filled > 0 else { return nil }
        let whole = UnsafeRawBufferPointer(buffer)[..<filled]
        if isAtEnd {
            given = filled
        } else if let newline = whole.lastIndex(of: 0x0A) {
            given = newline + 1
        } else {
            try skipLine()
            return try nextBlock()
        }
        return (Bytes(rebasing: whole[..<given]), bufferStart)
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
        return filled == 0 ? nil : Bytes(rebasing: UnsafeRawBufferPointer(buffer)[..<filled])
    }

    /// A line that did not fit the buffer and lies before the block that `nextBlock` gave last.
    func takeDroppedLine() -> (byteOffset: Int, head: [UInt8])? {
        defer { droppedLine = nil }
        return droppedLine
    }

    /// Waits for the unpacking tool and throws where it failed.
    func finish() throws(IngestError) {
        try child?.finish()
    }

    private func fill() throws(IngestError) {
        guard let base = buffer.baseAddress else { return }
        if decoder != nil { return try fillDecoded() }
        let count = try read(
            into: UnsafeMutableRawBufferPointer(start: base + filled, count: buffer.count - filled))
        if count == 0 {
            isAtEnd = true
            return
        }
        let fresh = UnsafeRawBufferPointer(start: base + filled, count: count)
        if textBytes == 0, let found = UTF16Decoder(mark: fresh) {
            decoder = found
            waiting = decoder?.decode(fresh)[...] ?? []
            return takeWaiting()
        }
        hasher.update(fresh)
        filled += count
        textBytes += count
    }

    private func read(into target: UnsafeMutableRawBufferPointer) throws(IngestError) -> Int {
        while true {
            let count = Glibc.read(descriptor, target.baseAddress, min(target.count, 1 << 20))
            if count >= 0 { return count }
            guard errno == EINTR else { throw .unreadable(path: path, message: lastError()) }
        }
    }

    private func fillDecoded() throws(IngestError) {
        if waiting.isEmpty {
            let raw = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 16, alignment: 8)
            defer { raw.deallocate() }
            let count = try read(into: raw)
            isAtEnd = count == 0
            waiting = decoder?.decode(Bytes(rebasing: raw[..<count]))[...] ?? []
        }
        takeWaiting()
    }

    private func takeWaiting() {
        guard let base = buffer.baseAddress else { return }
        let taken = waiting.prefix(buffer.count - filled)
        taken.withUnsafeBytes { bytes in
            UnsafeMutableRawBufferPointer(start: base + filled, count: bytes.count).copyMemory(from: bytes)
        }
        hasher.update(UnsafeRawBufferPointer(start: base + filled, count: taken.count))
        filled += taken.count
        textBytes += taken.count
        waiting = waiting.dropFirst(taken.count)
    }

    /// Drops a line that fills the whole buffer, up to and with its newline.
    private func skipLine() throws(IngestError) {
        droppedLine = (bufferStart, Array(buffer.prefix(QuarantinedRow.excerptLength)))
        while true {
            if let newline = UnsafeRawBufferPointer(buffer)[..<filled].firstIndex(of: 0x0A) {
                given = newline + 1
                return
            }
            bufferStart += filled
            filled = 0
            if isAtEnd { return }
            try fill()
        }
    }
}

func lastError() -> String { String(cString: strerror(errno)) }
