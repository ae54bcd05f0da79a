import CommandLineKit
import Files
import Foundation
import Pipeline
import Tables

/// What every form of `submit` is told: the work, and how it is split.
struct ArrayOptions: OptionGroup {
    @Option(.tape) var tape: String
    @Option(
        .text, placeholder: "folder", help: "Also replay the tape, into FOLDER.", completion: .directory)
    var replay: String?
    @Option(
        .text, placeholder: "file", help: "Plan file of the replay.", defaultText: "the standard exchange",
        completion: .file(extensions: ["json"]))
    var plan: String?
    @Option(.integer(in: 1...100_000), placeholder: "n", help: "Number of tasks of each array.")
    var tasks = 16
    @Option(.integer(in: 1...1024), placeholder: "n", help: "Cores of each task.") var cores = 2
    @Option(
        .text, placeholder: "size", help: "Memory of each task, in the batch system's own words.",
        defaultText: "the batch system's")
    var memory: String?
    @Option(.integer(in: 1...10), placeholder: "n", help: "Number of attempts at each task.")
    var tries = ArrayJob.standardTries
    @Option(
        .text, placeholder: "file", help: "Path of highwater where the tasks run.",
        defaultText: "this program")
    var program: String?
    @Option(.format) var format: DataTable.Format
    @Option(.folder(required: "the folder for the job files, such as -o jobs")) var output: String
    @Argument("path", help: "Files or folders to ingest; none: the tape is there.", atLeast: 0)
    var paths: [String]

    /// The job. With `isLocal`, paths are those of this machine and made absolute.
    func job(queue: String?, isLocal: Bool, _ context: Context) throws -> ArrayJob {
        let place = { (path: String) in
            let full = isLocal ? URL(filePath: path).standardizedFileURL.path(percentEncoded: false) : path
            return full.count > 1 && full.hasSuffix("/") ? String(full.dropLast()) : full
        }
        let words = paths + [tape, replay ?? "", plan ?? "", program ?? "", memory ?? "", queue ?? ""]
        if let word = words.first(where: { $0.unicodeScalars.contains { $0.properties.isControl } }) {
            throw context.refusal("'\(printable(word))' has a control character; a job file cannot name it")
        }
        for (name, word) in [("--memory", memory), ("--queue", queue)] {
            if let word, word.isEmpty || word.contains(where: \.isWhitespace) {
                throw context.refusal("'\(name)' takes one word, not '\(printable(word))'")
            }
        }
        if paths.contains("-") { throw context.refusal("standard input cannot be split into tasks") }
        let tape = place(tape)
        var stages: [ArrayStage] = []
        if !paths.isEmpty { stages.append(.ingest(paths.map(place), into: tape)) }
        if let replay {
            stages.append(
                .replay(tape: tape, plan: plan.map(place), seed: context.seed, into: place(replay)))
        }
        guard !stages.isEmpty else {
            throw context.refusal("Nothing to do: give logs to ingest, or '--replay' with a folder")
        }
        return ArrayJob(
            program: program ?? (isLocal ? ArrayOptions.thisProgram : "highwater"), stages: stages,
            tasks: tasks, cores: cores, memory: memory, tries: tries, queue: queue)
    }

    private static var thisProgram: String {
        Bundle.main.executableURL?.path(percentEncoded: false) ?? "highwater"
    }

    /// One row for each job, on standard output.
    func finish(_ jobs: [CommandTables.SubmittedJob]) throws {
        var table = CommandTables.submitted.table(jobs, format: format)
        table.finish()
        try StandardOutput().write(table.bytes)
    }

    /// The rows of a job's files.
    func rows(_ job: ArrayJob, ending: String) -> [CommandTables.SubmittedJob] {
        job.stages.flatMap { stage in
            [false, true].map { isMerge in
                CommandTables.SubmittedJob(
                    stage: stage.name, isMerge: isMerge, tasks: isMerge ? 1 : job.tasks,
                    file: "\(output)/\(stage.name)-\(isMerge ? "merge" : "array").\(ending)")
            }
        }
    }
}

extension UnicodeScalar.Properties {
    /// Whether it is a control character, a line end among them.
    fileprivate var isControl: Bool {
        generalCategory == .control || generalCategory == .lineSeparator
            || generalCategory == .paragraphSeparator
    }
}

/// What `submit slurm` is told.
struct SubmitSlurmOptions: OptionGroup {
    let array = ArrayOptions()
    @Option(
        .text, placeholder: "name", help: "Partition that the jobs run in.", defaultText: "Slurm's default")
    var queue: String?
    @Flag(help: "Hand the jobs to sbatch; without it, only the files are written.") var submit: Bool
}

/// What `submit kubernetes` is told.
struct SubmitKubernetesOptions: OptionGroup {
    let array = ArrayOptions()
    @Option(.text, placeholder: "image", help: "Image that has highwater.", required: "the image")
    var image: String
    @Option(
        .text, placeholder: "name", help: "PersistentVolumeClaim (ReadWriteMany) with logs and results.",
        required: "the claim of the shared volume")
    var claim: String
    @Option(.text, placeholder: "folder", help: "Folder where tasks mount it.") var mount = "/data"
}

/// What `submit aws-batch` is told.
struct SubmitAWSBatchOptions: OptionGroup {
    let array = ArrayOptions()
    @Option(.text, placeholder: "name", help: "Job queue.", required: "the job queue") var queue: String
    @Option(
        .text, placeholder: "name",
        help: "Job definition whose image has highwater, with a file system that all tasks share.",
        required: "the job definition")
    var definition: String
}

extension Command {
    /// Work over many machines.
    static let submit = Command(
        name: "submit", abstract: "Split an ingest or a replay over a batch system's machines.",
        subcommands: [submitSlurm, submitKubernetes, submitAWSBatch])

    private static let explanation = """
        Writes one array of tasks and one merge for each stage: the ingest of the given paths into --tape, and \
        with --replay the replay of that tape. Each task writes a folder of its own (TAPE.parts/0 and so on), \
        atomically, and may be repeated at any time. A merge starts when all tasks have succeeded; its result is \
        byte for byte that of one process. All paths have to be reachable from every machine.
        """

    private static let submitSlurm = Command(
        name: "slurm", abstract: "Write scripts for Slurm, and hand them over with --submit.",
        discussion: explanation,
        examples: [
            "highwater submit slurm logs --tape tape --tasks 64 -o jobs",
            "highwater submit slurm --tape tape --replay replay --plan plan.json --tasks 8 -o jobs --submit",
        ],
        options: SubmitSlurmOptions.self,
        run: { given, context in
            let job = try given.array.job(queue: given.queue, isLocal: true, context)
            let slurm = SlurmJob(job)
            try context.write(slurm.files, to: given.array.output, isDryRun: false)
            var rows = given.array.rows(job, ending: "sh")
            if given.submit {
                var last: String?
                for (place, script) in slurm.scripts.enumerated() {
                    let number = try Sbatch.submit(script, after: last, in: given.array.output)
                    rows[place].number = number
                    last = number
                }
            } else {
                context.note(
                    "nothing is submitted: run \(given.array.output)/submit.sh, or the same command with --submit"
                )
            }
            try given.array.finish(rows)
            return .success
        })

    private static let submitKubernetes = Command(
        name: "kubernetes", abstract: "Write indexed Jobs for Kubernetes.",
        discussion: explanation + " Nothing is submitted; submit.sh in the folder runs kubectl.",
        examples: [
            "highwater submit kubernetes /data/logs --tape /data/tape --image registry/highwater:1 --claim data -o "
                + "jobs"
        ],
        options: SubmitKubernetesOptions.self,
        run: { given, context in
            let job = try given.array.job(queue: nil, isLocal: false, context)
            let files = KubernetesJob(job, image: given.image, claim: given.claim, mount: given.mount).files
            try context.write(files, to: given.array.output, isDryRun: false)
            try given.array.finish(given.array.rows(job, ending: "yaml"))
            return .success
        })

    private static let submitAWSBatch = Command(
        name: "aws-batch", abstract: "Write array jobs for AWS Batch.",
        discussion: explanation + " Nothing is submitted; submit.sh in the folder runs the aws program.",
        examples: [
            "highwater submit aws-batch /data/logs --tape /data/tape --queue night --definition highwater -o jobs"
        ],
        options: SubmitAWSBatchOptions.self,
        run: { given, context in
            guard AWSBatchJob.tasks.contains(given.array.tasks) else {
                throw context.refusal(
                    "an array of AWS Batch has \(AWSBatchJob.tasks.lowerBound) to "
                        + "\(AWSBatchJob.tasks.upperBound) tasks, not \(given.array.tasks)")
            }
            let job = try given.array.job(queue: given.queue, isLocal: false, context)
            let files = AWSBatchJob(job, definition: given.definition, queue: given.queue).files
            try context.write(files, to: given.array.output, isDryRun: false)
            try given.array.finish(given.array.rows(job, ending: "json"))
            return .success
        })
}

/// Slurm's program, run with a fixed list of arguments and never by a shell.
enum Sbatch {
    /// Hands a script over and returns the number of its job.
    static func submit(_ script: SlurmJob.Script, after job: String?, in folder: String) throws -> String {
        let process = Process()
        process.executableURL = URL(filePath: "/usr/bin/env")
        process.arguments = ["sbatch"] + SlurmJob.arguments(script, after: job)
        process.currentDirectoryURL = URL(filePath: folder)
        let output = Pipe()
        process.standardOutput = output
        process.standardInput = FileHandle.nullDevice
        do { try process.run() } catch {
            throw ToolError("sbatch cannot be run: \(error)", file: folder, exit: .failure)
        }
        let text = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        process.waitUntilExit()
        guard process.terminationStatus == 0, let number = SlurmJob.jobNumber(text) else {
            throw ToolError(
                "sbatch ended with \(process.terminationStatus)"
                    + (job.map { "; jobs up to \($0) are already submitted (scancel takes them back)" } ?? ""),
                file: "\(folder)/\(script.name)", exit: .failure)
        }
        return number
    }
}
