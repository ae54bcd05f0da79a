import CommandLineKit
import Foundation

exit(Bench.main(Array(CommandLine.arguments.dropFirst())).rawValue)
