import Files
import Foundation
import TestSupport
import Testing

@Suite("Result folders") struct ResultFolderTests {
    /// Writes a result of some files, each holding a text.
    private func write(
        _ files: [String], _ text: String = "new", to path: String, command: String = "run"
    ) throws {
        let folder = try ResultFolder(path: path, command: command)
        for file in files { try folder.add(file, Array(text.utf8)) }
        try folder.finish()
    }

    /// All files below a folder with their texts; the index is left out.
    private func contents(_ path: String) throws -> [String: String] {
        var result: [String: String] = [:]
        let base = URL(filePath: path)
        for name in try FileManager.default.subpathsOfDirectory(atPath: path) {
            let url = base.appending(path: name)
            let isFolder = try url.resourceValues(forKeys: [.isDirectoryKey]).isDirectory == true
            guard !isFolder, name != ".highwater-files" else { continue }
            result[name] = try String(contentsOf: url, encoding: .utf8)
        }
        return result
    }

    @Test("hold a result whole, and replace the command's own files only")
    func replacesItsOwn() throws {
        let folder = try TemporaryFolder()
        let path = folder.path("week")
        try write(["plan.csv", "exports/old.yaml", "gone/deep/file"], "old", to: path)
        try folder.write("mine", to: "week/exports/mine.yaml")
        try folder.write("mine", to: "week/notes/idea.md")
        try write(["verdict.csv"], "whatif", to: path, command: "whatif")
        try write(["plan.csv", "exports/new.yaml"], to: path)
        let expected = [
            "plan.csv": "new", "exports/new.yaml": "new", "exports/mine.yaml": "mine",
            "notes/idea.md": "mine", "verdict.csv": "whatif",
        ]
        #expect(try contents(path) == expected)
        #expect(!FileManager.default.fileExists(atPath: path + "/gone"))
        let siblings = try FileManager.default.contentsOfDirectory(atPath: folder.path("."))
        #expect(siblings == ["week"])
    }

    @Test("refuse a folder that stands where their own file was, and one above it that has become a file")
    func refusesChangedKinds() throws {
        let folder = try TemporaryFolder()
        let path = folder.path("week")
        try write(["plan.csv", "exports/keda.yaml"], "old", to: path)
        try FileManager.default.removeItem(atPath: path + "/plan.csv")
        try folder.write("mine", to: "week/plan.csv/note")
        let before = try contents(path)
        #expect(throws: ResultFolderError.self) { try write(["plan.csv", "exports/keda.yaml"], to: path) }
        #expect(try contents(path) == before)
        try FileManager.default.removeItem(atPath: path + "/plan.csv")
        try FileManager.default.removeItem(atPath: path + "/exports")
        try folder.write("mine", to: "week/exports")
        #expect(throws: ResultFolderError.self) { try write(["plan.csv", "exports/keda.yaml"], to: path) }
        #expect(try contents(path) == ["exports": "mine"])
    }

    @Test("are given up at the end, though a child process may still hold a copy of the lock")
    func lockIsGivenUp() throws {
        let folder = try TemporaryFolder()
        let path = folder.path("week")
        var first: ResultFolder? = try ResultFolder(path: path, command: "run")
        // What a child has after a fork: descriptors of the same open file.
        let copies = (3..<256 as Range<Int32>).compactMap { number -> Int32? in
            let target = try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/fd/\(number)")
            return target == path ? dup(number) : nil
        }
        defer { for copy in copies { close(copy) } }
        #expect(!copies.isEmpty)
        #expect(throws: ResultFolderError.self) { try ResultFolder(path: path, command: "run") }
        try first?.add("plan.csv", [1])
        first = nil
        #expect(throws: Never.self) { try write(["plan.csv"], to: path) }
    }

    @Test(
        "refuse to replace what others wrote, and change nothing then",
        arguments: ["plan.csv", "exports/keda.yaml", "exports"])
    func refusesForeign(file: String) throws {
        let folder = try TemporaryFolder()
        try folder.write("mine", to: "week/" + file)
        let before = try contents(folder.path("week"))
        let error = #expect(throws: ResultFolderError.self) {
            try write(["plan.csv", "exports/keda.yaml"], to: folder.path("week"))
        }
        #expect(error?.path.hasSuffix(file) == true && error?.reason.contains("in the way") == true)
        #expect(try contents(folder.path("week")) == before)
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path(".")) == ["week"])
    }

    @Test("take a file of the same bytes for their own")
    func sameBytes() throws {
        let folder = try TemporaryFolder()
        try folder.write("new", to: "week/plan.csv")
        try write(["plan.csv"], to: folder.path("week"))
        try write(["plan.csv"], "newer", to: folder.path("week"))
        #expect(try contents(folder.path("week")) == ["plan.csv": "newer"])
    }

    @Test("keep links, modes, empty folders and pipes of others")
    func keepsAllKinds() throws {
        let folder = try TemporaryFolder()
        let path = folder.path("week")
        try write(["plan.csv"], "old", to: path)
        try folder.write("script", to: "week/bin/mine.sh")
        try FileManager.default.setAttributes([.posixPermissions: 0o750], ofItemAtPath: path + "/bin/mine.sh")
        try FileManager.default.setAttributes([.posixPermissions: 0o700], ofItemAtPath: path + "/bin")
        try FileManager.default.createDirectory(atPath: path + "/empty", withIntermediateDirectories: true)
        try FileManager.default.createSymbolicLink(
            atPath: path + "/latest", withDestinationPath: "/nowhere/at/all")
        #expect(mkfifo(path + "/pipe", 0o600) == 0)
        try write(["plan.csv"], to: path)
        #expect(
            try FileManager.default.destinationOfSymbolicLink(atPath: path + "/latest") == "/nowhere/at/all")
        func mode(_ name: String) throws -> Int? {
            try FileManager.default.attributesOfItem(atPath: path + name)[.posixPermissions] as? Int
        }
        #expect(try mode("/bin/mine.sh") == 0o750)
        #expect(try mode("/bin") == 0o700)
        var status = stat()
        #expect(lstat(path + "/pipe", &status) == 0 && status.st_mode & S_IFMT == S_IFIFO)
        #expect(FileManager.default.fileExists(atPath: path + "/empty"))
    }

    @Test("are written to by one run at a time")
    func isLocked() throws {
        let folder = try TemporaryFolder()
        let path = folder.path("week")
        var first: ResultFolder? = try ResultFolder(path: path, command: "run")
        try first?.add("a", [1])
        let error = #expect(throws: ResultFolderError.self) { try ResultFolder(path: path, command: "run") }
        #expect(error?.reason.contains("another run") == true)
        try first?.finish()
        first = nil
        try write(["a"], to: path)
    }

    @Test("leave nothing of a result that was not finished")
    func leavesNothing() throws {
        let folder = try TemporaryFolder()
        do {
            let result = try ResultFolder(path: folder.path("week"), command: "run")
            try result.add("plan.csv", [1])
        }
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path(".")).isEmpty)
    }

    @Test("follow a link to a folder, which stays")
    func followsLinks() throws {
        let folder = try TemporaryFolder()
        try write(["plan.csv"], "old", to: folder.path("real"))
        try FileManager.default.createSymbolicLink(
            atPath: folder.path("link"), withDestinationPath: folder.path("real"))
        try write(["plan.csv"], to: folder.path("link"))
        #expect(try contents(folder.path("real")) == ["plan.csv": "new"])
        #expect(
            try FileManager.default.destinationOfSymbolicLink(atPath: folder.path("link"))
                == folder.path("real"))
    }

    @Test("sweep what killed runs left: unfinished, about to be switched, and half moved")
    func sweeps() throws {
        let folder = try TemporaryFolder()
        let path = folder.path("week")
        try write(["plan.csv", "b"], "old", to: path)
        try folder.write("mine", to: "week/mine")
        // A run that was killed while it made its files.
        try folder.write("x", to: ".highwater-partial-week-4000001/plan.csv")
        try folder.write("", to: ".highwater-partial-week-4000001/.unfinished")
        // The old folder of a run that was killed after the switch; somebody wrote into it meanwhile.
        try folder.write("run\tplan.csv\n", to: ".highwater-partial-week-4000002/.highwater-files")
        try folder.write("older", to: ".highwater-partial-week-4000002/plan.csv")
        try folder.write("late", to: ".highwater-partial-week-4000002/late.txt")
        // One of files moved singly, with its journal; one without.
        try folder.write("newer", to: "week/.highwater-partial-4000003/b")
        try folder.write("", to: "week/.highwater-partial-4000003/.complete")
        try folder.write("half", to: "week/.highwater-partial-4000004/plan.csv")
        // Somebody's own folder of a like name.
        try folder.write("own", to: ".highwater-partial-week-mine/plan.csv")
        do { _ = try ResultFolder(path: path, command: "run") }
        #expect(
            try contents(path) == ["plan.csv": "old", "b": "newer", "mine": "mine", "late.txt": "late"])
        #expect(
            try FileManager.default.contentsOfDirectory(atPath: folder.path(".")).sorted()
                == [".highwater-partial-week-mine", "week"])
    }

    @Test("of an index that lies touch nothing outside the folder")
    func indexThatLies() throws {
        let folder = try TemporaryFolder()
        try folder.write("mine", to: "outside")
        try folder.write("run\t../outside\nrun\t/etc/passwd\nrubbish\n", to: "week/.highwater-files")
        try write(["plan.csv"], to: folder.path("week"))
        #expect(try String(contentsOfFile: folder.path("outside"), encoding: .utf8) == "mine")
        #expect(try contents(folder.path("week")) == ["plan.csv": "new"])
    }
}
