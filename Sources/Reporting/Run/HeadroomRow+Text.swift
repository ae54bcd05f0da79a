import Tables

extension HeadroomRow {
    /// Whether the peak of an ordinary week is more than today's nodes carry.
    public var isOver: Bool { levelPerSecond > heldPerSecond }

    /// What it is sorted by, the shortest first: the days, then the chance that it does not last.
    var lasting: (Double, Double) { (isOver ? 0 : days ?? .infinity, -probability) }

    /// The queue's name.
    var queueName: String { shard ?? tier }

    /// How long today's nodes last, as `today's gateway lasts 43 days (21 to 120)`.
    public var sentencePart: String {
        if isOver {
            return "today's \(queueName) is already over: the busiest hour of a week brings "
                + "\(NumberText.short(levelPerSecond)) messages/s, it carries \(NumberText.short(heldPerSecond))"
        }
        guard let days else {
            return
                "today's \(queueName) lasts 26 weeks with a chance of \(NumberText.percent(1 - probability))"
        }
        return "today's \(queueName) lasts \(NumberText.figure(days.rounded())) days (\(range))"
    }

    /// The days in a cell of a table.
    var daysText: String {
        isOver ? "already over" : days.map { NumberText.figure($0.rounded()) } ?? "more than 182"
    }

    /// The central 95 % of days.
    var range: String {
        let low = daysLow.map { NumberText.figure($0.rounded()) } ?? "more than 182"
        let high = daysHigh.map { NumberText.figure($0.rounded()) } ?? "more than 182"
        return "\(low) to \(high)"
    }
}
