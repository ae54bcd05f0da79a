import Foundation
import TestSupport
import Testing

@Suite("The house")
struct HouseTests {
    /// The modules from the top of the list down; each may import only those before it.
    static let order = [
        "COpenBLAS", "Files", "Units", "Tables", "KernelSets", "VectorKernels", "Numerics", "Exchange",
        "IngestKernels", "Tape",
        "Ingest",
        "Forecasting", "OrderBook", "ReplayKernels", "Replay", "Planning", "WhatIf", "Generation",
        "Reporting",
        "Pipeline", "CommandLineKit", "highwater", "highwater-bench",
    ]

    /// The folders of each module, lowest first: a type may be used in its own folder and in those after it. `own` is the
    /// module's own folder, where a file lies in none.
    static let floors: [String: [String]] = [
        "Exchange": [own, "Kinds"],
        "Numerics": [own, "Random", "Distributions", "LinearAlgebra", "Statistics"],
        "Tape": ["Rows", "Format", "Files", "Read", "Write", "Merge"],
        "Forecasting": [
            "Input", "Calendar", "Windows", "Regression", "Pooling", "Models", "Combination", own, "Backtest",
            "Paths", "Capacity", "Peaks", "Surges",
        ],
        "Ingest": [
            "Fields", "JSON", "Input", "Rows", "Tables", "Requests", "Options", "Reading", "Formats",
            "LoadTests", "Recognition", own, "Arrivals",
        ],
        "OrderBook": ["Book", "Captures", "Flow", "Costs"],
        "Replay": [
            "Draws", "Queue", "System", "Arrivals", "Bursts", "Calibration", "Zoom", "Capacity", "Screen",
            "Saturation",
            own,
        ],
        "Planning": [
            "Options", "Placement", "Schedule", "Requirement", "Result", "Tiers", "Rules", own,
        ],
        "Reporting": ["Sentences", "Tables", "Raster", "Markup", "Plot", "Page", "Exports", "Run"],
        "WhatIf": [
            "Latency", "Input", "Events", "Disturbances", "Conditions", "Queues", "Histories", own, "Answers",
        ],
        "Pipeline": [
            "JSON", "Fields", "Configuration", "Demand", "Incidents", "Backtest", "Run", "Template", "Shards",
            "Doctor", "Review",
        ],
        "highwater": [own, "Tables", "Commands"],
    ]
    static let own = ""

    @Test("imports point one way only, on whatever line they stand")
    func importsPointOneWay() throws {
        for file in try SourceText.all(below: "Sources") {
            guard let position = Self.order.firstIndex(of: file.module) else { continue }
            for imported in file.imports {
                guard let other = Self.order.firstIndex(of: Self.kernel(imported)) else { continue }
                #expect(other < position, "\(file.path): \(file.module) must not import \(imported)")
                if file.module == "CommandLineKit" {
                    #expect(imported == "Units", "CommandLineKit knows nothing of the domain")
                }
                if file.module == "Planning" { #expect(imported != "Ingest", "\(file.path)") }
            }
        }
    }

    @Test("every folder of sources is in the list")
    func everyModuleIsListed() throws {
        let folders = try FileManager.default.contentsOfDirectory(
            atPath: Tool.checkout.appending(path: "Sources").path)
        for folder in folders where !folder.contains(".") {
            #expect(
                Self.order.contains(Self.kernel(folder)), "\(folder) has no place in the order of modules")
        }
    }

    @Test("folders of a module are floors: what is declared on one is used there and above")
    func foldersAreFloors() throws {
        let modules = Dictionary(grouping: try SourceText.all(below: "Sources"), by: \.module)
        for (module, files) in modules {
            let folders = Set(files.map(\.folder))
            guard let floors = Self.floors[module] else {
                #expect(
                    folders.count < 2,
                    "\(module) has folders \(folders.sorted()) and no row in the table of floors")
                continue
            }
            #expect(
                folders == Set(floors), "the table of floors of \(module) names other folders than there are")
            for problem in Self.upward(files, floors) { Issue.record("\(problem)") }
        }
    }

    /// Where a file uses a type of a higher floor.
    private static func upward(_ files: [SourceText], _ floors: [String]) -> [String] {
        func name(_ floor: Int) -> String { floors[floor] == own ? "(no folder)" : floors[floor] }
        var height: [String: Int] = [:]
        for file in files {
            guard let floor = floors.firstIndex(of: file.folder) else { continue }
            // A type that is declared twice, for two builds, counts where it is lowest.
            for type in file.types { height[type] = min(floor, height[type] ?? floor) }
        }
        return files.flatMap { file in
            let floor = floors.firstIndex(of: file.folder) ?? 0
            let used = Set(file.words.lazy.filter { !$0.isMember }.map { String($0.text) }).subtracting(
                file.types)
            return used.filter { height[$0] ?? 0 > floor }.sorted().map { type in
                "\(file.path) uses \(type) of the higher floor \(name(height[type] ?? 0))"
            }
        }
    }

    @Test("the package declares just the arrows that are imported")
    func arrowsAreUsed() throws {
        let files = try SourceText.all(below: "Sources") + SourceText.all(below: "Tests")
        let imports = Dictionary(grouping: files, by: \.module).mapValues { files in
            files.reduce(into: Set<String>()) { $0.formUnion($1.imports.map(Self.kernel)) }
        }
        let package = try String(contentsOf: Tool.checkout.appending(path: "Package.swift"), encoding: .utf8)
        for (module, imported) in imports where !Self.hasKernelName(module) {
            guard let declared = Self.arrows(of: module, in: package) else {
                Issue.record("Package.swift does not say on what \(module) depends")
                continue
            }
            let ours = imported.intersection(Self.order)
            #expect(declared.subtracting(ours).isEmpty, "\(module) declares what no file of it imports")
            #expect(ours.subtracting(declared).isEmpty, "\(module) imports what it does not declare")
        }
    }

    /// The modules of ours that a target depends on, by the text of the manifest: names in its call, up to the closing
    /// parenthesis. The program that tests run as a tool is none.
    private static func arrows(of module: String, in package: String) -> Set<String>? {
        let beginnings = ["module(\"", "suite(\"", "executableTarget(name: \"", ".target(name: \""].map {
            $0 + module + "\""
        }
        let packed = package.filter { !$0.isWhitespace }
        let starts = beginnings.compactMap {
            packed.firstRange(of: $0.filter { !$0.isWhitespace })?.upperBound
        }
        guard let start = starts.first else { return nil }
        var depth = 1
        var text = ""
        for character in packed[start...] {
            depth += character == "(" ? 1 : character == ")" ? -1 : 0
            if depth == 0 { break }
            text.append(character)
        }
        var named = Set(text.split(separator: "\"").map(String.init)).intersection(order)
        if text.contains("kernelDependencies") { named.insert("ReplayKernels") }
        return named.subtracting(["highwater"])
    }

    @Test("no source file is dead: another one uses something that it declares")
    func noFileIsDead() throws {
        let files = try SourceText.all(below: "Sources")
        var users: [Substring: Int] = [:]
        for file in files {
            for word in Set(file.words.map(\.text)) { users[word, default: 0] += 1 }
        }
        for file in files where !file.names.isEmpty && !file.path.hasSuffix("main.swift") {
            let isUsed = file.names.contains { users[$0[...], default: 0] > 1 }
            #expect(isUsed, "\(file.path) declares nothing that another file names")
        }
    }

    @Test("no source asks for the clock or the environment below the command line")
    func noHiddenInputs() throws {
        let forbidden = ["Date()", "Date.now", "ProcessInfo.processInfo.environment", "getenv("]
        let modules = Set(Self.order.prefix { $0 != "CommandLineKit" })
        for file in try SourceText.all(below: "Sources") where modules.contains(file.module) {
            let text = try String(contentsOf: Tool.checkout.appending(path: file.path), encoding: .utf8)
            for word in forbidden { #expect(!text.contains(word), "\(file.path) uses \(word)") }
        }
    }

    /// The name of a kernel module without its level: `VectorKernelsV4` is built from `VectorKernels`.
    private static func kernel(_ name: String) -> String {
        hasKernelName(name) ? String(name.dropLast(2)) : name
    }

    private static func hasKernelName(_ name: String) -> Bool {
        name.hasSuffix("KernelsV3") || name.hasSuffix("KernelsV4")
    }
}
