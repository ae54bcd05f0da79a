// swift-tools-version: 6.2
import PackageDescription

// Small structs and closures cross module borders in hot paths; without this flag they are not specialised.
let release: [SwiftSetting] = [
    .unsafeFlags(["-cross-module-optimization"], .when(configuration: .release))
]
// Where objects hold buffers in hot loops, the check of each access at run time costs more than the access.
let unchecked: [SwiftSetting] = [
    .unsafeFlags(["-enforce-exclusivity=unchecked"], .when(configuration: .release))
]
let strict: [SwiftSetting] = [.treatAllWarnings(as: .error)]
let settings = strict + release

// Each kernel folder is built once for the baseline and, on x86-64, again for newer instruction sets; the
// folders that end in `V3` and `V4` are links to the one without. The choice is made at run time. Without the
// flag above: a kernel that was optimised into its caller would lose its instruction set.
#if arch(x86_64)
    let kernelLevels = ["V3", "V4"]
#else
    let kernelLevels: [String] = []
#endif
let kernelDefines: [SwiftSetting] = kernelLevels.isEmpty ? [] : [.define("KERNEL_LEVELS")]

func kernels(_ name: String) -> [Target.Dependency] {
    ([""] + kernelLevels).map { .target(name: name + $0) }
}

func kernel(
    _ name: String, level: String, _ dependencies: [Target.Dependency] = [], extra: [SwiftSetting] = []
) -> Target {
    .target(
        name: name + level, dependencies: dependencies, path: "Sources/\(name)\(level)",
        swiftSettings: strict + [
            .define("FUSED"), .unsafeFlags(["-Xcc", "-march=x86-64-\(level.lowercased())"]),
        ] + extra)
}

// Reading rows in wide registers takes one more instruction than the level promises; the choice at run time
// knows.
func ingestKernel(level: String) -> Target {
    let wide: [SwiftSetting] = [.define("WIDE_ROWS"), .unsafeFlags(["-Xcc", "-mavx512vbmi2"])]
    return kernel("IngestKernels", level: level, extra: level == "V4" ? wide : [])
}

func module(
    _ name: String, _ dependencies: [Target.Dependency] = [], resources: [Resource] = [],
    extra: [SwiftSetting] = []
) -> Target {
    .target(name: name, dependencies: dependencies, resources: resources, swiftSettings: settings + extra)
}

func suite(_ name: String, _ dependencies: [Target.Dependency]) -> Target {
    .testTarget(
        name: name, dependencies: dependencies + [.target(name: "TestSupport")], swiftSettings: settings)
}

let package = Package(
    name: "highwater",
    products: [
        .executable(name: "highwater", targets: ["highwater"]),
        .executable(name: "highwater-bench", targets: ["highwater-bench"]),
    ],
    targets: [
        .systemLibrary(name: "COpenBLAS", pkgConfig: "openblas", providers: [.apt(["libopenblas-dev"])]),
        // Rounding calls the C mathematics library, which nothing else would link where Foundation is not
        // imported.
        .target(name: "Units", swiftSettings: settings, linkerSettings: [.linkedLibrary("m")]),
        module("Files"),
        module("Tables", ["Files", "Units"]),
        .target(name: "KernelSets", swiftSettings: strict),
        .target(name: "VectorKernels", dependencies: ["KernelSets"], swiftSettings: strict),
        module(
            "Numerics", ["COpenBLAS", "Units", "KernelSets"] + kernels("VectorKernels"), extra: kernelDefines),
        module("Exchange", ["Units"], resources: [.embedInCode("Resources/catalogue.json")]),
        .target(name: "IngestKernels", swiftSettings: strict),
        module("Tape", ["Units", "Numerics"] + kernels("IngestKernels"), extra: kernelDefines + unchecked),
        module(
            "Ingest", ["Files", "Units", "Tables", "Numerics", "Tape"] + kernels("IngestKernels"),
            extra: kernelDefines + unchecked),
        module("Forecasting", ["Files", "Units", "Tables", "Numerics"]),
        module("OrderBook", ["Files", "Units", "Numerics", "Exchange"], extra: unchecked),
        .target(name: "ReplayKernels", dependencies: ["KernelSets"], swiftSettings: strict),
        module(
            "Replay", ["Units", "Numerics", "Exchange", "KernelSets"] + kernels("ReplayKernels"),
            extra: kernelDefines),
        module("Planning", ["Units", "Numerics", "Exchange", "Replay"]),
        module("WhatIf", ["Units", "Numerics", "Exchange", "Replay", "Planning"]),
        module("Generation", ["Files", "Units", "Numerics", "Exchange"]),
        module(
            "Reporting", ["Units", "Tables", "Exchange", "Forecasting", "Replay", "Planning", "WhatIf"]),
        module(
            "Pipeline",
            [
                "Files", "Units", "Tables", "Numerics", "Exchange", "Tape", "Ingest", "Forecasting", "Replay",
                "Planning", "WhatIf", "Reporting",
            ]),
        module("CommandLineKit", ["Units"]),
        .executableTarget(
            name: "highwater",
            dependencies: [
                "CommandLineKit", "Pipeline", "Files", "Units", "Tables", "Numerics", "Exchange", "Tape",
                "Ingest",
                "Forecasting", "OrderBook",
                "Replay", "Planning", "WhatIf", "Generation", "Reporting",
            ], swiftSettings: settings),
        .executableTarget(
            name: "highwater-bench",
            dependencies: [
                "CommandLineKit", "Files", "Units", "Numerics", "Exchange", "Tape", "Ingest", "Forecasting",
                "OrderBook",
                "Replay", "Generation", "Reporting", "Pipeline",
            ], swiftSettings: settings),
        .target(name: "TestSupport", path: "Tests/TestSupport", swiftSettings: settings),
        suite("UnitsTests", ["Units"]),
        suite("FilesTests", ["Files"]),
        suite("TablesTests", ["Units", "Tables"]),
        suite("NumericsTests", ["Numerics"]),
        suite("ExchangeTests", ["Units", "Exchange"]),
        suite("TapeTests", ["Units", "Tape"]),
        suite("IngestTests", ["Units", "Numerics", "Tape", "Ingest"]),
        suite("ForecastingTests", ["Units", "Tables", "Numerics", "Forecasting"]),
        suite("OrderBookTests", ["Numerics", "OrderBook"]),
        suite("ReplayTests", ["Units", "Numerics", "Exchange", "KernelSets", "ReplayKernels", "Replay"]),
        suite("PlanningTests", ["Units", "Exchange", "Replay", "Planning"]),
        suite("WhatIfTests", ["Units", "Numerics", "Exchange", "Replay", "WhatIf"]),
        suite("GenerationTests", ["Units", "Tape", "Ingest", "Generation"]),
        suite("ReportingTests", ["Units", "Exchange", "Replay", "Planning", "WhatIf", "Reporting"]),
        suite(
            "PipelineTests",
            [
                "Units", "Tables", "Exchange", "Tape", "Ingest", "Replay", "Planning", "WhatIf", "Generation",
                "Reporting", "Pipeline",
            ]),
        suite("CommandLineKitTests", ["CommandLineKit"]),
        suite("HighwaterTests", ["highwater"]),
    ]
        + kernelLevels.flatMap {
            [
                kernel("VectorKernels", level: $0, ["KernelSets"]),
                kernel("ReplayKernels", level: $0, ["KernelSets"]),
                ingestKernel(level: $0),
            ]
        }
)
