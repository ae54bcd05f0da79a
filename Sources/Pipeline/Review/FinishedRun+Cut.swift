import Units

extension FinishedRun {
    /// The run with the steps of a window alone; symbols and queues without any are left out.
    func cut(from start: Timestamp, to end: Timestamp) -> FinishedRun {
        var result = self
        result.forecasts = forecasts.compactMap { $0.cut(from: start, to: end) }
        result.queues = queues.compactMap { $0.cut(from: start, to: end) }
        return result
    }
}

extension FinishedRun.Foresight {
    fileprivate func cut(from start: Timestamp, to end: Timestamp) -> FinishedRun.Foresight? {
        let steps = starts.indices.filter { starts[$0] >= start && starts[$0] < end }
        guard !steps.isEmpty else { return nil }
        var result = self
        result.starts = steps.map { starts[$0] }
        result.mean = steps.map { mean[$0] }
        result.quantiles = quantiles.mapValues { figures in steps.map { figures[$0] } }
        return result
    }
}

extension FinishedRun.Queue {
    fileprivate func cut(from start: Timestamp, to end: Timestamp) -> FinishedRun.Queue? {
        let steps = starts.indices.filter { starts[$0] >= start && starts[$0] < end }
        guard !steps.isEmpty else { return nil }
        var result = self
        result.starts = steps.map { starts[$0] }
        result.workQ99 = steps.map { workQ99[$0] }
        result.heldAfterLoss = steps.map { heldAfterLoss[$0] }
        result.heldAllUp = steps.map { heldAllUp[$0] }
        result.places = steps.map { places[$0] }
        return result
    }
}
