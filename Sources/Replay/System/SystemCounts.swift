/// What came of the counted customers of a replication.
struct SystemCounts {
    var customers = 0
    var attempts = 0
    var refused = 0
    var timedOut = 0
    var lost = 0
    var unfinished = 0
    var waits = 0.0
    var sojourns = 0.0
    var classWaits = [0.0, 0.0]
    var classCustomers = [0, 0]
    var served = 0
    var over = 0
    var histogram = TimeHistogram()
    var busySeconds = 0.0
    var seconds = 0.0
}
