/// An engine without a standby that starts anew from its last snapshot and replays its log since.
///
/// It is down for the restart, and for what was logged since the snapshot at the pace of the replay: restart + since ×
/// logged / replay. What was not yet on disk is lost.
struct EngineCrash: CapacityDisturbing {
    static let name = "crash"
    static let meaning = "A tier crashes, loads its last snapshot and replays its log."
    static let isSteady = true

    let tier: String
    let recordsLost: Double
    let course: Course

    init(_ keys: inout KeyReader) {
        tier = keys.tier()
        let interval = keys.seconds("snapshot", default: "10m", "Time between snapshots.")
        let share = keys.number(
            "since", in: "share", 0...1, default: 1,
            "Share of the interval that has passed at the crash; 1 is the worst case.")
        let logged = keys.number(
            "logged", in: "records/s", 0...1e9, default: 10_000, "Records that are logged in a second.")
        let replay = keys.number(
            "replay", in: "records/s", 1...1e9, default: 100_000, "Records that are replayed in a second.")
        let restart = keys.seconds("restart", default: "10s", "Time to start and to load the snapshot.")
        let unsynced = keys.seconds("unsynced", default: "0s", "Time of log that is not yet on disk.")
        recordsLost = logged * unsynced
        let recovery = EngineCrash.recoverySeconds(
            restart: restart, since: interval * share, loggedPerSecond: logged, replayPerSecond: replay)
        course = Course(
            startSeconds: keys.start(), holdSeconds: min(max(1, recovery), EventKey.longestSeconds))
    }

    /// How long it is down, in seconds.
    static func recoverySeconds(
        restart: Double, since: Double, loggedPerSecond: Double, replayPerSecond: Double
    ) -> Double {
        restart + since * loggedPerSecond / replayPerSecond
    }

    func act(on queue: inout DisturbedQueue, at moment: Moment) {
        if queue.tier == tier { queue.isHalted = true }
    }

    func recordsLost(on input: WhatIfInput) -> Double { recordsLost }
}
