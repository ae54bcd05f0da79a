import Exchange

/// What was let in in each of the last seconds, by attempt and group, until clients have given it up or have it.
struct SentMessages {
    /// `[second][attempt][group]`, flat; the first attempt is 0.
    private var messages: [SIMD4<Double>]
    /// The load of each second, and how much longer messages took.
    private var loads: [(load: Double, stretch: Double)]
    private let attempts: Int
    private let groups: Int
    private var now = 0

    init(seconds: Int, attempts: Int, groups: Int) {
        self.attempts = attempts
        self.groups = groups
        messages = [SIMD4<Double>](repeating: .zero, count: seconds * attempts * groups)
        loads = [(load: Double, stretch: Double)](repeating: (0, 1), count: seconds)
    }

    /// The load and the stretch of a second, so many ago; nil before the first.
    func load(ago: Int) -> (load: Double, stretch: Double)? {
        now >= ago ? loads[(now - ago) % loads.count] : nil
    }

    /// The messages of a second, so many ago.
    func messages(ago: Int, attempt: Int, group: Int) -> SIMD4<Double> {
        messages[place(now - ago, attempt, group)]
    }

    /// Sets what is let in in this second.
    mutating func set(_ value: SIMD4<Double>, attempt: Int, group: Int) {
        messages[place(now, attempt, group)] = value
    }

    /// The second is over.
    mutating func advance(load: Double, stretch: Double) {
        loads[now % loads.count] = (load, stretch)
        now += 1
    }

    private func place(_ second: Int, _ attempt: Int, _ group: Int) -> Int {
        (second % loads.count * attempts + attempt) * groups + group
    }
}
