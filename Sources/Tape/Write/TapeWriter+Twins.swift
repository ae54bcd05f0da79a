import Units

extension TapeWriter {
    /// Another series of the same kind and venue that holds the rows of a delta of one series, appended deltas included:
    /// nearly all that both have at the same time are alike in every figure, and there are five or more of them. Nil where
    /// there is none.
    ///
    /// One period of each other series is read, so that the time grows with their number.
    public func twin(of delta: TapeDelta) throws(TapeError) -> SeriesID? {
        let names = delta.series
        guard let mine = names.first, names.count == 1 else { return nil }
        let parts = delta.pages.keys.sorted { ($0.key, $0.period) < ($1.key, $1.period) }
        var prints: [SeriesPart: BarPrints] = [:]
        for other in seriesIDs where other.kind == mine.kind && other.venue == mine.venue && other != mine {
            for part in parts {
                let key = GroupKey(series: other, step: part.key.step)
                let pages = try pages(of: key, in: part.period).filter {
                    overlaps($0, delta.pages[part] ?? [])
                }
                guard !pages.isEmpty else { continue }
                if prints[part] == nil {
                    prints[part] = try BarPrints(delta.pages[part] ?? [], file: path)
                }
                if let known = prints[part], try isAlike(pages, known) { return other }
                break
            }
        }
        return nil
    }

    private func overlaps(_ page: CodedPage, _ others: [CodedPage]) -> Bool {
        others.contains { $0.first <= page.last && page.first <= $0.last }
    }

    private func isAlike(_ pages: [CodedPage], _ known: BarPrints) throws(TapeError) -> Bool {
        var shared = 0
        var alike = 0
        for page in pages {
            for row in try page.decoded(from: path).rows {
                guard let print = known[row.start] else { continue }
                shared += 1
                if print == row.fingerprint { alike += 1 }
            }
        }
        return alike >= 5 && 10 * alike >= 8 * shared
    }
}

extension BarPrints {
    /// The fingerprints of the rows of some pages.
    init(_ pages: [CodedPage], file: String) throws(TapeError) {
        self.init()
        for page in pages {
            for row in try page.decoded(from: file).rows { insert(row.start, row.fingerprint) }
        }
    }
}
