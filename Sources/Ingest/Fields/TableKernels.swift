import IngestKernels
import Numerics

#if KERNEL_LEVELS
    import IngestKernelsV3
    import IngestKernelsV4
#endif

/// The kernels that read tables, in the build for one instruction set; all builds give the same results.
struct TableKernels: Sendable {
    typealias Words = UnsafeMutablePointer<UInt64>
    typealias Places = UnsafePointer<UInt32>

    typealias ListBytes =
        @Sendable (UnsafeRawPointer, Int, UInt8, UInt8, Words, UnsafeMutablePointer<UInt32>) -> Int
    typealias WholeRows = @Sendable (UnsafeRawPointer, Places, Int, Int, Bool) -> Int
    typealias ReadNumbers =
        @Sendable (
            UnsafeRawPointer, Places, Int, Int, Int, Words, Words, Words, UnsafeMutablePointer<Int64>, Words
        ) -> Void
    typealias ReadFlags =
        @Sendable (UnsafeRawPointer, Places, Int, Int, Int, UnsafeMutablePointer<UInt8>, Words) -> Void

    let listBytes: ListBytes
    let wholeRows: WholeRows
    let readDecimals: ReadNumbers
    let readIntegers: ReadNumbers
    let readFlags: ReadFlags

    /// The kernels of a level.
    init(_ level: ProcessorLevel) {
        #if KERNEL_LEVELS
            switch level {
            case .v4 where ProcessorLevel.hasByteCompression:
                listBytes = IngestKernelsV4.listBytes
                wholeRows = IngestKernelsV4.wholeRows
                readDecimals = IngestKernelsV4.readDecimals
                readIntegers = IngestKernelsV4.readIntegers
                readFlags = IngestKernelsV4.readFlags
                return
            case .v4, .v3:
                listBytes = IngestKernelsV3.listBytes
                wholeRows = IngestKernelsV3.wholeRows
                readDecimals = IngestKernelsV3.readDecimals
                readIntegers = IngestKernelsV3.readIntegers
                readFlags = IngestKernelsV3.readFlags
                return
            case .baseline: break
            }
        #endif
        listBytes = IngestKernels.listBytes
        wholeRows = IngestKernels.wholeRows
        readDecimals = IngestKernels.readDecimals
        readIntegers = IngestKernels.readIntegers
        readFlags = IngestKernels.readFlags
    }
}
