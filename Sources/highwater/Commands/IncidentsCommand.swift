import CommandLineKit
import Pipeline
import Tables

/// What `incidents` is told.
struct IncidentsOptions: OptionGroup {
    let output = FileOutput()
    @Argument("file", help: "Files of incidents.", atLeast: 1, completion: .file(extensions: ["json"]))
    var files: [String]
}

extension Command {
    /// Outages that happened, beside the model.
    static let incidents = Command(
        name: "incidents", abstract: "Replay published outages, and compare the model with their figures.",
        discussion: """
            Prints a Markdown page with each incident's source, what was published and what the model shows. \
            Each file holds the tiers, the load, the events and the published figures of one incident.
            """,
        examples: ["highwater incidents Datasets/scenarios/incidents/*.json -o Datasets/INCIDENTS.md"],
        options: IncidentsOptions.self,
        run: { given, context in
            let incidents = try given.files.map { try IncidentFile.read(path: $0) }
            context.progress.begin("replay", total: nil)
            let page = try IncidentPage.markdown(incidents)
            context.progress.finish()
            try given.output.write(Array(page.utf8))
            return .success
        })
}
