import Reporting

/// An `ArrayJob` as indexed Jobs of Kubernetes (`batch/v1`).
///
/// Kubernetes has no dependency between Jobs: a merge is suspended until `submit.sh` has seen its array complete.
public struct KubernetesJob: Sendable {
    public var job: ArrayJob
    /// The image that holds the program.
    public var image: String
    /// A PersistentVolumeClaim, ReadWriteMany, that all tasks mount.
    public var claim: String
    /// Where they mount it; logs, tapes and results lie below.
    public var mount: String

    public init(_ job: ArrayJob, image: String, claim: String, mount: String) {
        self.job = job
        self.image = image
        self.claim = claim
        self.mount = mount
    }

    public var files: ArrayJob.Files {
        var files: ArrayJob.Files = []
        for stage in job.stages {
            files.append(("\(stage.name)-array.yaml", Array(array(stage).utf8)))
            files.append(("\(stage.name)-merge.yaml", Array(merge(stage).utf8)))
        }
        files.append(("submit.sh", Array(submit.utf8)))
        return files
    }

    private func array(_ stage: ArrayStage) -> String {
        let index = "$(JOB_COMPLETION_INDEX)"
        let fixed = job.words(stage) + ["--shards", "\(job.tasks)", stage.outputOption]
        let command =
            fixed.map(KubernetesJob.word)
            + [ExportText.quoted(KubernetesJob.literal(stage.parts) + "/" + index)]
        return """
            apiVersion: batch/v1
            kind: Job
            metadata:
              name: highwater-\(stage.name)
            spec:
              completionMode: Indexed
              completions: \(job.tasks)
              parallelism: \(job.tasks)
              backoffLimitPerIndex: \(job.tries - 1)
            \(template(command))
            """
    }

    private func merge(_ stage: ArrayStage) -> String {
        let words = job.mergeWords(stage) + ["--threads", "\(job.cores)", "--progress", "none"]
        return """
            apiVersion: batch/v1
            kind: Job
            metadata:
              name: highwater-\(stage.name)-merge
            spec:
              suspend: true
              backoffLimit: \(job.tries - 1)
            \(template(words.map(KubernetesJob.word)))
            """
    }

    /// The pod, indented as the Job's `template`.
    private func template(_ command: [String]) -> String {
        let memory = job.memory.map { "\n              memory: \(ExportText.quoted($0))" } ?? ""
        let words = command.map { "            - \($0)" }.joined(separator: "\n")
        return """
              template:
                spec:
                  restartPolicy: Never
                  containers:
                    - name: highwater
                      image: \(ExportText.quoted(image))
                      command:
            \(words)
                      resources:
                        requests:
                          cpu: "\(job.cores)"\(memory)
                      volumeMounts:
                        - name: data
                          mountPath: \(ExportText.quoted(mount))
                  volumes:
                    - name: data
                      persistentVolumeClaim:
                        claimName: \(ExportText.quoted(claim))

            """
    }

    private var submit: String {
        var text = "#!/bin/sh\n# Starts each array, waits for it, then starts its merge.\nset -eu\n"
        text += "cd \"$(dirname \"$0\")\"\n"
        for stage in job.stages {
            for (kind, name) in [("array", stage.name), ("merge", "\(stage.name)-merge")] {
                text += "kubectl apply -f \(stage.name)-\(kind).yaml\n"
                if kind == "merge" {
                    text += "kubectl patch job highwater-\(name) -p '{\"spec\": {\"suspend\": false}}'\n"
                }
                text += "kubectl wait --for=condition=complete --timeout=-1s job/highwater-\(name)\n"
            }
        }
        return text
    }

    private static func word(_ text: String) -> String { ExportText.quoted(literal(text)) }

    /// Text in which Kubernetes expands no variable.
    private static func literal(_ text: String) -> String { text.replacing("$(", with: "$$(") }
}
