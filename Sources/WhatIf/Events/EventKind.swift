/// A kind of disturbance, as help texts, checks, schemas and the reference see it.
public struct EventKind: Sendable {
    /// Its name, as `surge`.
    public let name: String
    /// What it does, in a sentence.
    public let meaning: String
    /// Its keys, in the order in which it reads them.
    public let keys: [EventKey]
    let type: any Disturbing.Type
    /// Whether it changes the demand, so that more capacity holds it; the others take capacity away.
    public var changesDemand: Bool { type is any DemandDisturbing.Type }

    init(_ type: any Disturbing.Type) {
        self.type = type
        name = type.name
        meaning = type.meaning
        var reader = KeyReader()
        _ = type.init(&reader)
        keys = reader.keys
    }

    /// Its form in help texts: `surge:x=…,ramp=4m,…`.
    public var form: String {
        "\(name):" + keys.map { "\($0.name)=\($0.defaultText ?? "…")" }.joined(separator: ",")
    }
}
