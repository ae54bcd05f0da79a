/// Minimises a weighted sum of unknowns whose differences are limited: the dual of a flow of least cost.
///
/// Each limit is `to − from ≤ bound`; one with a price may be passed, and costs the price for each unit that it is
/// passed by. The weights sum to 0. The dual sends what each unknown of positive weight supplies to those of negative
/// weight over arcs that cost the bounds and have the prices as capacities (Ahuja, Magnanti and Orlin 1993, sections 9.4 and
/// 9.7); its potentials are the unknowns. Bounds are whole numbers, so that the least solution is whole too, and exact.
struct DifferenceProgramme {
    private struct Arc {
        var to: Int
        var cost: Int
        var capacity: Int
    }

    /// More than any supply.
    private static let unlimited = Int.max / 4

    /// Each arc is followed by its reverse.
    private var arcs: [Arc] = []
    private var outgoing: [[Int]]

    init(unknowns: Int) {
        outgoing = [[Int]](repeating: [], count: unknowns)
    }

    /// Limits a difference; with a price, only softly.
    mutating func limit(_ to: Int, minus from: Int, atMost bound: Int, price: Int? = nil) {
        outgoing[from].append(arcs.count)
        arcs.append(Arc(to: to, cost: bound, capacity: price ?? DifferenceProgramme.unlimited))
        outgoing[to].append(arcs.count)
        arcs.append(Arc(to: from, cost: -bound, capacity: 0))
    }

    /// The unknowns of least sum, the reference being 0.
    ///
    /// Some values have to keep all limits, soft ones included.
    func solution(weights: [Int], reference: Int) -> [Int] {
        var flow = self
        var potential = firstPotentials()
        var excess = weights
        for source in weights.indices where weights[source] > 0 {
            while excess[source] > 0 {
                guard let (sink, arrival) = flow.path(from: source, to: excess, &potential) else { break }
                var amount = min(excess[source], -excess[sink])
                var node = sink
                while node != source {
                    amount = min(amount, flow.arcs[arrival[node]].capacity)
                    node = flow.arcs[arrival[node] ^ 1].to
                }
                node = sink
                while node != source {
                    flow.arcs[arrival[node]].capacity -= amount
                    flow.arcs[arrival[node] ^ 1].capacity += amount
                    node = flow.arcs[arrival[node] ^ 1].to
                }
                excess[source] -= amount
                excess[sink] += amount
            }
        }
        return potential.map { $0 - potential[reference] }
    }

    /// Values that keep all limits, by passes over all arcs (Bellman and Ford).
    private func firstPotentials() -> [Int] {
        var potential = [Int](repeating: 0, count: outgoing.count)
        for _ in outgoing.indices {
            var hasChanged = false
            for from in outgoing.indices {
                for index in outgoing[from] where arcs[index].capacity > 0 {
                    let reached = potential[from] + arcs[index].cost
                    if reached < potential[arcs[index].to] {
                        potential[arcs[index].to] = reached
                        hasChanged = true
                    }
                }
            }
            if !hasChanged { break }
        }
        return potential
    }

    /// The nearest node that lacks something, with the arcs by which nodes are reached (Dijkstra, on reduced costs); the
    /// potentials are moved on, so that the path's reduced costs are 0.
    private func path(
        from source: Int, to excess: [Int], _ potential: inout [Int]
    ) -> (sink: Int, arrival: [Int])? {
        var distance = [Int](repeating: Int.max, count: outgoing.count)
        var arrival = [Int](repeating: -1, count: outgoing.count)
        var isDone = [Bool](repeating: false, count: outgoing.count)
        var heap = DistanceHeap()
        distance[source] = 0
        heap.add(0, source)
        var sink: Int?
        while let (near, node) = heap.takeLeast() {
            guard !isDone[node] else { continue }
            isDone[node] = true
            if excess[node] < 0 {
                sink = node
                break
            }
            for index in outgoing[node] where arcs[index].capacity > 0 {
                let arc = arcs[index]
                let found = near + arc.cost + potential[node] - potential[arc.to]
                guard found < distance[arc.to] else { continue }
                distance[arc.to] = found
                arrival[arc.to] = index
                heap.add(found, arc.to)
            }
        }
        guard let sink else { return nil }
        for node in potential.indices where isDone[node] {
            potential[node] += distance[node] - distance[sink]
        }
        return (sink, arrival)
    }
}

/// Nodes by distance, the nearest on top, of equals the first.
private struct DistanceHeap {
    private var entries: [(distance: Int, node: Int)] = []

    mutating func add(_ distance: Int, _ node: Int) {
        entries.append((distance, node))
        var place = entries.count - 1
        while place > 0, entries[place] < entries[(place - 1) / 2] {
            entries.swapAt(place, (place - 1) / 2)
            place = (place - 1) / 2
        }
    }

    mutating func takeLeast() -> (distance: Int, node: Int)? {
        guard let least = entries.first, let last = entries.popLast() else { return nil }
        guard !entries.isEmpty else { return least }
        entries[0] = last
        var place = 0
        while true {
            var smallest = place
            for child in [2 * place + 1, 2 * place + 2] where child < entries.count {
                if entries[child] < entries[smallest] { smallest = child }
            }
            guard smallest != place else { return least }
            entries.swapAt(place, smallest)
            place = smallest
        }
    }
}
