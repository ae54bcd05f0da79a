import Forecasting
import Foundation
import TestSupport
import Testing

/// What every candidate must have; the test names the one that lacks it.
@Suite("The list of candidates")
struct CandidateListTests {
    @Test("each model of the folder is in the list, and each of the list is in the folder")
    func everyModelIsListed() throws {
        let folder = Tool.checkout.appending(path: "Sources/Forecasting/Models")
        let listed = Set(
            ForecastSettings.standardModels(seasons: [24, 168]).map { String(describing: type(of: $0)) })
        var declared: Set<String> = []
        for file in try FileManager.default.contentsOfDirectory(atPath: folder.path) {
            guard file.hasSuffix(".swift") else { continue }
            let text = try String(contentsOf: folder.appending(path: file), encoding: .utf8)
            for match in text.matches(of: #/struct (\w+): (?:SingleSeries|Shared|Passing|Forecast)Model\b/#) {
                let model = String(match.output.1)
                declared.insert(model)
                #expect(
                    listed.contains(model), "\(model) of \(file) is not in ForecastSettings.standardModels")
            }
        }
        #expect(listed.subtracting(declared).isEmpty)
    }
}
