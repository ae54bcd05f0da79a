import Reporting
import Units

extension FieldType where Value == String {
    /// Any text, not empty.
    static var text: FieldType { FieldType(.text, \.string, write: ExportText.quoted) }
}

extension FieldType where Value == Bool {
    /// `true` or `false`.
    static var flag: FieldType { FieldType(.flag, \.bool, write: { "\($0)" }) }

    /// One of two words.
    static func words(no: String, yes: String) -> FieldType {
        FieldType(
            .choice([no, yes]), { $0.string.map { $0 == yes } }, write: { $0 ? "\"\(yes)\"" : "\"\(no)\"" })
    }
}

extension FieldType where Value == Double {
    /// A number within a range.
    static func number(_ range: ClosedRange<Double>) -> FieldType {
        FieldType(.number(range), \.number, write: { "\($0)" })
    }

    /// A length of time within a range, in seconds.
    static func duration(_ range: ClosedRange<Double>) -> FieldType {
        FieldType(.duration(range), \.seconds, write: { "\"\(durationText($0))\"" })
    }
}

extension FieldType where Value == Int64 {
    /// A length of time within a range, in whole seconds, the rest left out.
    static func wholeSeconds(_ range: ClosedRange<Double>) -> FieldType {
        FieldType<Double>.duration(range).map(back: { Double($0) }, { Int64(saturating: $0) })
    }
}

extension FieldType where Value: FixedWidthInteger {
    /// A whole number within a range.
    static func integer(_ range: ClosedRange<Int>) -> FieldType {
        FieldType(.integer(range), { $0.number.flatMap { Value(exactly: $0) } }, write: { "\($0)" })
    }
}

extension FieldType where Value == Money {
    static func dollars(_ range: ClosedRange<Double>) -> FieldType {
        FieldType<Double>.number(range).map(back: \.dollars, { Money(dollars: $0) })
    }
}

extension FieldType where Value == Timestamp {
    /// An instant.
    static var time: FieldType {
        FieldType(
            .time, { $0.string.flatMap { Timestamp(iso8601: $0) } }, write: { "\"\($0.description)\"" })
    }
}

extension FieldType {
    /// One of these values, by its name.
    static func choice(_ all: [Value], by name: @escaping @Sendable (Value) -> String) -> FieldType {
        FieldType(
            .choice(all.map(name)), { json in all.first { name($0) == json.string } },
            write: { "\"\(name($0))\"" })
    }

    /// A list with at least so many items; one with fewer is not written.
    static func list<Item>(_ item: FieldType<Item>, atLeast count: Int) -> FieldType
    where Value == [Item] {
        FieldType(
            .list(item.shape, atLeast: count),
            write: {
                $0.count < count ? "null" : "[" + $0.map(item.write).joined(separator: ", ") + "]"
            }
        ) { json, file throws(ConfigurationError) in
            var items: [Item] = []
            for entry in json.items { items.append(try item.read(entry, file)) }
            return items
        }
    }

    /// A value for each of some keys, which are written in their order.
    static func map<Key, Item>(
        _ keys: [Key], by name: @escaping @Sendable (Key) -> String, _ item: FieldType<Item>
    ) -> FieldType where Key: Hashable & Sendable, Value == [Key: Item] {
        FieldType(
            .map(keys: keys.map(name), item.shape),
            write: { values in
                jsonObject(
                    keys.compactMap { key in values[key].map { (name(key), item.write($0)) } })
            }
        ) { json, file throws(ConfigurationError) in
            var values: [Key: Item] = [:]
            for member in json.members {
                guard let key = keys.first(where: { name($0) == member.key }) else { continue }
                values[key] = try item.read(member.value, file)
            }
            return values
        }
    }

    /// An object by its table.
    static func object(_ spec: ObjectSpec<Value>) -> FieldType {
        FieldType(.object(spec.shape), write: { spec.text(of: $0) }) {
            json, file throws(ConfigurationError) in
            try spec.read(json, file)
        }
    }

    /// The name of a file that holds the value; `kind` is what errors call it.
    static func file(
        _ kind: String,
        _ read: @escaping @Sendable ([UInt8], ConfigurationFile) throws(ConfigurationError) -> Value
    ) -> FieldType {
        FieldType(.text, write: { _ in "null" }) { json, file throws(ConfigurationError) in
            let named = try file.file(named: json, kind)
            return try read(named.text, named.file)
        }
    }
}

extension FieldType where Value: RawRepresentable & CaseIterable, Value.RawValue == String {
    /// One of the cases, by its raw value.
    static var choice: FieldType { choice(Array(Value.allCases), by: \.rawValue) }
}

extension PlacedJSON {
    /// The length of a time that was checked, in seconds.
    var seconds: Double? {
        string.flatMap { Duration(text: $0)?.inSeconds }
    }
}

/// An object on one line.
func jsonObject(_ members: [(key: String, value: String)]) -> String {
    "{ " + members.map { "\(ExportText.quoted($0.key)): \($0.value)" }.joined(separator: ", ") + " }"
}
