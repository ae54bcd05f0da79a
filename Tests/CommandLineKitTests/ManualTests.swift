import CommandLineKit
import Testing

@Suite("The manual page")
struct ManualTests {
    /// The text of a page as a reader sees it.
    private static let shown = Sample.tool.manual.replacing("\\-", with: "-").replacing("\\e", with: "\\")
        .replacing("\\fB", with: "").replacing("\\fR", with: "").replacing("\\&", with: "")

    @Test("it names every command, option, value and example of the table")
    func wholeTable() {
        for text in [
            "tool - Do things\n", ".SS \"tool copy <source> ... [<options>]\"\nCopy files.\n",
            "Copies what is there.",
            ".SS \"tool config check [<file>] [<options>]\"", ".TP\n<source>\nWhat to copy.\n",
            ".TP\n-o, --output <folder>\nWhere to.\n", "How. (values: fast, safe; default: fast)",
            ".TP\n--list <file>\nThe list. (required)\n", ".nf\ntool copy a b -o x\n.fi", "-h, --help",
            "--threads <n>\nThreads. (default: all)", ".TP\n64\nThe command line is wrong.",
        ] {
            #expect(Self.shown.contains(text), "\(text)")
        }
    }

    @Test("a line that begins with a point is a macro, and every hyphen stands for itself")
    func macros() {
        let known = ["TH", "SH", "SS", "TP", "PP", "RS", "RE", "nf", "fi"]
        for line in Sample.tool.manual.split(separator: "\n") where line.hasPrefix(".") {
            #expect(known.contains(String(line.dropFirst().prefix { $0 != " " })), "\(line)")
        }
        #expect(Sample.tool.manual.hasPrefix(".TH \"TOOL\" \"1\" \"\" \"tool 1.2.3\" \"User Commands\"\n"))
        let bare = Sample.tool.manual.replacing("\\-", with: "")
        #expect(!bare.contains("-"))
    }
}
