import CommandLineKit
import Pipeline
import Reporting
import Tables
import WhatIf

extension WhatIfCommandOptions {
    /// Whether something is asked for instead of verdicts.
    var asksForAnswers: Bool { !sweep.isEmpty || !find.isEmpty || tornado || compare }

    /// Many values are simulated in fewer histories.
    var usualReplications: Int { sweep.isEmpty && !tornado ? 32 : 8 }
}

extension Command {
    /// Refuses what cannot be answered, before an exchange is built.
    static func checkAnswers(
        _ scenarios: [Scenario], _ given: WhatIfCommandOptions, _ context: Context
    ) throws {
        for text in given.sweep { _ = try SweepAxis(text: text) }
        for text in given.find { _ = try VariedKey(text: String(text.prefix { $0 != "=" })) }
        guard given.sweep.count <= 2 else { throw context.refusal("Give at most two --sweep") }
        guard !given.compare || scenarios.count == 2 else {
            throw context.refusal(
                "--compare needs two scenarios: two files, or a file and --event; "
                    + "\(scenarios.count) \(scenarios.count == 1 ? "was" : "were") given")
        }
    }

    /// Sweeps, searches and comparisons: prints them, and writes them where asked for.
    static func told(
        _ scenarios: [Scenario], _ exchange: DisturbedExchange, _ input: WhatIfInput,
        _ options: WhatIfOptions,
        _ given: WhatIfCommandOptions, _ context: Context
    ) throws {
        let axes = try given.sweep.map { try SweepAxis(text: $0) }
        var answers = Answers(tried: input.tried)
        try usage {
            for scenario in scenarios {
                if !axes.isEmpty {
                    answers.sweeps.append(try sweep(scenario, over: axes, on: input, options: options))
                }
                if given.tornado {
                    answers.tornados.append(try tornado(of: scenario, on: input, options: options))
                }
                for key in given.find {
                    answers.limits.append(try findLimit(key, of: scenario, on: input, options: options))
                }
            }
            if given.compare {
                answers.comparison = try compare(scenarios[0], scenarios[1], on: input, options: options)
            }
        }
        if let output = given.folder {
            let page = ("report.html", answers.page(title: "\(exchange.plan.name): what-if"))
            try context.write(answers.files() + [page], to: output, isDryRun: given.dryRun)
        }
        context.progress.finish()
        try StandardOutput().write(printed(answers, given.format))
    }

    private static func printed(_ answers: Answers, _ format: AnswerFormat) -> [UInt8] {
        guard let format = DataTable.Format(rawValue: format.rawValue),
            var table = answers.table(format: format)
        else {
            let lines = TerminalWidth.wrapped(answers.lines().map(printable))
            return Array((lines.joined(separator: "\n") + "\n").utf8)
        }
        table.finish()
        return table.bytes
    }
}
