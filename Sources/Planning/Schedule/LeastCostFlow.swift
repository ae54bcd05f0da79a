/// A flow of least cost in a network with whole capacities and costs that are not negative: successive
/// shortest paths with potentials (Ahuja, Magnanti and Orlin 1993, section 9.7).
struct LeastCostFlow {
    private struct Arc {
        var to: Int
        var capacity: Int
        var cost: Int
    }

    /// Each arc is followed by its reverse.
    private var arcs: [Arc] = []
    private var outgoing: [[Int]]

    init(nodeCount: Int) {
        outgoing = [[Int]](repeating: [], count: nodeCount)
    }

    /// Adds an arc and returns its number.
    @discardableResult
    mutating func add(from: Int, to: Int, capacity: Int, cost: Int) -> Int {
        outgoing[from].append(arcs.count)
        arcs.append(Arc(to: to, capacity: capacity, cost: cost))
        outgoing[to].append(arcs.count)
        arcs.append(Arc(to: from, capacity: 0, cost: -cost))
        return arcs.count - 2
    }

    func flow(on arc: Int) -> Int { arcs[arc + 1].capacity }

    /// Sends an amount, or as much as fits, at least cost.
    mutating func send(_ amount: Int, from source: Int, to sink: Int) {
        var left = amount
        var potential = [Int](repeating: 0, count: outgoing.count)
        while left > 0 {
            let (distance, arrival) = shortestPaths(from: source, potential: potential)
            guard distance[sink] < Int.max else { return }
            for node in potential.indices where distance[node] < Int.max { potential[node] += distance[node] }
            var amount = left
            var node = sink
            while node != source {
                amount = min(amount, arcs[arrival[node]].capacity)
                node = arcs[arrival[node] ^ 1].to
            }
            node = sink
            while node != source {
                arcs[arrival[node]].capacity -= amount
                arcs[arrival[node] ^ 1].capacity += amount
                node = arcs[arrival[node] ^ 1].to
            }
            left -= amount
        }
    }

    /// Distances over arcs with room, and the arc by which each node is reached; nodes wait in buckets by
    /// distance.
    private func shortestPaths(from source: Int, potential: [Int]) -> (distance: [Int], arrival: [Int]) {
        var distance = [Int](repeating: Int.max, count: outgoing.count)
        var arrival = [Int](repeating: -1, count: outgoing.count)
        var buckets: [[Int]] = [[source]]
        distance[source] = 0
        var current = 0
        while current < buckets.count {
            var place = 0
            while place < buckets[current].count {
                let node = buckets[current][place]
                place += 1
                guard distance[node] == current else { continue }
                for index in outgoing[node] where arcs[index].capacity > 0 {
                    let arc = arcs[index]
                    let found = current + arc.cost + potential[node] - potential[arc.to]
                    guard found < distance[arc.to] else { continue }
                    distance[arc.to] = found
                    arrival[arc.to] = index
                    while buckets.count <= found { buckets.append([]) }
                    buckets[found].append(arc.to)
                }
            }
            current += 1
        }
        return (distance, arrival)
    }
}
