/// A type of values of a configuration file: what they look like, how they are read, and how they are written.
struct FieldType<Value: Sendable>: Sendable {
    /// What they look like.
    let shape: FieldShape
    /// A value as JSON; `null` for one that is not written.
    let write: @Sendable (Value) -> String
    /// The value of text that fits the shape.
    let read: @Sendable (PlacedJSON, ConfigurationFile) throws(ConfigurationError) -> Value

    init(
        _ shape: FieldShape, write: @escaping @Sendable (Value) -> String,
        read: @escaping @Sendable (PlacedJSON, ConfigurationFile) throws(ConfigurationError) -> Value
    ) {
        self.shape = shape
        self.write = write
        self.read = read
    }

    /// A type of a plain value, which `value` has where the shape fits.
    init(
        _ shape: FieldShape, _ value: @escaping @Sendable (PlacedJSON) -> Value?,
        write: @escaping @Sendable (Value) -> String
    ) {
        self.init(shape, write: write) { json, file throws(ConfigurationError) in
            guard let value = value(json) else {
                throw file.error(json.place, "expected \(shape.expectation)")
            }
            return value
        }
    }

    /// The same in a file, as another value here.
    func map<Other>(
        back: @escaping @Sendable (Other) -> Value, _ there: @escaping @Sendable (Value) -> Other
    ) -> FieldType<Other> {
        FieldType<Other>(shape, write: { write(back($0)) }) { json, file throws(ConfigurationError) in
            there(try read(json, file))
        }
    }

    /// The same, where a value has to pass a further check.
    func checked(
        _ check: @escaping @Sendable (Value, PlacedJSON, ConfigurationFile) throws(ConfigurationError) -> Void
    ) -> FieldType {
        FieldType(shape, write: write) { json, file throws(ConfigurationError) in
            let value = try read(json, file)
            try check(value, json, file)
            return value
        }
    }

    /// This or another, told apart by the kind of value; written as this.
    func or(_ other: FieldType) -> FieldType {
        FieldType(.either(shape, other.shape), write: write) { json, file throws(ConfigurationError) in
            try shape.takes(json) ? read(json, file) : other.read(json, file)
        }
    }
}

extension FieldType {
    /// Checks the text of a file that holds one value, and reads it.
    func read(text: [UInt8], _ file: ConfigurationFile) throws(ConfigurationError) -> Value {
        let json = try PlacedJSON(parsing: text, file: file.path)
        try shape.check(json, name: "the file", file: file.path)
        return try read(json, file)
    }
}
