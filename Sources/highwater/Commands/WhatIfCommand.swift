import CommandLineKit
extension Command {
    static let whatif = Command(
        spec: CommandSpec(name: "whatif", abstract: "x", options: []), run: { _ in .success })
}
