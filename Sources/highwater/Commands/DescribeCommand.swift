import CommandLineKit
import Tables
import Units

extension Command {
    /// What the columns of tables mean.
    static let describe = Command(
        spec: CommandSpec(
            name: "describe", abstract: "Say what the columns of a table mean.",
            discussion: """
                Prints the type, the unit and the meaning of each column, of a file as plan.csv or of what a command \
                prints or writes, as 'surge --what returns'. Without a name it lists the tables.
                """,
            arguments: [
                Argument("table", help: "A file's name, or a command.", count: .many(atLeast: 0))
            ],
            options: [.flag("markdown", help: "Print the columns of all tables as a page."), Output.file]),
        run: { context in
            if context.arguments.flag("markdown") {
                try Output.write(Array(TableList.page.utf8), context)
                return .success
            }
            // A path's folder does not matter, and a command may come as several words.
            let words = context.arguments.arguments.joined(separator: " ")
            let name = words.split(separator: "/").last.map(String.init) ?? ""
            guard !name.isEmpty else {
                try Output.write(Array(ColumnGuide.list(TableList.all).utf8), context)
                return .success
            }
            let found = TableList.all.filter { $0.file == name || $0.file == "\(name).csv" }
            guard let table = found.first else {
                throw ToolError(
                    "there is no table '\(printable(name))'",
                    suggestion: nearMiss(to: name, among: TableList.all.map(\.file)), exit: .usage)
            }
            try Output.write(Array(ColumnGuide.text(table).utf8), context)
            return .success
        })
}
