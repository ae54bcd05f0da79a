import Exchange
import Foundation
import TestSupport
import Testing
import WhatIf

/// What every kind of disturbance must have; each test names the kind that lacks it.
@Suite("The list of disturbances")
struct KindListTests {
    private static let names = EventKind.all.map(\.name)

    private static func kind(_ name: String) throws -> EventKind {
        try #require(EventKind.all.first { $0.name == name })
    }

    /// The kind as text: what must be given, and by request what need not.
    private static func text(_ kind: EventKind, withDefaults: Bool = false) -> String {
        let pairs = kind.keys.compactMap { key -> String? in
            if let text = key.defaultText {
                return withDefaults && !text.isEmpty ? "\(key.name)=\(text)" : nil
            }
            switch key.type {
            case .number(let range): return "\(key.name)=\(range.lowerBound)"
            case .count(let range): return "\(key.name)=\(range.upperBound)"
            case .duration: return "\(key.name)=1m"
            case .tier: return "\(key.name)=gateway"
            case .zone: return "\(key.name)=a"
            case .region: return "\(key.name)=near"
            case .group: return "\(key.name)=rack-a"
            case .symbols: return "\(key.name)=*"
            case .word(let words): return "\(key.name)=\(words.first ?? "any")"
            }
        }
        return kind.name + (pairs.isEmpty ? "" : ":" + pairs.joined(separator: ","))
    }

    @Test("a kind has a name of its own and a sentence, and so has each of its keys", arguments: names)
    func isWhole(name: String) throws {
        let kind = try Self.kind(name)
        #expect(Self.names.filter { $0 == name }.count == 1)
        #expect(!name.isEmpty && name.allSatisfy { $0.isLowercase || $0 == "-" })
        func isSentence(_ text: String) -> Bool {
            text.count > 4 && text.first?.isUppercase == true && text.hasSuffix(".")
        }
        #expect(isSentence(kind.meaning), "\(name): \(kind.meaning)")
        for key in kind.keys {
            #expect(isSentence(key.meaning), "\(name), \(key.name): \(key.meaning)")
            #expect(!key.unit.isEmpty, "\(name), \(key.name) has no unit")
            #expect(kind.keys.filter { $0.name == key.name }.count == 1, "\(name) reads \(key.name) twice")
            #expect(key.name != "event", "'event' names the kind in files")
        }
        #expect(kind.keys.contains { $0.name == "start" }, "\(name) cannot begin later")
    }

    @Test("a kind's defaults are values of its keys, and are what it has without them", arguments: names)
    func defaultsHold(name: String) throws {
        let kind = try Self.kind(name)
        let plain = try Disturbance(text: Self.text(kind))
        #expect(plain == (try Disturbance(text: Self.text(kind, withDefaults: true))))
        #expect(plain.course.holdSeconds > 0)
    }

    /// The same with a log behind matching, whose members lie in a rack of each zone.
    private static func withQuorum(_ input: WhatIfInput) -> WhatIfInput {
        var log = Fixtures.tier("log", kind: .quorum, nodes: 3, meanSeconds: 1e-5)
        (log.shape, log.allowedShapes) = ("c7i.large", [])
        log.quorum = Quorum(
            groups: input.zones.map { Quorum.PlacementGroup(name: "rack-\($0)", zone: $0) })
        var input = input
        input.topology.tiers.append(log)
        input.topology.edges.append(
            Topology.Edge(from: "matching", to: "log", carries: [.order: 1]))
        return input
    }

    @Test("a kind does something to an exchange, from its start to its end", arguments: names)
    func acts(name: String) throws {
        let text = Self.text(try Self.kind(name))
        let start = text + (text.contains(":") ? "," : ":") + "start=1m"
        let input = Self.withQuorum(FlowTests.standard(trades: [40, 20, 10]))
        let calm = try simulate(
            try Fixtures.scenario("surge:x=1,start=1m"), on: input, options: Fixtures.plain)
        let result = try simulate(try Fixtures.scenario(start), on: input, options: Fixtures.plain)
        let count = min(calm.timeline.count, result.timeline.count)
        let pairs = zip(calm.timeline.prefix(count), result.timeline.prefix(count))
        let differs = pairs.filter { calm, row in
            calm.utilisation != row.utilisation || calm.p99Seconds != row.p99Seconds
        }.map(\.0.second)
        let first = try #require(differs.first, "\(start) leaves no trace")
        #expect(first >= 60)
    }

    @Test("every file of a kind is in the list")
    func everyFileIsListed() throws {
        let folder = Tool.checkout.appending(path: "Sources/WhatIf/Disturbances")
        let own = ["Disturbance+Kinds.swift", "Disturbance+Text.swift"]
        let list = try String(contentsOf: folder.appending(path: own[0]), encoding: .utf8)
        let files = try FileManager.default.contentsOfDirectory(atPath: folder.path).filter {
            !own.contains($0)
        }
        for file in files {
            let text = try String(contentsOf: folder.appending(path: file), encoding: .utf8)
            let names = text.matches(of: #/struct (\w+): \w*Disturbing /#).map { String($0.1) }
            #expect(names.count == 1, "\(file) holds one kind")
            for name in names {
                #expect(list.contains("\(name).self"), "\(name) is not in Disturbance.kinds")
            }
        }
        #expect(files.count == EventKind.all.count)
    }
}
