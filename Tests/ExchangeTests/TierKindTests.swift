import Exchange
import Foundation
import TestSupport
import Testing

/// What must hold for every kind of tier, those to come included.
@Suite("Every kind of tier") struct TierKindTests {
    @Test("each file of the folder is a kind of the list")
    func listIsComplete() throws {
        let folder = Tool.checkout.appending(path: "Sources/Exchange/Kinds")
        let files = try FileManager.default.contentsOfDirectory(atPath: folder.path)
        let kinds = Set(files).subtracting(["TierKind+All.swift"]).map { $0.dropLast(6).lowercased() }
        let listed = Set(TierKind.all.map(\.name))
        for kind in kinds {
            #expect(listed.contains(kind), "no kind named '\(kind)', after its file, is in TierKind.all")
        }
        #expect(listed.isSubset(of: kinds), "a kind's file is named after it")
    }

    @Test("names are unique words that a plan file can hold, and find their kind", arguments: TierKind.all)
    func names(_ kind: TierKind) {
        #expect(TierKind(name: kind.name) == kind && !kind.summary.isEmpty)
        #expect(TierKind.all.count { $0.name == kind.name } == 1)
        #expect(kind.name.allSatisfy { $0.isLowercase || $0 == "_" })
    }

    @Test("more nodes left never serve less, and none serve nothing", arguments: TierKind.all)
    func servingIsMonotone(_ kind: TierKind) {
        for running in 1...7 {
            let serving = (0...running).map { kind.nodesServing($0, running) }
            #expect(serving[0] == 0 && serving[running] >= 1 && serving == serving.sorted())
        }
    }

    @Test(
        "what runs is at least what is needed, grows with it, and a loss leaves enough",
        arguments: TierKind.all)
    func runningSurvives(_ kind: TierKind) {
        for spares in 0...2 {
            for zones in 1...4 {
                let survival = Survival(zoneCount: zones, spareNodes: spares, survivesZoneLoss: true)
                // Where one node serves, one is all that can be needed.
                let needs = kind.sharing == .one ? 1...1 : 1...9
                let running = needs.map { kind.nodesToRun($0, survival) }
                #expect(running == running.sorted())
                for (needed, nodes) in zip(needs, running) {
                    #expect(nodes >= needed)
                    // No majority lives where half of the members lie in one zone.
                    guard kind.canSurvive(survival) else {
                        #expect(kind.needsMajority && zones == 2)
                        continue
                    }
                    let alone = kind.standbys == .besideEach ? nodes / survival.copies : nodes
                    let left = kind.standbys == .besideEach ? alone : kind.left(of: nodes, survival)
                    #expect(kind.nodesServing(left, alone) >= needed, "\(kind.name) \(needed) \(survival)")
                }
            }
        }
    }

    @Test("a bigger shape never has fewer servers, and each has one", arguments: TierKind.all)
    func serversGrow(_ kind: TierKind) {
        let tier = Tier(
            name: "tier", kind: kind, service: [:],
            objective: Objective(quantile: 0.99, latencySeconds: 1), nodes: 2, shape: "shape")
        let servers = [1, 2, 8, 64].map { cores in
            tier.servers(
                perNodeOf: Shape(
                    name: "shape", cores: cores, memoryGiB: 2 * Double(cores), networkGbps: 10,
                    onDemandPerHour: .zero, reservedPerHour: .zero, warmUpSeconds: 0))
        }
        #expect(servers[0] >= 1 && servers == servers.sorted())
    }

    @Test("only a kind with one writer a symbol names a symbol, the heaviest, the first of equals")
    func heaviest() {
        let works: [(name: String, work: Double)] = [("A", 1), ("B", 2), ("C", 2)]
        let name = heaviestSymbol(works)
        #expect(name == "B" && heaviestSymbol(works.prefix(0)) == nil)
        for kind in TierKind.all {
            #expect((kind.binds(name) == .singleWriter(symbol: "B")) == kind.isSharded)
            #expect(!kind.binds(nil).description.isEmpty)
        }
    }
}
