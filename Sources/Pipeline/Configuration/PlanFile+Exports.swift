import Reporting

extension ExportSettings {
    static let spec = ObjectSpec(
        ExportSettings(), "Addresses that the exports name.",
        [
            .optional(
                "runbook_url", \.runbookURL, .text, absent: "runbook.md",
                "Where the runbook is published: the runbook_url of every alert."),
            .optional(
                "prometheus_url", \.prometheusURL, .text, absent: "none; KEDA follows the schedule alone",
                "Where Prometheus answers inside the cluster, for a KEDA trigger on the measured load."),
        ])
}
