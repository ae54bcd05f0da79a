import Glibc
import Tape
import Units

/// Remembers the classes of the requests met last: a service has few routes, and looking them up word by word costs more
/// than all the rest of a line.
///
/// The whole text of a request before its query is compared, so that the answer is always that of the table. Requests
/// that name a host are looked up each time, since a host may hold anything.
final class RouteCache {
    private let table: RouteTable
    private let slots: UnsafeMutableRawPointer

    private static let slotCount = 1024
    /// A byte for the length of the text, one for that of the method, one for the class, the rest for the text.
    private static let slotBytes = 128
    private static let headBytes = 3

    init(_ table: RouteTable) {
        self.table = table
        slots = .allocate(byteCount: Self.slotCount * Self.slotBytes, alignment: 64)
        slots.initializeMemory(as: UInt8.self, repeating: 0, count: Self.slotCount * Self.slotBytes)
    }

    deinit {
        slots.deallocate()
    }

    /// The number of a request's class in `RouteTable.classNames`.
    func classIndex(method: Bytes, path: Bytes) -> Int {
        guard let start = method.baseAddress, let base = path.baseAddress, path.count > 0, path[0] == 0x2F,
            base == start + method.count + 1
        else { return table.classIndex(method: method, path: path) }
        let query = memchr(base, 0x3F, path.count)
        let length = (query.map { UnsafeRawPointer($0) } ?? base + path.count) - start
        guard length <= Self.slotBytes - Self.headBytes else {
            return table.classIndex(method: method, path: path)
        }
        let slot = slots + Int(RouteCache.digest(start, length) % UInt64(Self.slotCount)) * Self.slotBytes
        let text = slot + Self.headBytes
        if Int(slot.load(as: UInt8.self)) == length,
            Int(slot.load(fromByteOffset: 1, as: UInt8.self)) == method.count,
            memcmp(text, start, length) == 0
        {
            return Int(slot.load(fromByteOffset: 2, as: UInt8.self))
        }
        let found = table.classIndex(method: method, path: path)
        guard found < 256 else { return found }
        slot.storeBytes(of: UInt8(length), as: UInt8.self)
        slot.storeBytes(of: UInt8(method.count), toByteOffset: 1, as: UInt8.self)
        slot.storeBytes(of: UInt8(found), toByteOffset: 2, as: UInt8.self)
        memcpy(text, start, length)
        return found
    }

    private static func digest(_ start: UnsafeRawPointer, _ length: Int) -> UInt64 {
        var digest = UInt64(length) &* 0x9E37_79B9_7F4A_7C15
        var offset = 0
        while offset &+ 8 <= length {
            digest =
                (digest ^ start.loadUnaligned(fromByteOffset: offset, as: UInt64.self))
                &* 0x9E37_79B9_7F4A_7C15
            digest ^= digest &>> 29
            offset &+= 8
        }
        while offset < length {
            digest = FNV1a.extended(digest, by: UInt64(start.load(fromByteOffset: offset, as: UInt8.self)))
            offset &+= 1
        }
        return digest ^ digest &>> 32
    }
}
