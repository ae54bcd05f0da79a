import Glibc

/// Why a tier's cost changed from one run to the next, split exactly.
///
/// The cost is a product: the work of 99 % of paths, times what is held over it, times hours of nodes for what is held, times
/// the price of an hour. Its change is split by the logarithmic mean (the logarithmic mean Divisia index: Ang 2004): each
/// factor has the logarithm of its own change, times the mean of both costs, and the parts add up to the whole.
public struct CostChange: Sendable, Equatable {
    /// What a tier of one run has to do, holds, and costs.
    struct Paid: Equatable {
        /// Hours of nodes.
        var hours = 0.0
        var dollars = 0.0
        /// Work and what is held with all nodes up, summed over queues and steps.
        var work = 0.0
        var held = 0.0
    }

    /// Dollars by cause, those that cause nothing too.
    public let parts: [(cause: String, dollars: Double)]

    init(from was: Paid, to now: Paid) {
        let change = now.dollars - was.dollars
        guard was.dollars > 0, now.dollars > 0, was.hours > 0, now.hours > 0 else {
            parts = [
                (
                    now.dollars > 0 ? "a new tier, or one that was free" : "a tier that is gone, or free",
                    change
                )
            ]
            return
        }
        let prices = (was.dollars / was.hours, now.dollars / now.hours)
        guard was.work > 0, now.work > 0, was.held > 0, now.held > 0 else {
            parts = CostChange.split(
                change, [("hours of nodes", was.hours, now.hours), (CostChange.prices, prices.0, prices.1)],
                was, now)
            return
        }
        parts = CostChange.split(
            change,
            [
                ("demand", was.work, now.work),
                ("rules: what is held over the demand", was.held / was.work, now.held / now.work),
                ("bursts, service times and sizes of nodes", was.hours / was.held, now.hours / now.held),
                (CostChange.prices, prices.0, prices.1),
            ], was, now)
    }

    private static let prices = "shapes and prices"

    private static func split(
        _ change: Double, _ factors: [(cause: String, was: Double, now: Double)], _ was: Paid, _ now: Paid
    ) -> [(cause: String, dollars: Double)] {
        let ratio = log(now.dollars / was.dollars)
        let mean = abs(ratio) > 1e-12 ? change / ratio : was.dollars
        return factors.map { ($0.cause, mean * log($0.now / $0.was)) }
    }

    /// Whether both have the same parts.
    public static func == (one: CostChange, other: CostChange) -> Bool {
        one.parts.elementsEqual(other.parts) { $0.cause == $1.cause && $0.dollars == $1.dollars }
    }
}
