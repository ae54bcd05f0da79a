import CommandLineKit
import Foundation

Interruption.watch()
let status = Highwater.main(Array(CommandLine.arguments.dropFirst()))
Interruption.waitForEnd()
exit(status.rawValue)
