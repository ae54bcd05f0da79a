/// A faulty version that is rolled out node by node until somebody notices.
///
/// After t seconds the share s = min(1, rate × t) of the nodes has it, and each of these serves 1/x of what it did, so the
/// tier has 1 − s + s / x of its capacity. From detection on no more nodes get it, and the rollback takes it away evenly.
struct BadDeploy: CapacityDisturbing {
    static let name = "bad-deploy"
    static let meaning =
        "A slow version is rolled out over a tier's nodes until it is detected and rolled back."

    let tier: String
    let factor: Double
    let shareOfNodesPerSecond: Double
    let course: Course

    init(_ keys: inout KeyReader) {
        tier = keys.tier()
        factor = keys.number(
            "x", in: "factor", EventKey.factors, "Factor on the service time of the version.")
        let percent = keys.number(
            "percent", in: "percent of the nodes an hour", 0.1...100_000, default: 200,
            "Share of the nodes that are updated in an hour, in percent.")
        shareOfNodesPerSecond = percent / 100 / 3600
        let detection = keys.seconds("detect", default: "10m", "Time until it is detected.")
        let rollback = keys.seconds("rollback", default: "5m", "Time that the rollback takes, evenly.")
        course = Course(
            startSeconds: keys.start(), holdSeconds: max(1, detection), decaySeconds: rollback)
    }

    func act(on queue: inout DisturbedQueue, at moment: Moment) {
        guard queue.tier == tier else { return }
        let updated = min(1, shareOfNodesPerSecond * min(moment.seconds, course.holdSeconds))
        let share = updated * moment.strength.share
        queue.stretch /= 1 - share + share / factor
    }
}
