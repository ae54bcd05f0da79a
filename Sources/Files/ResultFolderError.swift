#if canImport(Glibc)
    import Glibc
#else
    import Musl
#endif

/// A result could not be written.
public struct ResultFolderError: Error, Sendable {
    /// The file or folder.
    public var path: String
    /// Why, in words.
    public var reason: String

    public init(path: String, reason: String) {
        self.path = path
        self.reason = reason
    }

    /// The system's last error.
    static func system(_ path: String) -> ResultFolderError {
        ResultFolderError(path: path, reason: String(cString: strerror(errno)))
    }
}
