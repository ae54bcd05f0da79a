import CommandLineKit
import Tables
import Units

/// What `describe` is told.
struct DescribeOptions: OptionGroup {
    @Flag(help: "Print the columns of all tables as Markdown.") var markdown: Bool
    let output = FileOutput()
    @Argument("table", help: "A table's file name, or a command.", atLeast: 0) var words: [String]
}

extension Command {
    /// What the columns of tables mean.
    static let describe = Command(
        name: "describe", abstract: "Explain the columns of a table.",
        discussion: """
            Prints the type, unit and meaning of each column, for a file such as plan.csv or for the output \
            of a command such as 'surge --what returns'. Without a name, lists all tables.
            """,
        examples: [
            "highwater describe plan.csv"
        ],
        options: DescribeOptions.self,
        run: { given, _ in
            if given.markdown {
                try given.output.write(Array(TableList.page.utf8))
                return .success
            }
            // A path's folder does not matter, and a command may come as several words.
            let words = given.words.joined(separator: " ")
            let name = words.split(separator: "/").last.map(String.init) ?? ""
            guard !name.isEmpty else {
                try given.output.write(Array(ColumnGuide.list(TableList.all).utf8))
                return .success
            }
            let found = TableList.all.filter { $0.file == name || $0.file == "\(name).csv" }
            guard let table = found.first else {
                throw ToolError(
                    "there is no table '\(printable(name))'",
                    suggestion: nearMiss(to: name, among: TableList.all.map(\.file)), exit: .usage)
            }
            try given.output.write(Array(ColumnGuide.text(table).utf8))
            return .success
        })
}
