import Foundation

extension SlowReaders {
    /// Gives every request that a counter gained a time of its own: of n between two samples, the k-th comes
    /// at k/n of the way, and belongs to the interval that ends then or later.
    static func nginxPlus(_ text: String) -> Tally {
        var tally = Tally()
        var samples: [(milliseconds: Int, total: Int, load: Int)] = []
        for line in text.split(separator: "\n") {
            guard let object = try? JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any],
                let requests = object["requests"] as? [String: Any], let total = requests["total"] as? Int,
                let time = object["timestamp"] as? Int
            else {
                tally.reject()
                continue
            }
            tally.rows += 1
            if samples.contains(where: { $0.milliseconds == time && $0.total == total }) {
                tally.duplicates += 1
                continue
            }
            tally.accepted += 1
            samples.append((time, total, object["load_timestamp"] as? Int ?? 0))
        }
        samples.sort { $0.milliseconds < $1.milliseconds }
        let step = commonest(
            zip(samples, samples.dropFirst()).map { $1.milliseconds / 1000 - $0.milliseconds / 1000 })
        for (before, after) in zip(samples, samples.dropFirst()) {
            let isAnew = before.load != after.load && after.total < before.total
            let gain = isAnew ? after.total : max(0, after.total - before.total)
            let length = after.milliseconds - before.milliseconds
            for number in stride(from: 1, through: gain, by: 1) {
                let way = (number * length + gain - 1) / gain
                let start = (before.milliseconds + way - 1) / (step * 1000) * step
                tally.counts["requests/nginx-plus/nginx_plus_status", default: [:]][
                    Int64(start), default: 0] += 1
            }
        }
        return tally
    }

    private static func commonest(_ distances: [Int]) -> Int {
        let counts = Dictionary(grouping: distances.filter { $0 > 0 }) { $0 }.mapValues(\.count)
        return counts.min { ($1.value, $0.key) < ($0.value, $1.key) }?.key ?? 3600
    }
}
