import Glibc
import Replay
import Units

extension TierContext {
    /// The rows of `capacity.csv` of this tier, by queue, then step.
    func capacityRows(_ outcome: TierOutcome) -> [CapacityRow] {
        outcome.queues.enumerated().flatMap { index, queue in
            let (median, high) = (queue.load.quantiles(0.5), queue.load.quantiles(PathLoad.highLevel))
            let (afterLoss, allUp) = (queue.afterLoss.held, queue.allUp.held)
            return (0..<stepCount).map { step in
                CapacityRow(
                    tier: tier.name, shard: outcome.shardName(index), start: demand.time(ofStep: step),
                    workQ50: median[step], workQ99: high[step], heldAfterLoss: afterLoss[step],
                    heldAllUp: allUp[step], levels: queue.afterLoss.places[step])
            }
        }
    }

    /// The rows of `break_levels.csv` of this tier, by queue, then nodes, then hour.
    func breakLevelRows(_ outcome: TierOutcome) -> [BreakLevelRow] {
        outcome.queues.enumerated().flatMap { index, queue in
            queue.afterLoss.different.enumerated().flatMap { place, levels in
                levels.perSecond.enumerated().map { hour, work in
                    BreakLevelRow(
                        tier: tier.name, shard: outcome.shardName(index), levels: place, hour: hour + 1,
                        work: work)
                }
            }
        }
    }

    /// The rows of `break_extents.csv` of this tier, by queue, then nodes, then load; none where no budget asked for them.
    func breakExtentRows(_ outcome: TierOutcome) -> [BreakExtentRow] {
        outcome.queues.enumerated().flatMap { index, queue in
            queue.afterLoss.different.enumerated().flatMap { place, levels -> [BreakExtentRow] in
                guard let extent = levels.extent else { return [] }
                return BreakExtent.logRatios.enumerated().map { point, ratio in
                    BreakExtentRow(
                        tier: tier.name, shard: outcome.shardName(index), levels: place,
                        loadOverHeld: exp(ratio), shareOver: extent.shareOver[point],
                        lateBroken: extent.lateBroken[point], lateHeld: extent.lateHeld[point])
                }
            }
        }
    }

    /// The rows of `work.csv` of this tier, by queue, then symbol.
    func workRows(_ outcome: TierOutcome) -> [WorkRow] {
        outcome.queues.indices.flatMap { index in
            let shard = outcome.plan.shards.isEmpty ? nil : outcome.plan.shards[index]
            return (shard.map { $0.symbols.sorted() } ?? Array(load.everySymbol))
                .filter { load.workPerTrade[$0] > 0 }.map {
                    WorkRow(
                        tier: tier.name, shard: shard?.name, symbol: demand.symbols[$0].id,
                        secondsPerTrade: load.workPerTrade[$0])
                }
        }
    }
}

extension TierOutcome {
    /// The name of the shard that a queue is; nil for the only queue of a tier.
    func shardName(_ queue: Int) -> String? { plan.shards.isEmpty ? nil : plan.shards[queue].name }
}
