import Foundation

/// The Python environment with other people's solvers that tests compare with, which is not part of the project.
public enum Peers {
    /// Its Python, from the folder of the variable `HIGHWATER_PEERS` or in `/tmp/peers-venv`; nil where there is none.
    public static let python: String? = {
        let folder = ProcessInfo.processInfo.environment["HIGHWATER_PEERS"] ?? "/tmp/peers-venv"
        let python = folder + "/bin/python"
        return FileManager.default.isExecutableFile(atPath: python) ? python : nil
    }()

    /// Whether HiGHS is there; a test says `.enabled(if: Peers.hasHiGHS, Peers.absence)`.
    public static let hasHiGHS: Bool = {
        guard let python else { return false }
        return (try? Tool.run(python, ["-c", "import highspy"]).code) == 0
    }()

    /// What a skipped test says.
    public static let absence =
        "needs HiGHS: set HIGHWATER_PEERS to a virtual environment that has highspy"
}
