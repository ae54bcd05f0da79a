import Foundation

extension ObjectSpec {
    /// The table as a JSON Schema (draft 2020-12), keys in order.
    public func jsonSchema(title: String) -> [UInt8] {
        var schema = FieldType.object(self).schema
        schema["$schema"] = "https://json-schema.org/draft/2020-12/schema"
        schema["title"] = title
        let options: JSONSerialization.WritingOptions = [
            .prettyPrinted, .sortedKeys, .withoutEscapingSlashes,
        ]
        // The dictionary holds strings, numbers, lists and dictionaries alone, which always can be written.
        guard let data = try? JSONSerialization.data(withJSONObject: schema, options: options) else {
            preconditionFailure("a schema that cannot be written as JSON")
        }
        return Array(data) + [0x0A]
    }
}

extension FieldType {
    fileprivate var schema: [String: Any] {
        switch self {
        case .oneOf(let types): ["anyOf": types.map(\.schema)]
        case .text: ["type": "string", "minLength": 1]
        case .choice(let words): ["type": "string", "enum": words]
        case .number(let range): limits(["type": "number"], range.lowerBound, range.upperBound)
        case .integer(let range):
            limits(["type": "integer"], Double(range.lowerBound), Double(range.upperBound))
        case .flag: ["type": "boolean"]
        case .duration: ["type": "string", "pattern": "^[0-9.]+(ns|us|µs|ms|s|m|min|h|d|w)$"]
        case .time: ["type": "string", "format": "date-time"]
        case .list(let item, let count): ["type": "array", "items": item.schema, "minItems": count]
        case .object(let spec): spec.schema
        case .map(let keys, let type):
            keys.isEmpty
                ? ["type": "object", "additionalProperties": type.schema]
                : [
                    "type": "object", "additionalProperties": false,
                    "properties": Dictionary(uniqueKeysWithValues: keys.map { ($0, type.schema) }),
                ]
        case .either(let one, let other): ["anyOf": [one.schema, other.schema]]
        }
    }

    private func limits(_ base: [String: Any], _ low: Double, _ high: Double) -> [String: Any] {
        var result = base
        if abs(low) < 1e15 { result["minimum"] = low }
        if abs(high) < 1e15 { result["maximum"] = high }
        return result
    }
}

extension ObjectSpec {
    fileprivate var schema: [String: Any] {
        var properties: [String: Any] = [:]
        for field in fields {
            var entry = field.type.schema
            entry["description"] = field.help
            properties[field.key] = entry
        }
        return [
            "type": "object", "description": help, "additionalProperties": false, "properties": properties,
            "required": fields.filter(\.isRequired).map(\.key),
        ]
    }
}
