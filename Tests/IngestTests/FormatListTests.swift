import Foundation
import Ingest
import TestSupport
import Testing

/// What every format of the list must have; each test names the format that lacks it.
@Suite("The list of formats")
struct FormatListTests {
    private static let samples = Tool.checkout.appending(path: "Datasets/samples")

    @Test("a format has a name of its own and a page without gaps", arguments: InputFormat.allCases)
    func pageIsWhole(_ format: InputFormat) {
        #expect(InputFormat.allCases.filter { $0.rawValue == format.rawValue }.count == 1)
        #expect(InputFormat(rawValue: format.rawValue) == format)
        #expect(format.rawValue.allSatisfy { $0.isLowercase || $0.isNumber || $0 == "-" })
        for text in [format.title, format.grammar, format.recognition, format.series] {
            #expect(!text.isEmpty, "\(format.rawValue) has a gap in its page")
        }
        #expect(!format.title.hasSuffix("."), "\(format.rawValue): \(format.title)")
        #expect(!format.samples.isEmpty, "\(format.rawValue) has no sample")
    }

    @Test(
        "a format's samples are known as its own, by content and when it is asked for",
        arguments: InputFormat.allCases)
    func samplesAreItsOwn(_ format: InputFormat) throws {
        for sample in format.samples {
            let path = Self.samples.appending(path: sample).path
            for wanted in [nil, format] {
                let folder = try TemporaryFolder()
                let report = try ingest([path], folder.path("tape")) { $0.format = wanted }
                let file = try #require(report.files.first)
                #expect(file.failure == nil && file.format == format, "\(sample)")
            }
        }
    }

    @Test("every file of a format is in the list")
    func everyFileIsListed() throws {
        let folder = Tool.checkout.appending(path: "Sources/Ingest/Formats")
        let list = try String(contentsOf: folder.appending(path: "LogFormats.swift"), encoding: .utf8)
        let files = try FileManager.default.contentsOfDirectory(atPath: folder.path).filter {
            $0 != "LogFormats.swift"
        }
        for file in files {
            let text = try String(contentsOf: folder.appending(path: file), encoding: .utf8)
            let names = text.matches(of: #/struct (\w+): \w*Format /#).map { String($0.1) }
            #expect(names.count == 1, "\(file) holds one format")
            for name in names { #expect(list.contains("\(name)()"), "\(name) is not in LogFormats") }
        }
        #expect(files.count == InputFormat.allCases.count)
    }
}
