import Foundation
import TestSupport
import Testing

/// Signals while the program works, from outside.
@Suite("Interruptions")
struct InterruptionTests {
    @Test(
        "temporary folders and unfinished results go, and the message says how to continue",
        arguments: [SIGTERM, SIGINT, SIGHUP])
    func cleansUp(_ signal: Int32) throws {
        let folder = try TemporaryFolder()
        for name in ["tmp", "out"] {
            try FileManager.default.createDirectory(
                atPath: folder.path(name), withIntermediateDirectories: true)
        }
        let commands = [
            ["run", "--demo", "-o", folder.path("out/week")],
            [
                "generate", "--symbols", "40", "--days", "2", "--trades-per-second", "200", "-o",
                folder.path("out/logs"),
            ],
        ]
        for command in commands {
            let process = Process()
            process.executableURL = Tool.binaries.appending(path: "highwater")
            process.arguments = command
            process.environment = ProcessInfo.processInfo.environment.merging(["TMPDIR": folder.path("tmp")])
            { $1 }
            process.standardOutput = FileHandle.nullDevice
            try folder.write("", to: "errors")
            process.standardError = try FileHandle(forWritingTo: URL(filePath: folder.path("errors")))
            // A suite that runs in the background may have been told to ignore them, which children inherit.
            let inherited = Foundation.signal(signal, SIG_DFL)
            try process.run()
            _ = Foundation.signal(signal, inherited)
            // It has begun to write once something is there.
            func began() -> Bool {
                ["tmp", "out"].contains { name in
                    (try? FileManager.default.subpathsOfDirectory(atPath: folder.path(name)))?.count ?? 0 > 2
                }
            }
            for _ in 0..<2000 where process.isRunning && !began() { usleep(5000) }
            #expect(process.isRunning && began())
            kill(process.processIdentifier, signal)
            process.waitUntilExit()
            #expect(process.terminationReason == .uncaughtSignal && process.terminationStatus == signal)
            let errors = try String(contentsOf: URL(filePath: folder.path("errors")), encoding: .utf8)
            #expect(errors.contains("Run the same command again"), "\(errors)")
            #expect(!errors.contains("Error:"), "\(errors)")
            for name in ["tmp", "out"] {
                let left = try FileManager.default.contentsOfDirectory(atPath: folder.path(name))
                #expect(left.isEmpty, "\(command[0]) left \(left) in \(name)")
            }
        }
    }
}
