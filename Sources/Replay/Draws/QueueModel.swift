import Foundation
import Numerics
import Units

/// How customers of a queue arrive.
public enum ArrivalProcess: Sendable, Equatable {
    /// Independent exponential gaps.
    case poisson
    /// Equal gaps.
    case deterministic
    /// A Hawkes process with an exponential kernel: each arrival raises the rate so that it brings `branchingRatio`
    /// further ones, forgotten with the time constant `decaySeconds`.
    case hawkes(branchingRatio: Double, decaySeconds: Double)
    /// Measured gaps in seconds, replayed in their order from a random place and stretched to the load.
    case measured(gapSeconds: [Double])
}

/// How long a customer of a queue is served.
public enum ServiceProcess: Sendable, Equatable {
    case exponential
    /// Always the mean.
    case deterministic
    /// Lognormal with this standard deviation over the mean.
    case lognormal(coefficientOfVariation: Double)
    /// Gamma with this standard deviation over the mean.
    case gamma(coefficientOfVariation: Double)
    /// Measured times in seconds, drawn at random; their mean is the mean service time.
    case measured(seconds: [Double])

    /// The standard deviation over the mean.
    public var coefficientOfVariation: Double {
        switch self {
        case .exponential: return 1
        case .deterministic: return 0
        case .lognormal(let variation), .gamma(let variation): return variation
        case .measured(let seconds):
            return seconds.count > 1 ? Summary.variance(seconds).squareRoot() / Summary.mean(seconds) : 0
        }
    }
}

/// Why the text of an arrival or service process was refused.
public struct QueueModelError: Error, Sendable, Equatable {
    /// What is wrong and what was expected.
    public var message: String
}

extension ArrivalProcess {
    /// Reads `poisson`, `deterministic`, `hawkes:n=0.6,decay=50ms` or `file:F`; a file is read by `load`, which gives
    /// the numbers in it.
    public init(text: String, load: (String) throws -> [Double]) throws {
        let (name, rest) = split(text)
        switch name {
        case "poisson": self = .poisson
        case "deterministic": self = .deterministic
        case "hawkes":
            let settings = try settings(rest, of: name, allowed: ["n", "decay"])
            guard let ratio = Double(decimal: settings["n"] ?? "0.6"), ratio >= 0, ratio < 1 else {
                throw QueueModelError(
                    message: "hawkes: n must be a branching ratio from 0 to below 1")
            }
            guard let decay = Duration(text: settings["decay"] ?? "50ms")?.inSeconds, decay > 0 else {
                throw QueueModelError(message: "hawkes: decay must be a duration such as 50ms")
            }
            self = .hawkes(branchingRatio: ratio, decaySeconds: decay)
        case "file":
            let gaps = try load(rest)
            guard gaps.reduce(0, +) > 0 else {
                throw QueueModelError(message: "\(rest): the gaps between arrivals sum to zero")
            }
            self = .measured(gapSeconds: gaps)
        default:
            throw QueueModelError(
                message: "unknown arrival process '\(name)'"
                    + "; " + knownWords(["poisson", "deterministic", "hawkes", "file"], near: name))
        }
        if !["hawkes", "file"].contains(name), !rest.isEmpty {
            throw QueueModelError(message: "'\(name)' takes no settings")
        }
    }
}

extension ServiceProcess {
    /// Reads `exponential`, `deterministic`, `lognormal:cv=1`, `gamma:cv=2` or `file:F`.
    public init(text: String, load: (String) throws -> [Double]) throws {
        let (name, rest) = split(text)
        switch name {
        case "exponential", "deterministic":
            guard rest.isEmpty else { throw QueueModelError(message: "'\(name)' takes no settings") }
            self = name == "exponential" ? .exponential : .deterministic
        case "lognormal", "gamma":
            let settings = try settings(rest, of: name, allowed: ["cv"])
            guard let variation = Double(decimal: settings["cv"] ?? "1"), variation > 0, variation <= 100
            else {
                throw QueueModelError(
                    message: "\(name): cv must be above 0 and at most 100")
            }
            self =
                name == "gamma"
                ? .gamma(coefficientOfVariation: variation) : .lognormal(coefficientOfVariation: variation)
        case "file":
            let seconds = try load(rest)
            guard seconds.reduce(0, +) > 0 else {
                throw QueueModelError(message: "\(rest): the service times sum to zero")
            }
            self = .measured(seconds: seconds)
        default:
            throw QueueModelError(
                message:
                    "unknown service process '\(name)'"
                    + "; "
                    + knownWords(["exponential", "deterministic", "lognormal", "gamma", "file"], near: name)
            )
        }
    }
}

private func split(_ text: String) -> (name: String, rest: String) {
    let parts = text.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
    return (String(parts.first ?? ""), parts.count > 1 ? String(parts[1]) : "")
}

private func settings(_ text: String, of name: String, allowed: [String]) throws -> [String: String] {
    var found: [String: String] = [:]
    for part in text.split(separator: ",") {
        let pair = part.split(separator: "=", maxSplits: 1).map(String.init)
        guard pair.count == 2, allowed.contains(pair[0]), found[pair[0]] == nil else {
            throw QueueModelError(
                message: "\(name): '\(part)' is not a setting; expected "
                    + allowed.map { "\($0)=…" }.joined(separator: ", ") + ", each once")
        }
        found[pair[0]] = pair[1]
    }
    return found
}
