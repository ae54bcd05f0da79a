import Exchange
import Planning
import Units

extension PlanFile {
    /// Everything that a run of this plan would fail at, or can never hold, and that is known before any log is read: scenarios
    /// that cannot be read, sources that match no file, and objectives and promises that no number of nodes keeps.
    ///
    /// - Parameter dataRoot: Where the sources' relative paths start from; nil: the sources' files are not looked for.
    /// - Returns: The errors in the order of the text, each with its place.
    public func problems(dataRoot: String?) -> [ConfigurationError] {
        var found: [ConfigurationError] = []
        do throws(ConfigurationError) {
            _ = try loadedScenarios()
        } catch {
            found.append(error)
        }
        if let dataRoot { found += missingSources(below: dataRoot) }
        let file = ConfigurationFile(path: path ?? "plan")
        if let json = try? PlacedJSON(parsing: text, file: file.path) {
            found += impossibilities(json, file)
        }
        // By place; those of one place keep their order.
        return found.enumerated().sorted { one, other in
            func key(_ item: (offset: Int, element: ConfigurationError)) -> (Int, Int, Int) {
                (item.element.place?.line ?? 0, item.element.place?.column ?? 0, item.offset)
            }
            return key(one) < key(other)
        }.map(\.element)
    }

    private func missingSources(below root: String) -> [ConfigurationError] {
        sources.compactMap { source in
            do throws(ConfigurationError) {
                _ = try SourceFiles(root: root).files(of: source, plan: path)
                return nil
            } catch {
                return error
            }
        }
    }

    private func impossibilities(_ json: PlacedJSON, _ file: ConfigurationFile) -> [ConfigurationError] {
        var found: [ConfigurationError] = []
        let items = json["topology"]?["tiers"]?.items ?? []
        for (tier, item) in zip(topology.tiers, items) {
            if let message = tier.unreachableObjective {
                let place = item["objective"]?["latency"]?.place ?? item.place
                found.append(file.error(place, "'\(tier.name)' can never hold its objective: \(message)"))
            }
            if tier.quorum == nil, !tier.kind.canSurvive(options.survival) {
                found.append(
                    file.error(
                        item["kind"]?.place ?? item.place,
                        "'\(tier.name)' can never survive the loss of a zone: with \(options.zones.count) zones one "
                            + "has half of its members or more; give three zones, or set survives_zone_loss to false"
                    ))
            }
        }
        let rules = json["plan"]
        if let asked = rules?["survives_zone_loss"], asked.bool == true, options.zones.count < 2 {
            found.append(
                file.error(
                    asked.place,
                    "the loss of the only zone can never be survived; list more in 'zones', or set this to "
                        + "false"))
        }
        if let asked = rules?["survives_region_loss"], asked.bool == true,
            !options.survival.survivesRegionLoss
        {
            found.append(
                file.error(
                    asked.place,
                    "the loss of the only region can never be survived; list more in 'regions', or set this "
                        + "to false"))
        }
        return found
    }
}

extension Tier {
    /// Why no message can be in time as often as is asked, however many nodes idle; nil where that is not certain.
    ///
    /// A message takes its service time at least. By Cantelli's inequality a time of mean m and standard deviation s is l or
    /// less, l < m, with a chance of s² / (s² + (m − l)²) at most, whatever its distribution. The objective is out of reach where
    /// that is too little for every class.
    fileprivate var unreachableObjective: String? {
        guard kind.law == .queue, !processing.isEmpty else { return nil }
        let limit = objective.latencySeconds
        var most = 0.0
        for time in processing.values {
            guard time.meanSeconds > limit else { return nil }
            let deviation = time.coefficientOfVariation * time.meanSeconds
            let excess = time.meanSeconds - limit
            most = max(most, deviation * deviation / (deviation * deviation + excess * excess))
        }
        guard most < objective.quantile else { return nil }
        let mean = Duration.seconds(processing.values.map(\.meanSeconds).min() ?? 0).shortText
        return
            "a message takes \(mean) in mean without any queue, so of what is to take "
            + "\(Duration.seconds(limit).shortText) at most no share of \(objective.quantile) can; allow more time, or make "
            + "the service faster"
    }
}
