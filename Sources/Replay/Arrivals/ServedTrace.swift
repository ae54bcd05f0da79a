/// Arrivals at given times through a queue: first come, first served, the same service time for all.
///
/// With one server this is Lindley's recursion (1952), with several Kiefer and Wolfowitz's (1955).
public enum ServedTrace {
    /// Serves arrivals; those at one instant in their order.
    ///
    /// - Parameters:
    ///   - arrivals: Times in seconds, ascending.
    ///   - serviceSeconds: What each takes, not negative.
    ///   - servers: How many serve, at least 1.
    /// - Returns: The time from arrival to departure of each, in seconds.
    /// - Complexity: O(n · servers).
    public static func sojournSeconds(
        arrivals: [Double], serviceSeconds: Double, servers: Int
    ) -> [Double] {
        arrivals.withUnsafeBufferPointer { times in
            [Double](unsafeUninitializedCapacity: times.count) { result, count in
                if servers <= 1 {
                    serve(times, serviceSeconds, &result)
                } else {
                    serve(times, serviceSeconds, servers, &result)
                }
                count = times.count
            }
        }
    }

    private static func serve(
        _ times: UnsafeBufferPointer<Double>, _ service: Double,
        _ result: inout UnsafeMutableBufferPointer<Double>
    ) {
        var free = -Double.infinity
        for index in times.indices {
            let time = times[index]
            free = (time > free ? time : free) + service
            result[index] = free - time
        }
    }

    private static func serve(
        _ times: UnsafeBufferPointer<Double>, _ service: Double, _ servers: Int,
        _ result: inout UnsafeMutableBufferPointer<Double>
    ) {
        // The same service for all: who began first is free first, so that the servers take turns.
        var free = [Double](repeating: -.infinity, count: servers)
        var next = 0
        for index in times.indices {
            let time = times[index]
            let departure = (time > free[next] ? time : free[next]) + service
            free[next] = departure
            result[index] = departure - time
            next = next + 1 == servers ? 0 : next + 1
        }
    }
}
