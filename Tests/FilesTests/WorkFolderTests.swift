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

    @Test("what dead ones left is removed by the next, and what lives, or is another's, is not")
    func leftovers() throws {
        let living = try WorkFolder()
        let parent = FileManager.default.temporaryDirectory.path
        let dead = parent + "/highwater-work-1-\(UUID().uuidString)"
        let other = parent + "/highwater-worker-\(UUID().uuidString)"
        defer { try? FileManager.default.removeItem(atPath: other) }
        for folder in [dead, other] {
            try FileManager.default.createDirectory(
                atPath: folder + "/files/a", withIntermediateDirectories: true)
            try Data("x".utf8).write(to: URL(filePath: folder + "/files/a/file"))
            try Data().write(to: URL(filePath: folder + "/lock"))
        }
        let next = try WorkFolder()
        withExtendedLifetime((living, next)) {
            #expect(FileManager.default.fileExists(atPath: living.path))
            #expect(FileManager.default.fileExists(atPath: next.path))
            // Another process may have begun to remove it.
            for _ in 0..<200 where FileManager.default.fileExists(atPath: dead) { usleep(10_000) }
            #expect(!FileManager.default.fileExists(atPath: dead))
            #expect(FileManager.default.fileExists(atPath: other + "/files/a/file"))
        }
    }
}
