struct ZoneLoss: CapacityDisturbing {
    static let name = "zone-loss"
    static let meaning = "A zone fails with all its nodes."
    static let isSteady = true

    /// The first where none is named.
    let zone: String?
    let course: Course

    init(_ keys: inout KeyReader) {
        zone = keys.zone("Name of the zone; by default the first.")
        course = keys.pulse(for: "1h")
    }

    func act(on queue: inout DisturbedQueue, at moment: Moment) {
        queue.zonesLost.insert(zone.flatMap(queue.zones.firstIndex(of:)) ?? 0)
    }
}

extension Disturbance {
    /// Whether it is the loss of a zone, which a plan may promise to survive.
    public var isZoneLoss: Bool { kind is ZoneLoss }
}
