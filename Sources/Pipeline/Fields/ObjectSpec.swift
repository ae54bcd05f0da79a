/// The table of an object's keys: reading, checking, writing, the schema and the reference follow from it.
///
///     extension Objective {
///         static let spec = ObjectSpec(
///             Objective(quantile: 0.99, latencySeconds: 1), "What is promised in every five minutes.",
///             [
///                 .key("quantile", \.quantile, .number(0.5...0.9999), "The share in time."),
///                 .required("latency", \.latencySeconds, .duration(1e-9...3600), "The time."),
///             ])
///     }
struct ObjectSpec<Value: Sendable>: Sendable {
    /// The object without any key: what is absent has its value from here. What is required only holds a place.
    let blank: Value
    /// The keys.
    let fields: [FieldSpec<Value>]
    /// What checks, schemas and the reference see.
    let shape: ObjectShape

    /// A table; `meaning` is a sentence.
    init(_ blank: Value, _ meaning: String, _ fields: [FieldSpec<Value>]) {
        self.blank = blank
        self.fields = fields
        shape = ObjectShape(meaning: meaning, fields: fields.map { $0.entry(blank) })
    }

    /// Reads an object that was checked; what is absent is as in `start`, or as in `blank`.
    func read(
        _ json: PlacedJSON, _ file: ConfigurationFile, into start: Value? = nil
    ) throws(ConfigurationError) -> Value {
        var value = start ?? blank
        for field in fields {
            if let member = json[field.key] { try field.read(&value, member, file) }
        }
        return value
    }

    /// An object on one line, with the keys that have a value.
    func text(of value: Value) -> String {
        jsonObject(members(of: value, fields.map(\.key)))
    }

    /// Some members as a file has them, on one line, those without a value left out.
    func memberText(of value: Value, _ keys: String...) -> String {
        members(of: value, keys).map { "\"\($0.key)\": \($0.value)" }.joined(separator: ", ")
    }

    private func members(of value: Value, _ keys: [String]) -> [(key: String, value: String)] {
        keys.compactMap { key in
            guard let field = fields.first(where: { $0.key == key }) else {
                preconditionFailure("there is no key '\(key)'")
            }
            let text = field.write(value)
            return text == "null" ? nil : (key, text)
        }
    }
}

/// A key of an object, bound to a property.
struct FieldSpec<Root: Sendable>: Sendable {
    let key: String
    let read: @Sendable (inout Root, PlacedJSON, ConfigurationFile) throws(ConfigurationError) -> Void
    /// The property as JSON; `null` where it has no value.
    let write: @Sendable (Root) -> String
    /// How checks see it, given the object without any key.
    let entry: @Sendable (Root) -> FieldEntry

    /// A key that may be absent: then the property stays as it is in the blank object, or, with `absent`, is what these
    /// words say.
    static func key<Value>(
        _ key: String, _ path: WritableKeyPath<Root, Value> & Sendable, _ type: FieldType<Value>,
        absent words: String? = nil, _ meaning: String
    ) -> FieldSpec {
        FieldSpec(key, path, type, meaning) { blank in
            if let words { return .words(words) }
            // An object's own keys say what holds without it.
            if case .object = type.shape { return .nothing }
            let text = type.write(blank[keyPath: path])
            return ["null", "[]", "\"\""].contains(text) ? .nothing : .value(text)
        }
    }

    /// A key that must be there.
    static func required<Value>(
        _ key: String, _ path: WritableKeyPath<Root, Value> & Sendable, _ type: FieldType<Value>,
        _ meaning: String
    ) -> FieldSpec {
        FieldSpec(key, path, type, meaning) { _ in .refused }
    }

    /// A key whose property is nil where it is absent; `absent` says what holds then, where its meaning does not.
    static func optional<Value>(
        _ key: String, _ path: WritableKeyPath<Root, Value?> & Sendable, _ type: FieldType<Value>,
        absent words: String? = nil, _ meaning: String
    ) -> FieldSpec {
        let maybe = FieldType<Value?>(
            type.shape, write: { $0.map(type.write) ?? "null" },
            read: { json, file throws(ConfigurationError) in try type.read(json, file) })
        return FieldSpec(key, path, maybe, meaning) { _ in words.map { .words($0) } ?? .nothing }
    }

    /// A key that is not read.
    static func ignored(_ key: String, _ shape: FieldShape, _ meaning: String) -> FieldSpec {
        FieldSpec(
            key: key, read: { _, _, _ in }, write: { _ in "null" },
            entry: { _ in FieldEntry(key: key, shape: shape, absence: .nothing, meaning: meaning) })
    }

    private init<Value>(
        _ key: String, _ path: WritableKeyPath<Root, Value> & Sendable, _ type: FieldType<Value>,
        _ meaning: String, _ absence: @escaping @Sendable (Root) -> FieldEntry.Absence
    ) {
        self.init(
            key: key,
            read: { root, json, file throws(ConfigurationError) in
                root[keyPath: path] = try type.read(json, file)
            },
            write: { type.write($0[keyPath: path]) },
            entry: { blank in
                FieldEntry(key: key, shape: type.shape, absence: absence(blank), meaning: meaning)
            })
    }

    private init(
        key: String,
        read:
            @escaping @Sendable (inout Root, PlacedJSON, ConfigurationFile) throws(ConfigurationError) ->
            Void,
        write: @escaping @Sendable (Root) -> String, entry: @escaping @Sendable (Root) -> FieldEntry
    ) {
        self.key = key
        self.read = read
        self.write = write
        self.entry = entry
    }
}
