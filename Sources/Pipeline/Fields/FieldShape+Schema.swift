import Foundation

extension ObjectShape {
    /// The table as a JSON Schema (draft 2020-12), keys in order.
    public func jsonSchema(title: String) -> [UInt8] {
        var schema = FieldShape.object(self).schema
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

    fileprivate var schema: [String: Any] {
        var properties: [String: Any] = [:]
        for field in fields {
            var entry = field.shape.schema
            entry["description"] = field.sentence
            if case .value(let text) = field.absence {
                entry["default"] = try? JSONSerialization.jsonObject(
                    with: Data(text.utf8), options: .fragmentsAllowed)
            }
            properties[field.key] = entry
        }
        return [
            "type": "object", "description": meaning, "additionalProperties": false,
            "properties": properties, "required": fields.filter(\.isRequired).map(\.key),
        ]
    }
}

extension FieldEntry {
    /// What it means, with what holds where it is absent.
    var sentence: String {
        defaultText.map { meaning.dropLast(meaning.hasSuffix(".") ? 1 : 0) + "; default \($0)." } ?? meaning
    }

    /// What holds where it is absent, in words; nil where nothing or its own keys say so.
    var defaultText: String? {
        switch absence {
        case .refused, .nothing: nil
        case .words(let words): words
        case .value(let json): FieldEntry.plain(json)
        }
    }

    /// JSON without quotes, brackets, and points of whole numbers.
    private static func plain(_ json: String) -> String {
        if let number = Double(decimal: json), let whole = Int(exactly: number) { return "\(whole)" }
        return json.filter { !"\"[]".contains($0) }
    }
}

extension FieldShape {
    fileprivate var schema: [String: Any] {
        switch self {
        case .text: ["type": "string", "minLength": 1]
        case .choice(let words): ["type": "string", "enum": words]
        case .number(let range): limits(["type": "number"], range.lowerBound, range.upperBound)
        case .integer(let range):
            limits(["type": "integer"], Double(range.lowerBound), Double(range.upperBound))
        case .flag: ["type": "boolean"]
        case .duration: ["type": "string", "pattern": "^[0-9.]+(ns|us|µs|ms|s|m|min|h|d|w)$"]
        case .time: ["type": "string", "format": "date-time"]
        case .list(let item, let count): ["type": "array", "items": item.schema, "minItems": count]
        case .object(let object): object.schema
        case .map(let keys, let shape):
            keys.isEmpty
                ? ["type": "object", "additionalProperties": shape.schema]
                : [
                    "type": "object", "additionalProperties": false,
                    "properties": Dictionary(uniqueKeysWithValues: keys.map { ($0, shape.schema) }),
                ]
        case .either(let one, let other): ["anyOf": [one.schema, other.schema]]
        case .oneOf(let shapes): ["anyOf": shapes.map(\.schema)]
        }
    }

    private func limits(_ base: [String: Any], _ low: Double, _ high: Double) -> [String: Any] {
        var result = base
        if abs(low) < 1e15 { result["minimum"] = low }
        if abs(high) < 1e15 { result["maximum"] = high }
        return result
    }
}
