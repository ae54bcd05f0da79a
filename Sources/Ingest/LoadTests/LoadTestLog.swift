import Units

/// A load test as the tool that made it has written it down, summed up by how much was in flight.
///
/// Where the output holds single requests, they are counted by windows of time; windows with the same number of users, or
/// about the same number of requests in flight (Little's law: the sum of the times in flight over the length of the
/// window), make one level. Requests that failed count for the time that they took, not for throughput.
public struct LoadTestLog: Sendable, Equatable {
    /// One level of load.
    public struct Level: Sendable, Equatable {
        /// Users, connections or requests in flight.
        public var load: Double
        /// Requests answered without an error, a second.
        public var throughputPerSecond: Double
        /// The median time of a request, in seconds; nil where the output does not say.
        public var medianSeconds: Double?
        /// The 99th percentile of the time of a request, in seconds.
        public var p99Seconds: Double?

        public init(
            load: Double, throughputPerSecond: Double, medianSeconds: Double?, p99Seconds: Double?
        ) {
            self.load = load
            self.throughputPerSecond = throughputPerSecond
            self.medianSeconds = medianSeconds
            self.p99Seconds = p99Seconds
        }
    }

    /// Who wrote it.
    public let tool: LoadTestTool
    /// Levels, by load.
    public private(set) var levels: [Level] = []
    /// What a reader should know of how they were found.
    public private(set) var notes: [String] = []

    /// Reads a file, compressed or not; nil where it is no load test's output.
    ///
    /// - Throws: `IngestError` where it cannot be read, or holds nothing that a level could be made of.
    public static func read(path: String) throws(IngestError) -> LoadTestLog? {
        let input = try ByteInput(path: path)
        let head = try input.peek(64 << 10)
        guard let tool = LoadTestTool(LoadTestTool.sample(ByteLines(head))) else { return nil }
        var reader = LoadTestReader(tool)
        var number = 0
        while let (block, _) = try input.nextBlock() {
            for line in ByteLines(block) {
                number += 1
                guard !line.isEmpty else { continue }
                reader.read(line)
                if let fault = reader.headerFault {
                    throw .malformed(path: path, line: number, column: fault.column, message: fault.message)
                }
            }
        }
        try input.finish()
        return try LoadTestLog(tool, reader, path: path)
    }

    private init(_ tool: LoadTestTool, _ reader: borrowing LoadTestReader, path: String) throws(IngestError) {
        self.tool = tool
        levels = reader.levels
        if !reader.samples.isEmpty {
            let sums = LoadTestWindows(reader.samples, users: reader.users)
            levels += sums.levels
            notes.append(
                sums.isByUsers
                    ? "load is the number of users; windows of \(sums.windowText) were grouped by it"
                    : "load is the number of requests in flight, counted in windows of \(sums.windowText)")
        }
        if reader.isByLittlesLaw {
            notes.append("load is the number of requests in flight: their rate times their mean time")
        }
        if reader.overloaded > 0 {
            notes.append(
                "\(reader.overloaded) tests were overloaded: their times include the wait before sending, so load is the "
                    + "number of connections")
        }
        if reader.failures > 0 {
            notes.append(
                "\(reader.failures) failed requests count towards requests in flight, but not towards "
                    + "throughput")
        }
        if reader.unreadable > 0 {
            notes.append("\(reader.unreadable) unreadable lines were skipped")
        }
        levels = levels.filter { $0.load > 0 }.sorted { $0.load < $1.load }
        guard !levels.isEmpty else {
            throw .unrecognised(path: path, near: "an output of \(tool.rawValue) \(reader.lack)")
        }
    }
}

/// The lines of a text as bytes, without copies.
struct ByteLines: Sequence, IteratorProtocol {
    private var rest: Bytes

    init(_ text: Bytes) {
        rest = text
    }

    /// The next line, without its end.
    mutating func next() -> Bytes? {
        guard !rest.isEmpty else { return nil }
        let end = rest.firstIndex(of: 0x0A) ?? rest.count
        var line = Bytes(rebasing: rest[..<end])
        rest = Bytes(rebasing: rest[Swift.min(end + 1, rest.count)...])
        if line.last == 0x0D { line = Bytes(rebasing: line.dropLast()) }
        return line
    }
}
