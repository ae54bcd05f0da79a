import Foundation
import Units

/// Finds the files that a plan names.
public struct SourceFiles: Sendable {
    /// The folder below which relative paths and patterns are looked for.
    public var root: String

    public init(root: String) {
        self.root = root
    }

    /// The files of a source, in the order of its paths and then of their names.
    ///
    /// A part of a path with `*` or `?` stands for all names that match, hidden ones left out; a folder stands for
    /// itself and is walked by the ingest.
    ///
    /// - Throws: `ConfigurationError` at the source where a path or pattern matches nothing.
    public func files(
        of source: PlanFile.Source, plan: String?
    ) throws(ConfigurationError) -> [String] {
        var found: [String] = []
        for pattern in source.paths {
            let matches = expand(pattern)
            guard !matches.isEmpty else {
                throw ConfigurationError(
                    file: plan ?? "plan", place: source.place,
                    message: "no file below '\(root)' matches '\(pattern)'; set the folder with --data-root")
            }
            found += matches.filter { !found.contains($0) }
        }
        return found
    }

    /// The paths that a pattern matches.
    func expand(_ pattern: String) -> [String] {
        var bases = [pattern.hasPrefix("/") ? "/" : root]
        for part in pattern.split(separator: "/").map(String.init) {
            let isPattern = part.contains { $0 == "*" || $0 == "?" }
            bases = bases.flatMap { base -> [String] in
                guard isPattern else { return [SourceFiles.join(base, part)] }
                let names = (try? FileManager.default.contentsOfDirectory(atPath: base)) ?? []
                let glob = Glob(part)
                return names.filter { !$0.hasPrefix(".") && glob.matches($0) }
                    .sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
                    .map { SourceFiles.join(base, $0) }
            }
        }
        return bases.filter { FileManager.default.fileExists(atPath: $0) }
    }

    /// A path below the root as the plan would name it, so that results do not depend on where the logs are kept;
    /// other paths as they are.
    public func relative(_ path: String) -> String {
        let prefix = SourceFiles.join(root, "")
        return root != "." && path.hasPrefix(prefix) ? String(path.dropFirst(prefix.count)) : path
    }

    private static func join(_ base: String, _ name: String) -> String {
        base.hasSuffix("/") ? base + name : base == "." ? name : base + "/" + name
    }
}
