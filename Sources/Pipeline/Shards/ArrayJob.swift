import Foundation

/// A command that is split over the tasks of a batch system's array, and the merge that follows it.
///
/// Task i of n runs the command with `--shard i/n` into a folder of its own, `OUTPUT.parts/i`. Folders are written
/// atomically and a repeated task goes on where the killed one stopped, so tasks may be run again at any time. The merge
/// depends on all of them and writes, byte for byte, what one process would have written.
public struct ArrayStage: Sendable, Equatable {
    /// The command, which also names the stage's files.
    public var name: String
    /// What the command is told, without shard and output; paths are absolute.
    public var arguments: [String]
    /// The option for the output, `--tape` or `--output`.
    public var outputOption: String
    /// Where the merged result goes, absolute.
    public var output: String

    /// The ingest of logs into a tape.
    public static func ingest(_ paths: [String], into tape: String) -> ArrayStage {
        ArrayStage(name: "ingest", arguments: ["ingest"] + paths, outputOption: "--tape", output: tape)
    }

    /// The replay of a tape into a folder; without a plan file, of the standard exchange.
    public static func replay(
        tape: String, plan: String?, seed: UInt64?, into folder: String
    ) -> ArrayStage {
        var arguments = ["replay", "--tape", tape]
        if let plan { arguments += ["--plan", plan] }
        if let seed { arguments += ["--seed", "\(seed)"] }
        return ArrayStage(name: "replay", arguments: arguments, outputOption: "--output", output: folder)
    }

    /// The folder that holds one folder for each task.
    public var parts: String { output + ".parts" }
}

/// Stages that run one after the other, each as an array of tasks and a merge.
public struct ArrayJob: Sendable, Equatable {
    /// The program that tasks run.
    public var program: String
    public var stages: [ArrayStage]
    /// Tasks of each array.
    public var tasks: Int
    /// Cores of a task.
    public var cores: Int
    /// Memory of a task, as the batch system writes it; nil: its default.
    public var memory: String?
    /// How often a task is tried before the array fails.
    public var tries: Int
    /// Where the jobs are sent; nil: the batch system's default.
    public var queue: String?

    /// Attempts at a task. Chosen, not measured.
    public static let standardTries = 3

    public init(
        program: String, stages: [ArrayStage], tasks: Int, cores: Int, memory: String? = nil,
        tries: Int = ArrayJob.standardTries, queue: String? = nil
    ) {
        self.program = program
        self.stages = stages
        self.tasks = tasks
        self.cores = cores
        self.memory = memory
        self.tries = tries
        self.queue = queue
    }

    /// The words of a task's command, but for the shard and the folder of the task.
    func words(_ stage: ArrayStage) -> [String] {
        [program] + stage.arguments + ["--threads", "\(cores)", "--progress", "none"]
    }

    /// The words of the merge's command.
    func mergeWords(_ stage: ArrayStage) -> [String] {
        [program, "merge"] + (0..<tasks).map { "\(stage.parts)/\($0)" } + ["--output", stage.output]
    }

    /// What files for a batch system are made of.
    public typealias Files = [(name: String, bytes: [UInt8])]
}

/// Words for a POSIX shell.
enum ShellText {
    /// A word that the shell takes as it stands, whatever is in it.
    static func quoted(_ word: String) -> String {
        let isPlain =
            !word.isEmpty
            && word.utf8.allSatisfy { byte in
                switch byte {
                case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                    UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "/"), UInt8(ascii: "."),
                    UInt8(ascii: "-"),
                    UInt8(ascii: "_"), UInt8(ascii: ","), UInt8(ascii: ":"), UInt8(ascii: "="),
                    UInt8(ascii: "+"):
                    true
                default: false
                }
            }
        return isPlain ? word : "'" + word.replacing("'", with: "'\\''") + "'"
    }

    /// A command of several words.
    static func line(_ words: [String]) -> String { words.map(quoted).joined(separator: " ") }
}
