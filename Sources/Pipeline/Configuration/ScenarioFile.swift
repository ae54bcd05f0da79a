import WhatIf

/// Reads scenarios of what-if runs.
public enum ScenarioFile {
    /// The table of its keys.
    public static let spec = ObjectSpec(
        "Disturbances over time.",
        [
            FieldSpec("$schema", .text, "Where the JSON Schema of this file is, for editors; not read."),
            FieldSpec("name", .text, required: true, "A short name."),
            FieldSpec("description", .text, "What happens, for the reader."),
            FieldSpec(
                "events", .list(.anything, atLeast: 1), required: true,
                "What happens: objects with the key 'event' and the keys of that kind."),
        ])
}
