import CommandLineKit
import Foundation
import Ingest

/// Finds out which share of the files a command has to take: by `--shard i/n`, else by what a batch system has put into
/// the environment.
struct ShardChoice: OptionGroup {
    @Option(
        ValueReader(expected: "i/n with i from 0 to n - 1, such as 0/4") { IngestShard($0) },
        placeholder: "i/n",
        help: "Process share i of n, counted from 0; `merge` combines all shares.",
        defaultText: "from the variables of Slurm and AWS Batch arrays")
    var shard: IngestShard?
    @Option(
        .integer(in: 1...1_000_000), placeholder: "n",
        help: "Number of shards; JOB_COMPLETION_INDEX (Kubernetes) then selects one.")
    var shards: Int?

    /// The share, or nil for all files. Throws where what is known contradicts itself.
    func share(
        _ context: Context, environment: [String: String] = ProcessInfo.processInfo.environment
    ) throws -> IngestShard? {
        let count = shards
        if let shard {
            if let count, shard.count != count {
                throw context.refusal(
                    "'--shard \(shard.index)/\(shard.count)' contradicts '--shards \(count)'")
            }
            return shard
        }
        var found: [(name: String, shard: IngestShard)] = []
        func add(_ name: String, index: Int?, count: Int?) throws {
            guard let index, let count, let shard = IngestShard(index: index, count: count) else {
                throw context.refusal(
                    "the variables of \(name) do not describe a valid shard; give '--shard i/n'")
            }
            found.append((name, shard))
        }
        func number(_ name: String) -> Int? { environment[name].flatMap { Int($0) } }
        if environment["SLURM_ARRAY_TASK_ID"] != nil {
            let (index, tasks) = ShardChoice.slurmPlace(number)
            try add("a Slurm array (SLURM_ARRAY_TASK_…)", index: index, count: tasks)
        }
        if let count {
            if environment["JOB_COMPLETION_INDEX"] != nil {
                try add("JOB_COMPLETION_INDEX", index: number("JOB_COMPLETION_INDEX"), count: count)
            } else if found.isEmpty, environment["AWS_BATCH_JOB_ARRAY_INDEX"] == nil {
                throw context.refusal(
                    "'--shards \(count)' needs the variable JOB_COMPLETION_INDEX; otherwise give '--shard "
                        + "i/n'")
            }
        }
        if environment["AWS_BATCH_JOB_ARRAY_INDEX"] != nil {
            // Jobs outside an array have no size.
            try add(
                "AWS_BATCH_JOB_ARRAY_INDEX", index: number("AWS_BATCH_JOB_ARRAY_INDEX"),
                count: number("AWS_BATCH_JOB_ARRAY_SIZE") ?? count)
        }
        guard let first = found.first else { return nil }
        for other in found.dropFirst() where other.shard != first.shard {
            throw context.refusal(
                "\(first.name) and \(other.name) give different shards; give '--shard i/n'")
        }
        if let count, first.shard.count != count {
            throw context.refusal(
                "'--shards \(count)' contradicts \(first.name), which has \(first.shard.count)")
        }
        return first.shard
    }

    /// Which place in line a task of a Slurm array has, by its variables' numbers, and how many tasks there are.
    private static func slurmPlace(_ number: (String) -> Int?) -> (index: Int?, count: Int?) {
        let (id, first, tasks) = (
            number("SLURM_ARRAY_TASK_ID"), number("SLURM_ARRAY_TASK_MIN"), number("SLURM_ARRAY_TASK_COUNT")
        )
        // An array with gaps in its numbers says nothing of which place in line a task has.
        let step = number("SLURM_ARRAY_TASK_STEP") ?? 1
        let isRegular = number("SLURM_ARRAY_TASK_MAX").map { last in
            guard let first, let tasks, step > 0 else { return false }
            return last - first == (tasks - 1) * step
        }
        guard let id, let first, isRegular ?? true, step > 0, (id - first) % step == 0 else {
            return (nil, tasks)
        }
        return ((id - first) / step, tasks)
    }
}
