import Synchronization

#if canImport(Glibc)
    import Glibc
#else
    import Musl
#endif

/// Keeps coded pages until they are written: the first 64 MiB in memory, the rest in a file without a name, so that the
/// memory of an ingest does not grow with its input.
public final class PageStore: Sendable {
    private struct State {
        var descriptor: Int32 = -1
        var fileEnd = 0
    }

    private let folder: String
    /// Bytes in memory, beside the lock so that threads do not wait for each other as long as there is room.
    private let inMemory = Atomic<Int>(0)
    private let state = Mutex(State())

    static let memoryMax = 64 << 20

    /// An archive whose file would lie in a folder; it has no name there.
    init(folder: String) {
        self.folder = folder
    }

    deinit {
        let descriptor = state.withLock { $0.descriptor }
        if descriptor >= 0 { close(descriptor) }
    }

    func keep(_ bytes: UnsafeRawBufferPointer) throws(TapeError) -> PageBytes {
        let place = try place(of: bytes.count)
        guard let place else { return .memory(Array(bytes)) }
        var done = 0
        while done < bytes.count {
            let written = pwrite(
                place.descriptor, bytes.baseAddress?.advanced(by: done), bytes.count - done,
                off_t(place.offset + done))
            if written < 0, errno == EINTR { continue }
            guard written > 0 else { throw DurableFile.failure("write", folder + "/(pages)") }
            done += written
        }
        return .stored(self, offset: place.offset, length: bytes.count)
    }

    /// Reads back what `keep` wrote.
    func read(offset: Int, length: Int) throws(TapeError) -> [UInt8] {
        let descriptor = state.withLock { $0.descriptor }
        var bytes = [UInt8](repeating: 0, count: length)
        var done = 0
        while done < length {
            let got = bytes.withUnsafeMutableBytes {
                pread(descriptor, $0.baseAddress?.advanced(by: done), length - done, off_t(offset + done))
            }
            if got < 0, errno == EINTR { continue }
            guard got > 0 else { throw DurableFile.failure("read", folder + "/(pages)") }
            done += got
        }
        return bytes
    }

    /// Room in the file; nil where the bytes are to stay in memory.
    private func place(of count: Int) throws(TapeError) -> (descriptor: Int32, offset: Int)? {
        if inMemory.wrappingAdd(count, ordering: .relaxed).newValue <= Self.memoryMax { return nil }
        inMemory.wrappingSubtract(count, ordering: .relaxed)
        let outcome: Result<(descriptor: Int32, offset: Int)?, TapeError> = state.withLock { state in
            if state.descriptor < 0 {
                let name = folder + "/" + DurableFile.temporaryPrefix + "pages"
                state.descriptor = open(name, O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600)
                guard state.descriptor >= 0 else { return .failure(DurableFile.failure("create", name)) }
                unlink(name)
            }
            defer { state.fileEnd += count }
            return .success((state.descriptor, state.fileEnd))
        }
        return try outcome.get()
    }
}
