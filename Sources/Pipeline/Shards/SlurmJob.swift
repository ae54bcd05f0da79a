/// An `ArrayJob` as scripts for Slurm's `sbatch`.
public struct SlurmJob: Sendable {
    public var job: ArrayJob

    public init(_ job: ArrayJob) {
        self.job = job
    }

    /// A script that is handed to `sbatch`.
    public struct Script: Sendable, Equatable {
        /// `ingest-array.sh`.
        public var name: String
        public var stage: String
        /// Tasks of the array; 1 for a merge.
        public var tasks: Int
        public var isMerge: Bool
    }

    /// The scripts in the order in which they depend on each other.
    public var scripts: [Script] {
        job.stages.flatMap { stage in
            [
                Script(name: "\(stage.name)-array.sh", stage: stage.name, tasks: job.tasks, isMerge: false),
                Script(name: "\(stage.name)-merge.sh", stage: stage.name, tasks: 1, isMerge: true),
            ]
        }
    }

    /// The arguments of `sbatch` for a script, after the job that it depends on.
    public static func arguments(_ script: Script, after job: String?) -> [String] {
        ["--parsable"]
            + (job.map { ["--dependency=afterok:\($0)", "--kill-on-invalid-dep=yes"] } ?? [])
            + [script.name]
    }

    /// The number of the job in what `sbatch --parsable` prints, `12` or `12;cluster`; nil where it is none.
    public static func jobNumber(_ output: String) -> String? {
        let number = output.prefix { $0 != ";" && $0 != "\n" }
        return !number.isEmpty && number.allSatisfy { $0.isASCII && $0.isNumber } ? String(number) : nil
    }

    /// Every script, and `submit.sh`, which hands them over by hand.
    public var files: ArrayJob.Files {
        var files: ArrayJob.Files = []
        for stage in job.stages {
            files.append(("\(stage.name)-array.sh", Array(array(stage).utf8)))
            files.append(("\(stage.name)-merge.sh", Array(merge(stage).utf8)))
        }
        files.append(("submit.sh", Array(submit.utf8)))
        return files
    }

    private func header(_ name: String, _ more: [String]) -> String {
        var lines = ["#!/bin/sh", "#SBATCH --job-name=highwater-\(name)"] + more.map { "#SBATCH \($0)" }
        // A node that is lost takes its tasks along; they are put into the queue again.
        lines += ["#SBATCH --requeue", "#SBATCH --open-mode=append"]
        if let queue = job.queue { lines.append("#SBATCH --partition=\(queue)") }
        if let memory = job.memory { lines.append("#SBATCH --mem=\(memory)") }
        return lines.joined(separator: "\n") + "\nset -u\n"
    }

    private func array(_ stage: ArrayStage) -> String {
        let head = header(
            stage.name,
            [
                "--array=0-\(job.tasks - 1)", "--cpus-per-task=\(job.cores)",
                "--output=\(stage.name)-%A_%a.log",
            ])
        return head + """
            mkdir -p \(ShellText.quoted(stage.parts)) || exit 1
            try=1
            while :; do
              \(ShellText.line(job.words(stage))) \\
                --shard "$SLURM_ARRAY_TASK_ID/\(job.tasks)" \\
                \(stage.outputOption) \(ShellText.quoted(stage.parts))/"$SLURM_ARRAY_TASK_ID"
              status=$?
              # Wrong usage, input or configuration does not get better by being repeated.
              case $status in 0 | 64 | 65 | 78) exit $status ;; esac
              [ $try -lt \(job.tries) ] || exit $status
              try=$((try + 1))
              echo "exit $status; try $try of \(job.tries)" >&2
            done

            """
    }

    private func merge(_ stage: ArrayStage) -> String {
        header(
            "\(stage.name)-merge", ["--cpus-per-task=\(job.cores)", "--output=\(stage.name)-merge-%j.log"])
            + "exec \(ShellText.line(job.mergeWords(stage))) --threads \(job.cores) --progress none\n"
    }

    private var submit: String {
        var text =
            "#!/bin/sh\n# Hands the arrays and their merges to Slurm, each after the one before it.\nset -eu\n"
        text += "cd \"$(dirname \"$0\")\"\n"
        for (place, script) in scripts.enumerated() {
            let dependency =
                place == 0 ? "" : " --dependency=afterok:\"${job%%;*}\" --kill-on-invalid-dep=yes"
            text += "job=$(sbatch --parsable\(dependency) \(script.name))\necho \"\(script.name) $job\"\n"
        }
        return text
    }
}
