/// The share of late messages in the last five minutes.
struct RollingWindow {
    private var offered = RollingSum(length: RollingWindow.seconds)
    private var late = RollingSum(length: RollingWindow.seconds)
    private let allowed: Double
    private(set) var isBroken = false
    /// Messages of the window.
    private(set) var offeredInWindow = 0.0

    /// The window in which objectives are judged.
    static let seconds = 300

    init(allowed: Double) {
        self.allowed = allowed
    }

    mutating func add(offered count: Double, late lateCount: Double) {
        let total = offered.add(count)
        let over = late.add(lateCount)
        offeredInWindow = total
        isBroken = total > 0 && over > allowed * total * (1 + 1e-9)
    }
}
