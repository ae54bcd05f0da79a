import CommandLineKit
import Foundation
import Synchronization
import TestSupport
import Testing

@Suite("Text for terminals")
struct TextTests {
    @Test("control characters and tricks of direction are escaped, letters of any script are not")
    func printables() {
        #expect(printable("a\nb\t\u{1B}[31m\u{202E}ü漢\u{0}") == "a\\nb\\t\\u{1b}[31m\\u{202e}ü漢\\u{0}")
    }

    @Test("errors have their place, their hint and their code")
    func errors() {
        var text = ""
        let error = ToolError(
            "unknown key 'tierz'", file: "plan.json", line: 3, column: 5, suggestion: "tiers",
            exit: .badConfiguration)
        #expect(Sample.tool.exitStatus(reporting: error) { text += $0 }.rawValue == 78)
        #expect(text == "Error: plan.json:3:5: unknown key 'tierz'. Did you mean 'tiers'?\n")
        struct Odd: Error {}
        #expect(Sample.tool.exitStatus(reporting: Odd()) { _ in } == .failure)
        #expect(ExitStatus.allCases.map(\.rawValue) == [0, 1, 2, 3, 64, 65, 78])
    }

    @Test("tables are as wide as their cells")
    func tables() {
        var table = TextTable(columns: [.init("name"), .init("n", alignment: .right)])
        table.append(["a", "1"])
        table.append(["long name", "1,000"])
        #expect(
            table.description == "name           n\n─────────  ─────\na              1\nlong name  1,000\n")
    }

    @Test("colours are there or not")
    func colours() {
        #expect(TerminalStyle(isColoured: true).red("x") == "\u{1B}[31mx\u{1B}[0m")
        #expect(TerminalStyle(isColoured: false).red("x") == "x")
    }

    @Test(
        "progress in plain lines names each task, on a terminal one line changes, otherwise nothing is said")
    func progress() {
        func said(_ mode: ProgressReporter.Mode) -> String {
            let text = Mutex("")
            let reporter = ProgressReporter(mode: mode) { part in text.withLock { $0 += part } }
            reporter.begin("read", total: 10)
            reporter.advance(by: 5)
            reporter.begin("write", total: nil)
            reporter.finish()
            return text.withLock { $0 }
        }
        #expect(said(.none).isEmpty && said(.auto).isEmpty)
        let plain = said(.plain).split(separator: "\n").map(String.init)
        #expect(plain.count == 4 && plain[0] == "read …" && plain[2] == "write …")
        #expect(plain[1].hasPrefix("read done in ") && plain[3].hasPrefix("write done in "))
        #expect(said(.ansi).contains("\r\u{1B}[Kread … 0 %"))
    }

    @Test("an error's line is shown with a caret below its column, whatever the line holds")
    func sourceExcerpts() {
        func shown(_ line: String, _ column: Int) -> String { SourceExcerpt(line: line, column: column).text }
        #expect(shown("\t\"seed\": -1,", 10) == "   \"seed\": -1,\n           ^")
        #expect(shown("é\u{7}x", 3) == "  é?x\n    ^")
        #expect(shown("ab", 9) == "  ab\n    ^" && shown("", 1) == "  \n  ^")
        let long = shown(String(repeating: "a", count: 500) + "!" + String(repeating: "b", count: 500), 501)
        let lines = long.split(separator: "\n").map(Array.init)
        #expect(lines.count == 2 && lines[0].count < 84)
        // The caret is below the mark.
        #expect(lines[0].firstIndex(of: "!") == lines[1].firstIndex(of: "^"))
    }
}

@Suite("Completions")
struct CompletionTests {
    static let bashPath = "/bin/bash"

    private func complete(_ words: [String]) throws -> [String] {
        let list = words.map { "'\($0)'" }.joined(separator: " ")
        let script = """
            \(Sample.tool.completionScript(for: .bash))
            COMP_WORDS=(\(list)); COMP_CWORD=\(words.count - 1); _tool; printf '%s\\n' "${COMPREPLY[@]}"
            """
        let outcome = try Tool.run(Self.bashPath, ["-c", script])
        #expect(outcome.errors.isEmpty && outcome.code == 0, "\(outcome.errors)")
        return outcome.output.split(separator: "\n").map(String.init)
    }

    @Test(
        "bash completes commands, options, choices and commands below",
        .enabled(if: FileManager.default.fileExists(atPath: "/bin/bash"), "needs bash"))
    func inBash() throws {
        #expect(try complete(["tool", "co"]) == ["copy", "config"])
        #expect(try complete(["tool", "copy", "--m"]) == ["--mode"])
        #expect(try complete(["tool", "copy", "--mode", ""]) == ["fast", "safe"])
        #expect(try complete(["tool", "config", "ch"]) == ["check"])
        #expect(try complete(["tool", "-q", "copy", "--thr"]) == ["--threads"])
    }

    @Test("scripts of all shells name every command and option", arguments: Shell.allCases)
    func complete(shell: Shell) {
        let script = Sample.tool.completionScript(for: shell)
        for word in ["copy", "config", "check", "output", "mode", "quiet", "fast"] {
            #expect(script.contains(word), "\(shell) lacks \(word)")
        }
    }
}
