import Foundation

/// Runs the built `highwater` program, as a user would.
public enum Tool {
    /// What a run left behind.
    public struct Outcome: Sendable {
        /// The exit code.
        public var code: Int32
        /// Standard output.
        public var output: String
        /// Standard error.
        public var errors: String
    }

    /// The folder of the programs that were built together with the tests.
    public static let binaries = URL(filePath: CommandLine.arguments[0]).resolvingSymlinksInPath()
        .deletingLastPathComponent()

    /// The top of the checkout.
    public static let checkout = URL(filePath: #filePath).deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent()

    /// Runs `highwater` with these arguments, standard input and further variables.
    public static func highwater(
        _ arguments: [String], input: String = "", in folder: URL? = nil, environment: [String: String] = [:]
    ) throws -> Outcome {
        try run(binaries.appending(path: "highwater").path, arguments, input: input, in: folder, environment)
    }

    /// Runs a program and waits for it.
    public static func run(
        _ program: String, _ arguments: [String], input: String = "", in folder: URL? = nil,
        _ environment: [String: String] = [:]
    ) throws -> Outcome {
        let scratch = try TemporaryFolder()
        let process = Process()
        process.executableURL = URL(filePath: program)
        process.arguments = arguments
        process.currentDirectoryURL = folder
        process.environment = ProcessInfo.processInfo.environment.merging(environment) { $1 }
        // Files rather than pipes: neither side can block on a full pipe.
        try scratch.write(input, to: "input")
        try scratch.write("", to: "output")
        try scratch.write("", to: "errors")
        process.standardInput = try FileHandle(forReadingFrom: URL(filePath: scratch.path("input")))
        process.standardOutput = try FileHandle(forWritingTo: URL(filePath: scratch.path("output")))
        process.standardError = try FileHandle(forWritingTo: URL(filePath: scratch.path("errors")))
        try process.run()
        process.waitUntilExit()
        return Outcome(
            code: process.terminationStatus,
            output: String(
                decoding: try Data(contentsOf: URL(filePath: scratch.path("output"))), as: UTF8.self),
            errors: String(
                decoding: try Data(contentsOf: URL(filePath: scratch.path("errors"))), as: UTF8.self))
    }
}
