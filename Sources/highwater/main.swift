import CommandLineKit
import Foundation

exit(Highwater.main(Array(CommandLine.arguments.dropFirst())).rawValue)
