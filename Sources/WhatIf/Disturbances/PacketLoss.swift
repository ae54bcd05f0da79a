/// Packets of a tier's connections are lost and sent again.
///
/// A connection gets no more than MSS / RTT × C / √p, with C = √(3/2) for losses at even distances (Mathis, Semke, Mahdavi
/// and Ott 1997, equation 3). And a message whose packet is lost waits for the retransmission timer: p / (1 − p) times in
/// mean.
struct PacketLoss: CapacityDisturbing {
    static let name = "packet-loss"
    static let meaning =
        "A share of a tier's packets is lost, which limits each connection and delays messages."
    static let isSteady = true

    let tier: String
    let lossShare: Double
    let roundTripSeconds: Double
    let timerSeconds: Double
    let bitsPerConnection: Double
    let course: Course

    /// Payload of an Ethernet frame with TCP over IPv4, in bits.
    private static let segmentBits = 1460.0 * 8

    init(_ keys: inout KeyReader) {
        tier = keys.tier()
        lossShare = keys.number(
            "loss", in: "share", 0...0.9, default: 0.01, "Share of packets that are lost.")
        roundTripSeconds = keys.seconds("rtt", default: "1ms", "Round-trip time of the connections.")
        timerSeconds = keys.seconds(
            "timer", default: "200ms", "Retransmission timer; 200 ms is the least of Linux.")
        bitsPerConnection =
            keys.number(
                "mbps", in: "Mbit/s", 0.001...100_000, default: 100,
                "Rate that each connection needs to carry the tier's capacity.") * 1e6
        course = keys.pulse(for: "10m")
    }

    /// Bits a second that a connection carries at a share of lost packets.
    static func bitsPerSecond(lossShare: Double, roundTripSeconds: Double) -> Double {
        segmentBits / roundTripSeconds * (1.5 / lossShare).squareRoot()
    }

    func act(on queue: inout DisturbedQueue, at moment: Moment) {
        guard queue.tier == tier, lossShare > 0 else { return }
        let bits = PacketLoss.bitsPerSecond(lossShare: lossShare, roundTripSeconds: roundTripSeconds)
        queue.capacityShare *= min(1, bits / bitsPerConnection)
        queue.delaySeconds += lossShare / (1 - lossShare) * timerSeconds
    }
}
