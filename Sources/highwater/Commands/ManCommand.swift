import CommandLineKit

/// What `man` is told.
struct ManOptions: OptionGroup {
    let output = FileOutput()
}

extension Command {
    /// The manual page.
    static let manual = Command(
        name: "man", abstract: "Write the manual page of all commands.",
        discussion: """
            The page is in the format of man(1), made from the same table of options as the help. Read it with \
            'man -l', or install it as highwater.1 in a folder of MANPATH.
            """,
        examples: ["highwater man -o highwater.1", "highwater man | man -l -"],
        options: ManOptions.self,
        run: { given, _ in
            try given.output.write(Array(Highwater.tool.manual.utf8))
            return .success
        })
}
