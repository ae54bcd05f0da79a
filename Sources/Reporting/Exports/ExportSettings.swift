/// What the exports need to know of the systems that apply them.
public struct ExportSettings: Sendable, Equatable {
    /// Where the runbook is published, for the alerts; nil: they name the file `runbook.md`.
    public var runbookURL: String?
    /// Where Prometheus answers queries from inside the cluster; nil: autoscalers follow the schedule alone.
    public var prometheusURL: String?

    public init() {}
}
