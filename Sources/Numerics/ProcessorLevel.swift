#if canImport(Glibc)
    import Glibc
#else
    import Musl
#endif

/// The instruction set that kernels can run with.
public enum ProcessorLevel: String, CaseIterable, Sendable {
    /// What every processor of the architecture has.
    case baseline
    /// x86-64-v3: AVX2 and fused multiply-add.
    case v3
    /// x86-64-v4: AVX-512.
    case v4

    /// The best level that this processor has, from the flags that Linux lists; the baseline elsewhere.
    public static let best: ProcessorLevel = {
        #if arch(x86_64)
            let flags = flagsOfProcessor()
            let v3: Set<Substring> = ["avx2", "bmi1", "bmi2", "fma", "f16c", "movbe", "abm"]
            let v4: Set<Substring> = ["avx512f", "avx512bw", "avx512cd", "avx512dq", "avx512vl"]
            guard flags.isSuperset(of: v3) else { return .baseline }
            return flags.isSuperset(of: v4) ? .v4 : .v3
        #else
            return .baseline
        #endif
    }()

    /// The levels that this processor has.
    public static var available: [ProcessorLevel] {
        switch best {
        case .baseline: [.baseline]
        case .v3: [.baseline, .v3]
        case .v4: [.baseline, .v3, .v4]
        }
    }

    /// Whether the processor packs the bytes that a mask chooses (AVX-512 VBMI2), which v4 alone does not
    /// promise.
    public static let hasByteCompression: Bool = {
        #if arch(x86_64)
            return best == .v4 && flagsOfProcessor().contains("avx512_vbmi2")
        #else
            return false
        #endif
    }()

    private static func flagsOfProcessor() -> Set<Substring> {
        guard let file = fopen("/proc/cpuinfo", "r") else { return [] }
        defer { fclose(file) }
        var line = [CChar](repeating: 0, count: 16384)
        while fgets(&line, Int32(line.count), file) != nil {
            let text = String(decoding: line.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
            if text.hasPrefix("flags") { return Set(text.split { $0 == " " || $0 == "\n" }) }
        }
        return []
    }
}
