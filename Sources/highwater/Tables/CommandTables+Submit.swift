import Tables

extension CommandTables {
    /// A job of a batch system.
    struct SubmittedJob: Sendable {
        let stage: String
        let isMerge: Bool
        let tasks: Int
        let file: String
        var number: String?
    }

    static let submitted = TableSchema<SubmittedJob>(
        "submit", of: "submit", "A job of the batch system, after the one before it.",
        [
            .text("stage", in: .word, "The command that is split: ingest or replay.", \.stage),
            .text("job", in: .word, "array or merge.") { $0.isMerge ? "merge" : "array" },
            .integer("tasks", in: "tasks", "Number of tasks.", \.tasks),
            .text("file", in: .name, "The file that describes the job.", \.file),
            .text("job_id", in: .word, "Its number; missing without --submit.", \.number),
        ])
}
