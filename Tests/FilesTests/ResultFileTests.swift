import Files
import Foundation
import TestSupport
import Testing

@Suite("Result files") struct ResultFileTests {
    @Test("replace a file at once and keep its mode")
    func keepsMode() throws {
        let folder = try TemporaryFolder()
        try folder.write("old", to: "table.csv")
        try FileManager.default.setAttributes(
            [.posixPermissions: 0o640], ofItemAtPath: folder.path("table.csv"))
        try ResultFile.write(Array("new".utf8), to: folder.path("table.csv"))
        let attributes = try FileManager.default.attributesOfItem(atPath: folder.path("table.csv"))
        #expect(attributes[.posixPermissions] as? Int == 0o640)
        #expect(try String(contentsOfFile: folder.path("table.csv"), encoding: .utf8) == "new")
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path(".")) == ["table.csv"])
    }

    @Test("follow links, also those that lead to nothing yet", arguments: [true, false])
    func followsLinks(exists: Bool) throws {
        let folder = try TemporaryFolder()
        if exists {
            try folder.write("old", to: "real/table.csv")
        } else {
            try folder.write("x", to: "real/y")
        }
        try FileManager.default.createSymbolicLink(
            atPath: folder.path("link.csv"), withDestinationPath: "real/table.csv")
        try ResultFile.write(Array("new".utf8), to: folder.path("link.csv"))
        #expect(
            try FileManager.default.destinationOfSymbolicLink(atPath: folder.path("link.csv"))
                == "real/table.csv")
        #expect(try String(contentsOfFile: folder.path("real/table.csv"), encoding: .utf8) == "new")
    }

    @Test("write through devices and pipes, which stay what they are")
    func writesThrough() throws {
        try ResultFile.write(Array("gone".utf8), to: "/dev/null")
        var status = stat()
        #expect(stat("/dev/null", &status) == 0 && status.st_mode & S_IFMT == S_IFCHR)
        let folder = try TemporaryFolder()
        let pipe = folder.path("pipe")
        #expect(mkfifo(pipe, 0o600) == 0)
        let reader = open(pipe, O_RDONLY | O_NONBLOCK)
        defer { close(reader) }
        try ResultFile.write(Array("through".utf8), to: pipe)
        var buffer = [UInt8](repeating: 0, count: 16)
        let count = read(reader, &buffer, 16)
        #expect(String(decoding: buffer[..<max(0, count)], as: UTF8.self) == "through")
        #expect(lstat(pipe, &status) == 0 && status.st_mode & S_IFMT == S_IFIFO)
    }

    @Test("are refused where a folder stands, and where links go in circles")
    func refuses() throws {
        let folder = try TemporaryFolder()
        let error = #expect(throws: ResultFolderError.self) {
            try ResultFile.write([1], to: folder.path("."))
        }
        #expect(error?.reason.contains("folder") == true)
        try FileManager.default.createSymbolicLink(atPath: folder.path("a"), withDestinationPath: "b")
        try FileManager.default.createSymbolicLink(atPath: folder.path("b"), withDestinationPath: "a")
        #expect(throws: ResultFolderError.self) { try ResultFile.write([1], to: folder.path("a")) }
        #expect(throws: ResultFolderError.self) { try ResultFile.write([1], to: folder.path("no/where")) }
    }

    @Test("sweep temporary files of processes that are gone, and no others")
    func sweeps() throws {
        let folder = try TemporaryFolder()
        try folder.write("half", to: ".table.csv.highwater-4000001")
        try folder.write("mine", to: ".table.csv.highwater-notes")
        try ResultFile.write([1], to: folder.path("table.csv"))
        #expect(
            try FileManager.default.contentsOfDirectory(atPath: folder.path(".")).sorted()
                == [".table.csv.highwater-notes", "table.csv"])
    }
}
