import Planning
import Units

extension Review.ForecastScore {
    /// Scores one symbol; figures without a value are NaN.
    init(_ forecast: FinishedRun.Foresight, _ actual: ObservedTrades) {
        let steps = forecast.starts.indices.compactMap { step in
            actual.trades(forecast.id, forecast.starts[step]).map { (step: step, value: $0) }
        }
        func quantile(_ level: Double, _ step: Int) -> Double { forecast.quantiles[level]?[step] ?? .nan }
        func mean(_ figure: ((step: Int, value: Double)) -> Double) -> Double {
            steps.isEmpty ? .nan : steps.reduce(0) { $0 + figure($1) } / Double(steps.count)
        }
        func pinball(_ level: Double) -> Double {
            mean {
                let difference = $0.value - quantile(level, $0.step)
                return max(level * difference, (level - 1) * difference)
            }
        }
        func missed(_ level: Double) -> Double { mean { $0.value > quantile(level, $0.step) ? 1 : 0 } }
        let error = mean { abs($0.value - forecast.mean[$0.step]) }
        let came = steps.reduce(0) { $0 + $1.value }
        let peak = steps.max { ($0.value, $1.step) < ($1.value, $0.step) }
        self.init(
            id: forecast.id, steps: steps.count, stepsWithoutData: forecast.starts.count - steps.count,
            mase: actual.scales[forecast.id].map { error / $0 } ?? .nan,
            bias: came > 0 ? steps.reduce(0) { $0 + forecast.mean[$1.step] } / came - 1 : .nan,
            smape: mean {
                let size = abs($0.value) + abs(forecast.mean[$0.step])
                return size > 0 ? 200 * abs($0.value - forecast.mean[$0.step]) / size : 0
            },
            pinball50: pinball(0.5), pinball90: pinball(0.9), pinball99: pinball(0.99),
            coverage95: mean {
                quantile(0.025, $0.step) <= $0.value && $0.value <= quantile(0.975, $0.step) ? 1 : 0
            },
            missedQ90: missed(0.9), missedQ99: missed(0.99), missedQ999: missed(0.999),
            peakAt: peak.map { forecast.starts[$0.step] }, peak: peak?.value ?? .nan,
            peakQ99: peak.map { quantile(0.99, $0.step) } ?? .nan)
    }
}

extension Review.QueueScore {
    init(
        _ queue: FinishedRun.Queue, _ actual: ObservedTrades, score: PlanScore, run: FinishedRun
    ) {
        let loads = queue.secondsPerTrade.sorted { $0.key.description < $1.key.description }
        var (steps, over, overAllUp, high) = (0, 0, 0, 0)
        var worst: (step: Int, work: Double, share: Double)?
        for step in queue.starts.indices {
            var work = 0.0
            for (id, seconds) in loads {
                let trades = actual.trades(id, queue.starts[step]) ?? .nan
                work += trades * seconds / Double(actual.stepSeconds)
            }
            guard work.isFinite else { continue }
            steps += 1
            if work > queue.heldAfterLoss[step] { over += 1 }
            if work > queue.heldAllUp[step] { overAllUp += 1 }
            if work > queue.workQ99[step] { high += 1 }
            let held = queue.heldAfterLoss[step]
            let share = work <= 0 ? 0 : held > 0 ? work / held : .infinity
            if worst.map({ share > $0.share }) ?? true { worst = (step, work, share) }
        }
        let running = worst.map { run.nodes[queue.tier]?[queue.starts[$0.step]] ?? 0 } ?? 0
        let need = worst.map { CapacityNeed(queue, of: run, running: running, factor: $0.share) }
        self.init(
            tier: queue.tier, shard: queue.shard, steps: steps, stepsWithoutData: queue.starts.count - steps,
            probabilityBroken: score.probabilityBroken,
            hoursBroken: score.hoursBroken(stepSeconds: actual.stepSeconds),
            stepsOver: over, stepsOverAllUp: overAllUp,
            missedQ99: steps > 0 ? Double(high) / Double(steps) : .nan,
            worstAt: worst.map { queue.starts[$0.step] }, worstWork: worst?.work ?? .nan,
            worstHeld: worst.map { queue.heldAfterLoss[$0.step] } ?? .nan, factorNeeded: worst?.share ?? .nan,
            nodes: running, nodesNeeded: need?.nodes, shape: run.shapes[queue.tier],
            shapeNeeded: need?.shape, remedy: need?.remedy ?? "")
    }
}
