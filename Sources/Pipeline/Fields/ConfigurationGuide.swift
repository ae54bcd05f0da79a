/// The keys of a configuration file as text for readers.
enum ConfigurationGuide {
    /// A table of Markdown for each object that a file may hold, each under its path, as `topology.tiers[]`.
    static func markdown(_ shape: ObjectShape, title: String) -> String {
        var sections = ""
        append(shape, title: title, path: "", to: &sections)
        return sections
    }

    private static func append(
        _ object: ObjectShape, title: String, path: String, to sections: inout String
    ) {
        sections += "\n## \(title)\n\n\(object.meaning)"
        if !object.form.isEmpty { sections += " As a string: `\(object.form)`." }
        sections += "\n\n| key | value | default | meaning |\n|---|---|---|---|\n"
        for field in object.fields {
            let unit = field.unit.isEmpty ? "" : " (\(field.unit))"
            let cells = ["`\(field.key)`", field.shape.summary() + unit, absence(field), field.meaning]
            sections += "| " + cells.map(escaped).joined(separator: " | ") + " |\n"
        }
        for field in object.fields {
            let below = path.isEmpty ? field.key : "\(path).\(field.key)"
            for (suffix, inner) in objects(in: field.shape) {
                append(inner, title: "`\(below + suffix)`", path: below + suffix, to: &sections)
            }
        }
    }

    private static func absence(_ field: FieldEntry) -> String {
        guard let text = field.defaultText else { return field.isRequired ? "required" : "" }
        if case .value = field.absence { return "`\(text)`" }
        return text
    }

    /// The objects of a shape, each with what its path has after the key.
    private static func objects(in shape: FieldShape) -> [(suffix: String, object: ObjectShape)] {
        switch shape {
        case .object(let object): [("", object)]
        case .list(let item, _): objects(in: item).map { ("[]" + $0.suffix, $0.object) }
        case .map(_, let item): objects(in: item).map { (".…" + $0.suffix, $0.object) }
        case .either(let one, let other): objects(in: one) + objects(in: other)
        case .oneOf(let shapes):
            shapes.flatMap(objects).map { ("\($0.suffix) \(kind(of: $0.object))", $0.object) }
        case .text, .choice, .number, .integer, .flag, .duration, .time: []
        }
    }

    /// The word that tells an object from others in its place.
    private static func kind(of object: ObjectShape) -> String {
        if case .choice(let words)? = object.fields.first?.shape { words.joined(separator: "/") } else { "" }
    }

    private static func escaped(_ text: String) -> String {
        text.split(separator: "|", omittingEmptySubsequences: false).joined(separator: "\\|")
    }
}
