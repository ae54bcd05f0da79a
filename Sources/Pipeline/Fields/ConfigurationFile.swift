import Foundation

/// A configuration file that is being read: what errors call it, and where files that it names are looked for.
struct ConfigurationFile: Sendable {
    /// As it was named.
    let path: String

    func error(_ place: TextPlace?, _ message: String) -> ConfigurationError {
        ConfigurationError(file: path, place: place, message: message)
    }

    /// The path of a file that it names: absolute, or beside it.
    func path(beside name: String) -> String {
        guard !name.hasPrefix("/") else { return name }
        let folder = URL(filePath: path).deletingLastPathComponent().relativePath
        return folder == "." ? name : folder + "/" + name
    }

    /// The file that a value names, with its bytes.
    func file(named value: PlacedJSON, _ kind: String) throws(ConfigurationError) -> (
        file: ConfigurationFile, text: [UInt8]
    ) {
        let target = ConfigurationFile(path: path(beside: value.string ?? ""))
        guard FileManager.default.fileExists(atPath: target.path) else {
            throw error(value.place, "the \(kind) '\(target.path)' does not exist")
        }
        return (target, try target.bytes())
    }

    func bytes() throws(ConfigurationError) -> [UInt8] {
        var isDirectory: ObjCBool = false
        guard FileManager.default.fileExists(atPath: path, isDirectory: &isDirectory) else {
            throw error(nil, "no such file")
        }
        guard !isDirectory.boolValue else { throw error(nil, "this is a folder; expected a JSON file") }
        do {
            return Array(try Data(contentsOf: URL(filePath: path)))
        } catch {
            throw self.error(nil, "cannot be read")
        }
    }
}
