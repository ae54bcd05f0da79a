import Foundation
import Numerics

/// The share of messages that take longer than each of some times, by what they find.
struct SojournTail {
    private let key: LatencyTable.Key
    private let service: ServiceTail
    private let times: [Double]
    private let weights: WaitWeights
    private let serviceOver: [Double]
    /// By the bin of the load of the moment.
    private var free: [[Double]?]
    /// By the bin of the wait.
    private var waiting: [[Double]?]
    private static let loadBins = 100
    /// The highest load of which there is a tail. Chosen, not measured.
    private static let loadMax = 0.995

    init(key: LatencyTable.Key, service: ServiceTail, times: [Double], weights: WaitWeights) {
        self.key = key
        self.service = service
        self.times = times
        self.weights = weights
        serviceOver = times.map(service.over)
        free = [[Double]?](repeating: nil, count: SojournTail.loadBins)
        waiting = [[Double]?](repeating: nil, count: WaitWeights.binCount)
    }

    /// The share that takes longer, at one of the loads.
    mutating func row(load: Int) -> [Double] {
        var row = [Double](repeating: 0, count: times.count)
        func add(_ part: [Double], _ weight: Double) {
            for place in row.indices { row[place] += weight / weights.total * part[place] }
        }
        for bin in 0..<WaitWeights.binCount {
            let isFree = weights.free[load][bin]
            if isFree > 0 {
                let factor = weights.fastestSeconds == .infinity ? 1 : WaitWeights.value(ofBin: bin)
                add(afterNone(load: LatencyTable.loads[load] * factor), isFree)
            }
            let waits = weights.waiting[load][bin]
            if waits > 0 { add(after(waitBin: bin), waits) }
        }
        return row
    }

    /// With work piled up.
    private mutating func after(waitBin bin: Int) -> [Double] {
        if let known = waiting[bin] { return known }
        let wait = WaitWeights.value(ofBin: bin)
        let found = times.map { service.over($0 - wait) }
        waiting[bin] = found
        return found
    }

    /// With none: M/G/c at the load of the moment.
    private mutating func afterNone(load: Double) -> [Double] {
        let isConstant = weights.fastestSeconds == .infinity
        let load = min(load, SojournTail.loadMax)
        let bin = min(SojournTail.loadBins - 1, Int(saturating: load * Double(SojournTail.loadBins)))
        if !isConstant, let known = free[bin] { return known }
        let moment = isConstant ? load : (Double(bin) + 0.5) / Double(SojournTail.loadBins)
        let servers = key.isSeparate ? 1 : min(key.servers, 4096)
        let share = SpecialFunctions.erlangC(servers: servers, offeredLoad: moment * Double(servers))
        let spread = service.meanSeconds * (1 + service.squaredVariation) / Double(servers)
        var mean = spread / 2 / (1 - moment)
        if !isConstant { mean = min(mean, (2 * weights.fastestSeconds * spread).squareRoot()) }
        let found = times.indices.map { place in
            var waits = 0.0
            for point in service.points {
                let left = times[place] - point.seconds
                waits += point.weight * (left > 0 ? exp(-left / mean) : 1)
            }
            return (1 - share) * serviceOver[place] + share * waits
        }
        if !isConstant { free[bin] = found }
        return found
    }
}
