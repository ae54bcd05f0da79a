/// The first rows of a JSON document.
enum JSONDocumentSample {
    /// The first elements of a document, as far as the sample of its text goes, each turned into a row.
    static func rows<Row>(
        _ sample: TextSample, limit: Int, wants: @escaping (JSONElements.Place) -> Bool,
        _ row: (Bytes, JSONElements.Element) -> Row?
    ) -> [Row] {
        var elements = JSONElements(wants: wants)
        var rows: [Row] = []
        try? elements.read(sample.head) { raw, element in
            if rows.count < limit, let made = row(raw, element) { rows.append(made) }
        }
        return rows
    }
}
