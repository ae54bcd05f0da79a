extension InputFormat {
    /// Counts by interval of any number of series.
    public static let series = InputFormat(
        "series", rows: .counts, title: "Any number of series of counts",
        grammar:
            "`unique_id,ds,y`; also `series`, `sensor` … for the first and `value`, `count` for the last, "
            + "in any order",
        recognition: "the header names, or the keys",
        series: "as given in `unique_id`, or `metrics/generic/<unique_id>`",
        notes:
            "`ds` may be an integer that is not a date, such as 0, 60, 120. A value that is empty, NaN or "
            + "infinite is missing: the row is accepted and nothing is stored. Grafana's long form, "
            + "`Series;Time;Value`, has this format.",
        samples: ["counts.csv"])
}

struct SeriesTableFormat: CountTableFormat {
    let about = InputFormat.series

    var recognition: [Recognition] {
        [
            .names(.particular) { names in
                guard names.has(.uniqueID, .time), !names.has(.price), !names.has(.open),
                    let value = names.columns[.value] ?? names.columns[.tradeCount]
                else { return nil }
                var layout = TableLayout(columns: names.columns)
                layout.columns[.value] = value
                layout.mayCountTime = true
                return layout
            }
        ]
    }
}
