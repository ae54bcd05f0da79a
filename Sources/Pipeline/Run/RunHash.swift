import Exchange
import Tape

/// Hashes of what a run was made from (`ContentHash`, 128 bits, 32 hexadecimal digits).
enum RunHash {
    static func text(_ text: String) -> String {
        Array(text.utf8).withUnsafeBytes { ContentHash(of: $0) }.description
    }

    /// Of the shapes with their figures, and the source that they are from.
    static func catalogue(_ catalogue: Catalogue) -> String {
        let shapes = catalogue.shapes.map { shape in
            [
                shape.name, "\(shape.cores)", "\(shape.memoryGiB)", "\(shape.networkGbps)",
                shape.onDemandPerHour.exact, shape.reservedPerHour.exact, "\(shape.warmUpSeconds)",
                shape.spot.map { "\($0.perHour.exact) \($0.interruptionsPerMonth)" } ?? "",
                "\(shape.commitmentDays)", shape.provisioningLeadDays.map { "\($0)" } ?? "",
            ].joined(separator: "\t")
        }
        return text(([catalogue.origin] + shapes).joined(separator: "\n"))
    }
}
