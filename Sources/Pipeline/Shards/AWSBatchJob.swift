import Reporting

/// An `ArrayJob` as inputs of `aws batch submit-job`, for a job definition whose image holds the program and which mounts
/// a file system that all tasks share.
public struct AWSBatchJob: Sendable {
    public var job: ArrayJob
    /// The name or ARN of the job definition.
    public var definition: String
    /// The name or ARN of the job queue.
    public var queue: String

    /// The tasks that an array of AWS Batch may have.
    public static let tasks = 2...10_000

    public init(_ job: ArrayJob, definition: String, queue: String) {
        self.job = job
        self.definition = definition
        self.queue = queue
    }

    public var files: ArrayJob.Files {
        var files: ArrayJob.Files = []
        for stage in job.stages {
            var array = input(stage.name, command: arrayCommand(stage))
            array["arrayProperties"] = ["size": job.tasks]
            files.append(("\(stage.name)-array.json", ExportText.json(array)))
            let merge = job.mergeWords(stage) + ["--threads", "\(job.cores)", "--progress", "none"]
            files.append(
                ("\(stage.name)-merge.json", ExportText.json(input("\(stage.name)-merge", command: merge))))
        }
        files.append(("submit.sh", Array(submit.utf8)))
        return files
    }

    /// Only a shell knows the task's number where the folder is named.
    private func arrayCommand(_ stage: ArrayStage) -> [String] {
        [
            "/bin/sh", "-c",
            "exec \(ShellText.line(job.words(stage))) "
                + "--shard \"$AWS_BATCH_JOB_ARRAY_INDEX/\(job.tasks)\" "
                + "\(stage.outputOption) \(ShellText.quoted(stage.parts))/\"$AWS_BATCH_JOB_ARRAY_INDEX\"",
        ]
    }

    private func input(_ name: String, command: [String]) -> [String: Any] {
        var resources = [["type": "VCPU", "value": "\(job.cores)"]]
        if let memory = job.memory { resources.append(["type": "MEMORY", "value": memory]) }
        return [
            "jobName": "highwater-\(name)", "jobQueue": queue, "jobDefinition": definition,
            "containerOverrides": ["command": command, "resourceRequirements": resources] as [String: Any],
            "retryStrategy": ["attempts": job.tries],
        ]
    }

    private var submit: String {
        var text =
            "#!/bin/sh\n# Hands the arrays and their merges to AWS Batch, each after the one before it.\nset -eu\n"
        text += "cd \"$(dirname \"$0\")\"\n"
        var isFirst = true
        for stage in job.stages {
            for kind in ["array", "merge"] {
                text += "job=$(aws batch submit-job --cli-input-json file://\(stage.name)-\(kind).json"
                text += isFirst ? "" : " --depends-on jobId=\"$job\""
                text += " --query jobId --output text)\necho \"\(stage.name)-\(kind) $job\"\n"
                isFirst = false
            }
        }
        return text
    }
}
