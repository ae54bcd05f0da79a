extension SystemExperiment {
    /// The same for a system; customers who are never served exceed any threshold.
    public func saturation(quantile: Double, threads: Int) -> QueueExperiment.Saturation {
        QueueExperiment.Saturation.search(allowed: 1 - quantile, points: 8) { loads in
            var experiment = self
            experiment.queue.loads = loads
            return experiment.rows(threads: threads).map { $0.shareFailed }
        }
    }
}
