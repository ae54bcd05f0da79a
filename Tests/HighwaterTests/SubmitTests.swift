import Foundation
import TestSupport
import Testing

/// Job files for batch systems, run as the batch systems run them.
@Suite("Arrays of batch systems")
struct SubmitTests {
    private static let tasks = 3
    private static let program = Tool.binaries.appending(path: "highwater").path

    /// A folder whose name a shell would take apart, with logs of three symbols over two days.
    private func logs(_ folder: TemporaryFolder) throws -> String {
        for (number, symbol) in ["BTCUSDT", "ETHUSDT", "SOLUSDT"].enumerated() {
            for day in 0..<2 {
                let text = (0..<2000).map { index in
                    let time = 1_723_075_200_000 + day * 86_400_000 + index * 50
                    return "\(day * 2000 + number + index),100.5,0.5,50.1,\(time),\(index % 2 == 0)\n"
                }.joined()
                try folder.write(text, to: "it's $HOME/\(symbol)-trades-2024-08-0\(8 + day).csv")
            }
        }
        return folder.path("it's $HOME")
    }

    private func contents(_ tape: String) throws -> [String: Data] {
        var result: [String: Data] = [:]
        for name in try FileManager.default.subpathsOfDirectory(atPath: tape) where name != "lock" {
            result[name] = FileManager.default.contents(atPath: tape + "/" + name)
        }
        return result
    }

    private func succeed(_ outcome: Tool.Outcome) { #expect(outcome.code == 0, "\(outcome.errors)") }

    /// A program that is killed in the middle of its first attempt at task 1, and is highwater otherwise.
    private func killedOnce(_ folder: TemporaryFolder) throws -> String {
        let path = try folder.write(
            """
            #!/bin/sh
            case "$*" in
            *ingest*"--shard 1/"*)
              if mkdir '\(folder.path("killed"))' 2>/dev/null; then
                '\(Self.program)' "$@" >/dev/null &
                sleep 0.02
                kill -9 $! 2>/dev/null
                kill -9 $$
              fi ;;
            esac
            exec '\(Self.program)' "$@"
            """, to: "killed-once")
        try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: path)
        return path
    }

    @Test("Slurm's tasks, one of them killed, and their merge write what one ingest writes")
    func slurmScripts() throws {
        let folder = try TemporaryFolder()
        let logs = try logs(folder)
        succeed(try Tool.highwater(["ingest", logs, "--tape", folder.path("one")]))
        let written = try Tool.highwater(
            [
                "submit", "slurm", logs, "--tape", "a tape", "--tasks", "\(Self.tasks)", "--cores", "1",
                "--program", try killedOnce(folder), "-o", "jobs",
            ], in: folder.url)
        succeed(written)
        #expect(
            written.output == """
                stage,job,tasks,file,job_id
                ingest,array,3,jobs/ingest-array.sh,
                ingest,merge,1,jobs/ingest-merge.sh,

                """)
        #expect(written.errors.contains("nothing is submitted"))
        for task in 0..<Self.tasks {
            let outcome = try Tool.run(
                "/bin/sh", ["jobs/ingest-array.sh"], in: folder.url, ["SLURM_ARRAY_TASK_ID": "\(task)"])
            succeed(outcome)
            #expect(outcome.errors.contains("exit 137; try 2 of 3") == (task == 1), "\(outcome.errors)")
        }
        succeed(try Tool.run("/bin/sh", ["jobs/ingest-merge.sh"], in: folder.url))
        #expect(try contents(folder.path("a tape")) == contents(folder.path("one")))
    }

    @Test("Kubernetes's and AWS Batch's tasks and merges write what one ingest writes")
    func containers() throws {
        let folder = try TemporaryFolder()
        let logs = try logs(folder)
        succeed(try Tool.highwater(["ingest", logs, "--tape", folder.path("one")]))
        let work = [
            "--tasks", "\(Self.tasks)", "--cores", "1", "--program", Self.program, logs, "-o",
        ]
        let kubernetes = [
            "submit", "kubernetes", "--tape", folder.path("k"), "--image", "i", "--claim", "c",
        ]
        succeed(try Tool.highwater(kubernetes + work + [folder.path("pods")]))
        let aws = [
            "submit", "aws-batch", "--tape", folder.path("a"), "--queue", "q", "--definition", "d",
        ]
        succeed(try Tool.highwater(aws + work + [folder.path("batch")]))
        for task in 0..<Self.tasks {
            let words = try command(yaml: folder.path("pods/ingest-array.yaml")).map {
                $0.replacing("$(JOB_COMPLETION_INDEX)", with: "\(task)").replacing("$$(", with: "$(")
            }
            succeed(try Tool.run(words[0], Array(words[1...]), ["JOB_COMPLETION_INDEX": "\(task)"]))
            let batch = try command(json: folder.path("batch/ingest-array.json"))
            succeed(try Tool.run(batch[0], Array(batch[1...]), ["AWS_BATCH_JOB_ARRAY_INDEX": "\(task)"]))
        }
        for words in [
            try command(yaml: folder.path("pods/ingest-merge.yaml")),
            try command(json: folder.path("batch/ingest-merge.json")),
        ] {
            succeed(try Tool.run(words[0], Array(words[1...])))
        }
        let one = try contents(folder.path("one"))
        #expect(try contents(folder.path("k")) == one)
        #expect(try contents(folder.path("a")) == one)
        let merge = try String(contentsOfFile: folder.path("pods/ingest-merge.yaml"), encoding: .utf8)
        #expect(merge.contains("  suspend: true\n"), "a merge waits for its array")
    }

    /// The list below `command:`, whose items are JSON strings.
    private func command(yaml path: String) throws -> [String] {
        let lines = try String(contentsOfFile: path, encoding: .utf8).components(separatedBy: "\n")
        let first = try #require(lines.firstIndex { $0.hasSuffix(" command:") })
        return try lines[(first + 1)...].prefix { $0.hasPrefix("            - ") }.map {
            try JSONDecoder().decode(String.self, from: Data($0.dropFirst(14).utf8))
        }
    }

    private func command(json path: String) throws -> [String] {
        let data = try Data(contentsOf: URL(filePath: path))
        let input = try #require(try JSONSerialization.jsonObject(with: data) as? [String: Any])
        let overrides = try #require(input["containerOverrides"] as? [String: Any])
        return try #require(overrides["command"] as? [String])
    }

    @Test("sbatch gets fixed arguments, each job after the one before it")
    func submitsInOrder() throws {
        let folder = try TemporaryFolder()
        // A stand-in that writes down what it is given and answers as `sbatch --parsable` does.
        let path = try folder.write(
            """
            #!/bin/sh
            printf '%s\\n' "$*" >>'\(folder.path("calls"))'
            echo "$(wc -l <'\(folder.path("calls"))');cluster" | tr -d ' '
            """, to: "bin/sbatch")
        try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: path)
        let outcome = try Tool.highwater(
            [
                "submit", "slurm", "logs", "--tape", "tape", "--replay", "replay", "-o",
                folder.path("jobs"), "--submit",
            ],
            environment: [
                "PATH": folder.path("bin") + ":" + (ProcessInfo.processInfo.environment["PATH"] ?? "")
            ])
        succeed(outcome)
        let after = { (job: Int) in "--dependency=afterok:\(job) --kill-on-invalid-dep=yes" }
        #expect(
            try String(contentsOfFile: folder.path("calls"), encoding: .utf8) == """
                --parsable ingest-array.sh
                --parsable \(after(1)) ingest-merge.sh
                --parsable \(after(2)) replay-array.sh
                --parsable \(after(3)) replay-merge.sh

                """)
        #expect(
            outcome.output.split(separator: "\n").dropFirst().map { $0.split(separator: ",").last }
                == ["1", "2", "3", "4"])
    }

    @Test(
        "work that cannot be split, and names that a job file cannot hold, are refused",
        arguments: [
            ["slurm", "--tape", "t"], ["slurm", "-", "--tape", "t"], ["slurm", "a\nb", "--tape", "t"],
            ["slurm", "a", "--tape", "t", "--queue", "a b"],
            ["aws-batch", "a", "--tape", "t", "--tasks", "1", "--queue", "q", "--definition", "d"],
            ["kubernetes", "a", "--tape", "t", "--claim", "c"],
        ])
    func refusals(arguments: [String]) throws {
        let folder = try TemporaryFolder()
        let outcome = try Tool.highwater(["submit"] + arguments + ["-o", folder.path("jobs")])
        #expect(outcome.code == 64, "\(outcome.errors)")
        #expect(!FileManager.default.fileExists(atPath: folder.path("jobs")))
    }

    /// Whether a Slurm cluster answers.
    private static let hasSlurm =
        (try? Tool.run("/usr/bin/env", ["sinfo", "--noheader"]))?.code == 0

    @Test(
        "on Slurm itself, with a task killed and tried again",
        .enabled(if: hasSlurm, "needs a Slurm cluster: sinfo has to answer (SLURM_CONF)"),
        .timeLimit(.minutes(5)))
    func onSlurm() async throws {
        let folder = try TemporaryFolder()
        let logs = try logs(folder)
        succeed(try Tool.highwater(["ingest", logs, "--tape", folder.path("one")]))
        let outcome = try Tool.highwater([
            "submit", "slurm", logs, "--tape", folder.path("tape"), "--tasks", "\(Self.tasks)", "--cores",
            "1", "--program", try killedOnce(folder), "-o", folder.path("jobs"), "--submit",
        ])
        succeed(outcome)
        let numbers = outcome.output.split(separator: "\n").dropFirst().compactMap {
            $0.split(separator: ",").last.map(String.init)
        }
        #expect(numbers.count == 2)
        while try Tool.run(
            "/usr/bin/env", ["squeue", "--noheader", "--jobs", numbers.joined(separator: ",")]
        )
        .output.contains("highwate") {
            try await Task.sleep(for: .milliseconds(500))
        }
        #expect(FileManager.default.fileExists(atPath: folder.path("killed")))
        #expect(try contents(folder.path("tape")) == contents(folder.path("one")))
    }
}
