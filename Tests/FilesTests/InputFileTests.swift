import Files
import Foundation
import TestSupport
import Testing

@Suite("Files that are read as a whole")
struct InputFileTests {
    @Test("the limit is one, whatever says how large the file is")
    func limit() throws {
        let folder = try TemporaryFolder()
        let path = try folder.write("12345", to: "x")
        #expect(try InputFile.read(path, limit: 5) == Array("12345".utf8))
        #expect(throws: InputFileError.self) { try InputFile.read(path, limit: 4) }
        // A device and a pipe do not say their size.
        #expect(throws: InputFileError.self) { try InputFile.read("/dev/zero", limit: 1 << 20) }
        let pipe = Pipe()
        pipe.fileHandleForWriting.write(Data(repeating: 65, count: 3000))
        try pipe.fileHandleForWriting.close()
        #expect(throws: InputFileError.self) {
            try InputFile.read(pipe.fileHandleForReading.fileDescriptor, path: "pipe", limit: 2999)
        }
    }

    @Test("what is no file says what it is")
    func noFiles() throws {
        let folder = try TemporaryFolder()
        for (path, reason) in [(folder.path("none"), "no such file"), (folder.url.path, "folder")] {
            do {
                _ = try InputFile.read(path)
                Issue.record("read \(path)")
            } catch { #expect(error.reason.contains(reason)) }
        }
    }

    @Test("a line that is too long is found")
    func longLines() {
        let long = [UInt8](repeating: 65, count: InputFile.lineBytesMax)
        #expect(
            InputFile.tooLongLine(of: []) == nil && InputFile.tooLongLine(of: long + [0x0A] + long) == nil)
        #expect(InputFile.tooLongLine(of: [65, 0x0A] + long + [65]) == 2)
    }
}
