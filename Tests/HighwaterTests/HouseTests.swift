import Foundation
import TestSupport
import Testing

@Suite("The house")
struct HouseTests {
    /// The modules from the top of the list down; each may import only those before it.
    static let order = [
        "COpenBLAS", "Units", "VectorKernels", "Numerics", "Exchange", "IngestKernels", "Tape", "Ingest",
        "Forecasting",
        "OrderBook", "ReplayKernels", "Replay", "Planning", "WhatIf", "Generation", "Reporting", "Pipeline",
        "CommandLineKit", "highwater",
        "highwater-bench",
    ]

    @Test("imports point one way only")
    func importsPointOneWay() throws {
        for (position, module) in Self.order.enumerated() {
            for file in try swiftFiles(below: "Sources/\(module)") {
                let text = try String(contentsOf: file, encoding: .utf8)
                for line in text.split(separator: "\n") where line.hasPrefix("import ") {
                    let imported = String(line.dropFirst(7)).trimmingCharacters(in: .whitespaces)
                    guard let other = Self.order.firstIndex(of: imported) else { continue }
                    #expect(other < position, "\(module) must not import \(imported)")
                    if module == "CommandLineKit" {
                        #expect(imported == "Units", "CommandLineKit knows nothing of the domain")
                    }
                    if module == "Planning" { #expect(imported != "Ingest") }
                }
            }
        }
    }

    @Test("every folder of sources is in the list")
    func everyModuleIsListed() throws {
        let folders = try FileManager.default.contentsOfDirectory(
            atPath: Tool.checkout.appending(path: "Sources").path)
        for folder in folders where !folder.hasSuffix("KernelsV3") && !folder.hasSuffix("KernelsV4") {
            #expect(Self.order.contains(folder), "\(folder) has no place in the order of modules")
        }
    }

    @Test("no source asks for the clock or the environment below the command line")
    func noHiddenInputs() throws {
        let forbidden = ["Date()", "Date.now", "ProcessInfo.processInfo.environment", "getenv("]
        for module in Self.order.dropFirst().prefix(while: { $0 != "CommandLineKit" }) {
            for file in try swiftFiles(below: "Sources/\(module)") {
                let text = try String(contentsOf: file, encoding: .utf8)
                for word in forbidden {
                    #expect(!text.contains(word), "\(file.lastPathComponent) uses \(word)")
                }
            }
        }
    }

    private func swiftFiles(below folder: String) throws -> [URL] {
        let root = Tool.checkout.appending(path: folder)
        guard let walker = FileManager.default.enumerator(at: root, includingPropertiesForKeys: nil) else {
            return []
        }
        return walker.compactMap { $0 as? URL }.filter { $0.pathExtension == "swift" }
    }
}
