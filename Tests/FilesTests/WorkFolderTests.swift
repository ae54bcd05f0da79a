import Files
import Foundation
import TestSupport
import Testing

@Suite("Folders to work in") struct WorkFolderTests {
    @Test("one of its own goes with all that is in it, one that was asked for stays")
    func lifetime() throws {
        var own: WorkFolder? = try WorkFolder()
        let path = try #require(own?.path)
        try Data("x".utf8).write(to: URL(filePath: path + "/file"))
        #expect(own?.path != (try WorkFolder().path))
        own = nil
        #expect(!FileManager.default.fileExists(atPath: path))
        let folder = try TemporaryFolder()
        var kept: WorkFolder? = try WorkFolder(keeping: folder.path("a/b"))
        #expect(kept?.path == folder.path("a/b"))
        kept = nil
        #expect(FileManager.default.fileExists(atPath: folder.path("a/b")))
    }
}
