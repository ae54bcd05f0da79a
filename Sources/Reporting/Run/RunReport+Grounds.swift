import Tables

extension RunReport {
    /// Something that the verdict rests on.
    struct Ground {
        /// What it is about, in a word or two.
        var word: String
        /// What is known of it, without a full stop.
        var sentence: String

        /// The word as the beginning of a line.
        var title: String { word.prefix(1).uppercased() + word.dropFirst() }
    }

    /// What the verdict rests on: one text for the terminal, the summary and the page.
    var grounds: [Ground] {
        [
            ("past plans", pastPlans?.sentence ?? pastPlansAbsence?.sentence), ("bursts", bursts.comparison),
            ("assumed", bursts.assumption),
        ].compactMap { word, sentence in sentence.map { Ground(word: word, sentence: $0) } }
    }

    /// The same as a list of the page.
    func groundsList() -> Markup {
        let items = grounds.map { ground -> Markup in "<li><b>\(ground.title)</b>: \(ground.sentence).</li>" }
        return items.isEmpty ? "" : "<ul class=\"grounds\">\(items.joined())</ul>\n"
    }

    /// The model of bursts beside the logs.
    func burstSection() -> Markup {
        let said = [bursts.comparison, bursts.assumption].compactMap { $0 }.map { text -> Markup in
            "<p>\(text.prefix(1).uppercased() + text.dropFirst()).</p>"
        }.joined()
        guard !bursts.rows.isEmpty else {
            return bursts.isPoisson
                ? said
                : "\(said)<p>No raw log of a planned symbol was read, so the model has no log to be held against.</p>"
        }
        let rows = bursts.rows.map { row -> [String] in
            let found = row.row
            return [
                row.id.description, NumberText.figure(row.ratePerSecond), row.tiers.joined(separator: ", "),
                NumberText.time(seconds: found.serviceSeconds), String(found.servers), String(found.windows),
                found.traceSeconds.map { NumberText.time(seconds: $0) } ?? "–",
                found.modelSeconds.map { NumberText.time(seconds: $0) } ?? "–",
                BurstEvidence.isNear(row) ? "yes" : "no",
            ]
        }
        let table = Page.table(
            [
                "series", "arrivals/s", "tier", "service", "servers", "windows", "p99, log", "p99, model",
                "within \(NumberText.figure(BurstEvidence.factorWanted))x",
            ], numeric: [1, 3, 4, 5, 6, 7], rows)
        return """
            \(said)<p>Each log's own arrivals pass through a queue with the tier's mean service time and today's servers, \
            and so do as many arrivals of the model. p99 is the sojourn time in the worst five minutes.</p>\(table)
            """
    }
}
