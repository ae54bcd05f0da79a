import Foundation
import Planning
import Tables
import WhatIf

/// A Jupyter notebook (nbformat 4.5): what the run found, in plots that Highwater drew, and code that reads the tables
/// with pandas and draws them again.
struct Notebook {
    private var cells: [[String: Any]] = []

    /// Adds a cell of Markdown, with a plot in it where one is given.
    mutating func add(markdown text: String, plot: Plot? = nil) {
        var cell = cell(type: "markdown", source: text)
        if let plot {
            let name = "plot-\(cells.count).png"
            cell["source"] = Notebook.lines(text + "\n\n![\(markdown(plot.title))](attachment:\(name))")
            cell["attachments"] = [name: ["image/png": Data(plot.png()).base64EncodedString()]]
        }
        cells.append(cell)
    }

    /// Adds a cell of Python, not yet run.
    mutating func add(code text: String) {
        var cell = cell(type: "code", source: text)
        cell["execution_count"] = NSNull()
        cell["outputs"] = [Any]()
        cells.append(cell)
    }

    /// The file.
    func bytes() -> [UInt8] {
        ExportText.json([
            "cells": cells, "nbformat": 4, "nbformat_minor": 5,
            "metadata": [
                "kernelspec": ["display_name": "Python 3", "language": "python", "name": "python3"],
                "language_info": ["name": "python"],
            ],
        ])
    }

    private func cell(type: String, source: String) -> [String: Any] {
        [
            "cell_type": type, "id": "cell-\(cells.count)", "metadata": [String: Any](),
            "source": Notebook.lines(source),
        ]
    }

    /// Lines that keep their ends, as the format has them.
    private static func lines(_ text: String) -> [String] {
        let parts = text.split(separator: "\n", omittingEmptySubsequences: false)
        return parts.enumerated().map { $0 < parts.count - 1 ? $1 + "\n" : String($1) }
    }
}

extension RunReport {
    /// The run as a Jupyter notebook that stands beside its tables.
    public func notebook() -> [UInt8] {
        var notebook = Notebook()
        let headline = Headline(self)
        notebook.add(
            markdown: """
                # \(markdown(name)): capacity plan, \(asOf.description) to \(end.description)

                \(markdown(headline.verdict)) It costs \(plan.totalCost.description) USD over the horizon; \
                today's nodes would cost \(plan.todaysCost.description) USD.

                Highwater drew the plots. The code below each one reads the run's tables and draws it again. \
                Set `HIGHWATER_RUN` if the tables are in another folder.
                """)
        notebook.add(code: NotebookCode.setup)
        for plot in nodePlots() { notebook.add(markdown: "## \(markdown(plot.title))", plot: plot) }
        notebook.add(code: NotebookCode.nodes)
        notebook.add(markdown: "## Demand\n\n\(markdown(mixOrigin)).", plot: demandPlot())
        notebook.add(code: NotebookCode.forecast)
        notebook.add(
            markdown: "## Saturation of today's exchange\n\nMultiples of the forecast peak hour.",
            plot: latencyPlot())
        notebook.add(code: NotebookCode.latency)
        notebook.add(code: NotebookCode.saturation)
        for result in scenarios {
            notebook.add(
                markdown: "## What-if: \(markdown(result.scenario.name))", plot: VerdictTable.plot(result))
        }
        if !scenarios.isEmpty { notebook.add(code: NotebookCode.verdict) }
        notebook.add(markdown: "## Cost, risk and rejected options")
        notebook.add(code: NotebookCode.cost)
        notebook.add(code: NotebookCode.risk)
        notebook.add(code: NotebookCode.excuses)
        return notebook.bytes()
    }
}

/// The notebook's Python; the same for every run, so that no name from a log is ever code.
enum NotebookCode {
    static let setup = """
        import os
        from pathlib import Path

        import matplotlib.pyplot as plt
        import pandas as pd

        folder = Path(os.environ.get("HIGHWATER_RUN", "."))
        plt.rcParams.update({"figure.figsize": (10, 3.2), "axes.spines.top": False, "axes.spines.right": False})


        def read(name, *times):
            return pd.read_csv(folder / name, parse_dates=list(times))
        """
    static let nodes = reading(
        RunTables.plan.description,
        """
        plan = read("plan.csv", "ds")
        nodes = plan.groupby(["ds", "tier"])["nodes"].sum().unstack()
        nodes.plot(drawstyle="steps-post", title="nodes by hour")
        plt.show()
        plan.groupby("tier").agg(shape=("shape", "first"), cost_usd=("cost_usd", "sum"), peak_load=("utilisation_q99", "max"))
        """)
    static let forecast = reading(
        RunTables.forecast.description,
        """
        forecast = read("forecast.csv", "ds")
        largest = forecast.groupby("unique_id")["mean"].sum().idxmax()
        series = forecast[forecast["unique_id"] == largest].set_index("ds")
        axes = series["q50"].plot(title=f"{largest}: events a step")
        axes.fill_between(series.index, series["q025"], series["q975"], alpha=0.2)
        series["q99"].plot(ax=axes, linestyle="--")
        axes.legend()
        plt.show()
        """)
    static let latency = reading(
        RunTables.latencyCurve.description, derived: ["queue"],
        """
        curve = read("latency_curve.csv")
        curve["queue"] = curve["shard"].fillna(curve["tier"])
        axes = curve.pivot_table(index="load_multiplier", columns="queue", values="p99_us").plot(loglog=True, marker=".")
        axes.set_ylabel("p99, µs")
        plt.show()
        """)
    static let saturation = reading(
        RunTables.saturation.description,
        """
        saturation = read("saturation.csv")
        saturation[["tier", "shard", "kind", "load_multiplier", "load_multiplier_lo", "load_multiplier_hi", "binding_resource", "reached_at"]]
        """)
    static let verdict = reading(
        RunTables.verdict.description,
        """
        read("verdict.csv").set_index("scenario").T
        """)
    static let timeline = reading(
        RunTables.timeline.description, derived: ["queue", "minute"],
        """
        timeline = read("timeline.csv")
        for name, part in timeline.groupby("scenario"):
            queue = part["shard"].fillna(part["tier"])
            p99 = part.assign(queue=queue, minute=part["second"] / 60)
            axes = p99.pivot_table(index="minute", columns="queue", values="p99_us").plot(logy=True, title=name)
            axes.set_ylabel("p99, µs")
            plt.show()
        """)
    static let cost = reading(
        RunTables.cost.description,
        """
        cost = read("cost.csv")
        cost.pivot_table(index="tier", columns="purchase", values="cost_usd", aggfunc="sum").plot.bar(title="USD over the horizon")
        plt.show()
        """)
    static let risk = reading(
        RunTables.risk.description,
        """
        read("risk.csv")
        """)
    static let excuses = reading(
        RunTables.excuses.description,
        """
        pd.set_option("display.max_colwidth", None)
        read("excuses.csv")
        """)

    /// What the code calls things that are no columns.
    private static let pythonWords: Set = ["first", "max", "sum"]

    /// Code that reads a table: the columns that it names have to be declared, or made by the code itself.
    private static func reading(
        _ table: TableDescription, derived: Set<String> = [], _ code: String
    ) -> String {
        let known = derived.union(pythonWords).union(table.columns.map(\.name))
        let quoted = code.split(separator: "\"", omittingEmptySubsequences: false).enumerated()
            .filter { $0.offset % 2 == 1 }.map { String($0.element) }
        for word in quoted where word.hasSuffix(".csv") {
            precondition(word == table.file, "the notebook reads \(word) as \(table.file)")
        }
        for word in quoted where word.allSatisfy({ $0.isLowercase || $0.isNumber || $0 == "_" }) {
            precondition(
                known.contains(word), "the notebook reads \(word), which is not a column of \(table.file)")
        }
        return code
    }
}
