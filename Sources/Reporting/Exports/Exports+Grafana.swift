import Foundation
import Planning
import Units

extension Exports {
    /// The version of Grafana's dashboard model that the file is written in; newer ones read it (Grafana 11).
    static let grafanaSchema = 39

    /// A dashboard: how long the plan is valid, and by tier the load beside what the planned nodes hold. It reads the
    /// series of `prometheus-rules.yaml`.
    func grafanaDashboard() -> [String: Any] {
        var panels = [validityPanel()]
        for (row, tier) in tiers.enumerated() {
            panels.append(loadPanel(tier, id: 2 + 2 * row, y: 4 + 8 * row))
            panels.append(nodePanel(tier, id: 3 + 2 * row, y: 4 + 8 * row))
        }
        let source: [String: Any] = [
            "name": "datasource", "type": "datasource", "query": "prometheus", "label": "Prometheus",
        ]
        return [
            "uid": "highwater-\(ExportText.label(name).prefix(30))",
            "title": "\(warning == nil ? "" : "NOT HELD: ")\(name): capacity plan", "tags": ["highwater"],
            "description": warning ?? "Planned from \(start.description) to \(end.description).",
            "schemaVersion": Exports.grafanaSchema, "version": 1, "editable": true, "timezone": "utc",
            "refresh": "1m", "time": ["from": start.description, "to": end.description],
            "templating": ["list": [source]], "annotations": ["list": [Any]()], "panels": panels,
        ]
    }

    private func validityPanel() -> [String: Any] {
        var panel = Exports.panel(
            id: 1, type: "stat", title: "The plan is valid for", unit: "s", place: (0, 0, 24, 4),
            queries: [("vector(\(end.seconds)) - time()", "left")])
        panel["fieldConfig"] = [
            "defaults": [
                "unit": "s",
                "thresholds": [
                    "mode": "absolute",
                    "steps": [
                        ["color": "red", "value": NSNull()],
                        ["color": "orange", "value": 0], ["color": "green", "value": expiryNotice],
                    ],
                ] as [String: Any],
            ] as [String: Any],
            "overrides": [Any](),
        ]
        return panel
    }

    private func loadPanel(_ tier: TierExport, id: Int, y: Int) -> [String: Any] {
        let matcher = "{tier=\(ExportText.quoted(tier.plan.tier))}"
        return Exports.panel(
            id: id, type: "timeseries", title: "\(tier.plan.tier): busy servers", unit: "none",
            place: (0, y, 16, 8),
            queries: [
                ("highwater:busy_servers\(matcher)", "load"),
                ("highwater:held_servers\(matcher)", "held by the plan"),
                ("\(Exports.warningShare) * highwater:held_servers\(matcher)", "warning"),
            ])
    }

    private func nodePanel(_ tier: TierExport, id: Int, y: Int) -> [String: Any] {
        Exports.panel(
            id: id, type: "timeseries", title: "\(tier.plan.tier): planned nodes", unit: "none",
            place: (16, y, 8, 8),
            queries: [
                ("highwater:planned_nodes{tier=\(ExportText.quoted(tier.plan.tier))}", "planned")
            ])
    }

    private static func panel(
        id: Int, type: String, title: String, unit: String, place: (x: Int, y: Int, width: Int, height: Int),
        queries: [(expression: String, legend: String)]
    ) -> [String: Any] {
        let source = ["type": "prometheus", "uid": "${datasource}"]
        let targets = queries.enumerated().map { index, query -> [String: Any] in
            [
                "refId": String(UnicodeScalar(UInt8(ascii: "A") + UInt8(index))), "datasource": source,
                "expr": query.expression, "legendFormat": query.legend,
            ]
        }
        return [
            "id": id, "type": type, "title": title, "datasource": source, "targets": targets,
            "gridPos": ["x": place.x, "y": place.y, "w": place.width, "h": place.height],
            "fieldConfig": ["defaults": ["unit": unit], "overrides": [Any]()] as [String: Any],
        ]
    }
}
