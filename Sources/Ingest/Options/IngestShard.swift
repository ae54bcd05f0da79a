import Tape

/// A share of the files of an ingest, for several machines that take one each.
public struct IngestShard: Sendable, Equatable {
    /// From 0 to `count - 1`.
    public let index: Int
    /// How many shards there are.
    public let count: Int

    /// A shard; nil where there is none of that number.
    public init?(index: Int, count: Int) {
        guard count >= 1, count <= 1_000_000, index >= 0, index < count else { return nil }
        self.index = index
        self.count = count
    }

    /// Reads `i/n`, i from 0 to n − 1.
    public init?(_ text: String) {
        let parts = text.split(separator: "/", omittingEmptySubsequences: false).map { Int($0) }
        guard parts.count == 2, let index = parts[0], let count = parts[1] else { return nil }
        self.init(index: index, count: count)
    }

    /// The files of this shard, in the order given.
    ///
    /// Files that are likely to repeat each other (a month and its days) belong to one shard, where repeats are dropped:
    /// those whose names agree up to the month, or up to the ending where there is no month. The names in order of their
    /// bytes are dealt out in turn, so that every machine finds the same shares.
    func share(of inputs: [InputPath]) -> [InputPath] {
        let keys = Set(inputs.map { IngestShard.key($0.path) }).sorted {
            $0.utf8.lexicographicallyPrecedes($1.utf8)
        }
        let mine = Set(keys.enumerated().filter { $0.offset % count == index }.map(\.element))
        return inputs.filter { mine.contains(IngestShard.key($0.path)) }
    }

    /// `BTCUSDT-trades-2024-08` of `logs/BTCUSDT-trades-2024-08-31.csv.gz`.
    static func key(_ path: String) -> String {
        let stem = SeriesNaming.stem(path)
        let bytes = Array(stem.utf8)
        let isDigit = bytes.map { $0 &- 0x30 < 10 }
        for start in 0..<max(0, bytes.count - 6) where bytes[start + 4] == 0x2D {
            guard isDigit[start..<start + 4].allSatisfy({ $0 }), isDigit[start + 5], isDigit[start + 6],
                start == 0 || !isDigit[start - 1]
            else { continue }
            return String(decoding: bytes[..<(start + 7)], as: UTF8.self)
        }
        return stem
    }
}

extension TapeShard {
    /// The part of an ingest that a shard is: a hash of all files' names and sizes, and of the options that matter.
    init(_ shard: IngestShard, of inputs: [InputPath], _ options: IngestOptions) {
        var lines = inputs.map { input in
            let name = input.path.split(separator: "/").last.map(String.init) ?? input.path
            return "\(name)\u{0}\(input.size ?? -1)"
        }
        lines.sort { $0.utf8.lexicographicallyPrecedes($1.utf8) }
        lines.append("overlap \(options.overlap.rawValue)")
        lines.append(
            "format \(options.format?.rawValue ?? "")\u{0}\(options.venue ?? "")\u{0}\(options.symbol ?? "")")
        lines.append("bad rows \(options.badRowShareMax)")
        let text = Array(lines.joined(separator: "\n").utf8)
        let hash = text.withUnsafeBytes { ContentHash(of: $0) }
        self.init(index: shard.index, count: shard.count, inputs: hash.description)
    }
}
