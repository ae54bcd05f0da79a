import Exchange
import Planning
import Units

/// The integer programme that a plan's purchase is the optimum of, for another solver to check: free MPS.
///
/// Columns are nodes by purchase option, tier, zone and step, and by shape where shapes are mixed, beside the starts and stops
/// of each tier's nodes on demand; all are whole. The objective is the cost over the planned span in USD. Rows of a tier and step:
///
/// - `need`: reserved, on-demand and spot nodes of all zones are as many as are needed, warm-up included.
/// - `flow`: nodes on demand are those of the step before, and what starts, less what stops.
/// - `up`: what started within the minimum time is still on.
/// - `down`: where changes are limited, what stopped within the minimum time down is off, of a fleet as large as the
///   largest need.
/// - `add`, `remove`: the limits of a step. `freeze`: nothing starts or stops.
/// - `spot`: the most spot nodes. `steady`: their number stays the same, where changes are limited.
/// - `balance`: no zone has more nodes than another by more than zones may differ.
/// - `commit`: the reserved nodes that were decided over the weeks of the commitment.
public struct PurchaseModel {
    private enum Sense: String {
        case most = "L"
        case least = "G"
        case equal = "E"
    }

    private struct Row {
        var name: String
        var sense: Sense
        var bound: Int
    }

    private struct Unknown {
        var name: String
        var cost: Money
        var entries: [(row: Int, factor: Int)] = []
    }

    private let name: String
    private var rows: [Row] = []
    private var columns: [Unknown] = []

    /// The programme of all tiers of a plan.
    public init(plan: Plan, name: String) {
        self.name = PurchaseModel.word(name)
        for (index, (tier, programme)) in zip(plan.tiers, plan.programmes).enumerated() {
            let word = PurchaseModel.word(tier.tier)
            let isTaken = plan.tiers.prefix(index).contains { PurchaseModel.word($0.tier) == word }
            add(
                programme, tier: isTaken ? "\(word)_\(index)" : word,
                zones: tier.kind.isOutside ? ["outside"] : plan.options.zones.map(PurchaseModel.word),
                // The zones of shards follow from those of their writers, those of members from their groups.
                difference: tier.kind.followsDay ? plan.options.zoneDifference : nil,
                committed: programme.carried.isEmpty ? nil : tier.reservedNodes)
        }
    }

    /// The file.
    public var text: String {
        var text = "NAME \(name)\nROWS\n N cost\n"
        for row in rows { text += " \(row.sense.rawValue) \(row.name)\n" }
        text += "COLUMNS\n whole 'MARKER' 'INTORG'\n"
        for column in columns {
            if column.cost != .zero { text += " \(column.name) cost \(column.cost.exact)\n" }
            for entry in column.entries {
                text += " \(column.name) \(rows[entry.row].name) \(entry.factor)\n"
            }
        }
        text += " whole 'MARKER' 'INTEND'\nRHS\n"
        for row in rows where row.bound != 0 { text += " rhs \(row.name) \(row.bound)\n" }
        text += "BOUNDS\n"
        // Some readers take a whole column without a bound for one of 0 and 1.
        for column in columns { text += " PL bound \(column.name)\n" }
        return text + "ENDATA\n"
    }

    /// A name without what separates fields of the file.
    private static func word(_ name: String) -> String {
        String(name.map { $0.isWhitespace || $0 == "." || $0 == "'" || !$0.isASCII ? "_" : $0 })
    }

    private mutating func row(_ name: String, _ sense: Sense, _ bound: Int) -> Int {
        rows.append(Row(name: name, sense: sense, bound: bound))
        return rows.count - 1
    }

    private mutating func column(_ name: String, cost: Money = .zero) -> Int {
        columns.append(Unknown(name: name, cost: cost))
        return columns.count - 1
    }

    private mutating func put(_ factor: Int, of columnNumbers: some Sequence<Int>, into row: Int) {
        for column in columnNumbers { columns[column].entries.append((row, factor)) }
    }

    /// The columns of a tier.
    private struct TierColumns {
        /// Reserved nodes by zone, a column for each shape.
        var reserved: [[Int]] = []
        /// Nodes on demand by step, zone and shape.
        var onDemand: [[[Int]]] = []
        /// Spot nodes by step, zone and shape; without any where none may be bought.
        var spot: [[[Int]]] = []
        /// Starts and stops by step, from the second on.
        var starts: [Int] = []
        var stops: [Int] = []
    }

    private mutating func add(
        _ programme: PurchaseProgramme, tier: String, zones: [String], difference: Int?, committed: Int?
    ) {
        let made = addColumns(programme, tier: tier, zones: zones)
        for step in programme.needed.indices {
            let need = row("need.\(tier).\(step)", .least, programme.needed[step])
            put(1, of: (made.reserved + made.onDemand[step] + made.spot[step]).joined(), into: need)
        }
        addTimes(programme, tier: tier, made)
        addLimits(programme, tier: tier, made)
        addSpot(programme, tier: tier, made)
        if let difference, zones.count > 1 { addBalance(tier, zones, made, difference: difference) }
        if let committed {
            put(1, of: made.reserved.joined(), into: row("commit.\(tier)", .equal, committed))
        }
    }

    private mutating func addColumns(
        _ programme: PurchaseProgramme, tier: String, zones: [String]
    ) -> TierColumns {
        var made = TierColumns()
        let steps = programme.needed.indices
        // A mixture has a column for each shape that is sold in that way; one shape goes without its name.
        let offers: [(shape: String, prices: PurchaseProgramme.StepPrices)] =
            programme.offers.isEmpty
            ? [("", programme.prices)]
            : programme.offers.map { (".\(PurchaseModel.word($0.shape))", $0.prices) }
        for zone in zones {
            made.reserved.append(
                offers.map { offer in
                    column(
                        "reserved.\(tier).\(zone)\(offer.shape)",
                        cost: offer.prices.reserved * programme.needed.count)
                })
        }
        for step in steps {
            made.onDemand.append(
                zones.map { zone in
                    offers.map {
                        column("on_demand.\(tier).\(zone).\(step)\($0.shape)", cost: $0.prices.onDemand)
                    }
                })
            guard programme.usesSpot else {
                made.spot.append([])
                continue
            }
            made.spot.append(
                zones.map { zone in
                    offers.compactMap { offer in
                        offer.prices.spot.map {
                            column("spot.\(tier).\(zone).\(step)\(offer.shape)", cost: $0)
                        }
                    }
                })
        }
        for step in steps.dropFirst() {
            made.starts.append(column("start.\(tier).\(step)"))
            made.stops.append(column("stop.\(tier).\(step)"))
        }
        return made
    }

    /// Starts and stops, and how long nodes stay on and off.
    private mutating func addTimes(_ programme: PurchaseProgramme, tier: String, _ made: TierColumns) {
        for step in programme.needed.indices {
            if programme.limitsChanges { addDown(programme, tier: tier, step: step, made) }
            guard step > 0 else { continue }
            let flow = row("flow.\(tier).\(step)", .equal, 0)
            put(1, of: made.onDemand[step].joined(), into: flow)
            put(-1, of: made.onDemand[step - 1].joined(), into: flow)
            put(-1, of: [made.starts[step - 1]], into: flow)
            put(1, of: [made.stops[step - 1]], into: flow)
            let up = row("up.\(tier).\(step)", .most, 0)
            let first = max(1, step - max(1, programme.minimumUp) + 1)
            put(1, of: made.starts[(first - 1)..<step], into: up)
            put(-1, of: made.onDemand[step].joined(), into: up)
        }
    }

    /// What runs or was stopped not long ago is no more than the fleet; where changes are free, nothing asks for that.
    private mutating func addDown(
        _ programme: PurchaseProgramme, tier: String, step: Int, _ made: TierColumns
    ) {
        let down = row("down.\(tier).\(step)", .most, programme.fleet)
        put(1, of: (made.reserved + made.onDemand[step]).joined(), into: down)
        if programme.isSpotSteady { put(1, of: made.spot[step].joined(), into: down) }
        guard programme.minimumDown > 1 else { return }
        let first = max(1, step - programme.minimumDown + 1)
        if first <= step { put(1, of: made.stops[(first - 1)..<step], into: down) }
    }

    private mutating func addLimits(_ programme: PurchaseProgramme, tier: String, _ made: TierColumns) {
        for step in programme.needed.indices.dropFirst() {
            if let most = programme.addedMax {
                put(1, of: [made.starts[step - 1]], into: row("add.\(tier).\(step)", .most, most))
            }
            if let most = programme.removedMax {
                put(1, of: [made.stops[step - 1]], into: row("remove.\(tier).\(step)", .most, most))
            }
            if programme.frozen.indices.contains(step), programme.frozen[step] {
                let freeze = row("freeze.\(tier).\(step)", .equal, 0)
                put(1, of: [made.starts[step - 1], made.stops[step - 1]], into: freeze)
            }
        }
    }

    private mutating func addSpot(_ programme: PurchaseProgramme, tier: String, _ made: TierColumns) {
        guard programme.usesSpot else { return }
        for step in programme.needed.indices {
            put(
                1, of: made.spot[step].joined(),
                into: row("spot.\(tier).\(step)", .most, programme.spotLimit(step)))
            guard step > 0, programme.isSpotSteady else { continue }
            let steady = row("steady.\(tier).\(step)", .equal, 0)
            put(1, of: made.spot[step].joined(), into: steady)
            put(-1, of: made.spot[step - 1].joined(), into: steady)
        }
    }

    private mutating func addBalance(
        _ tier: String, _ zones: [String], _ made: TierColumns, difference: Int
    ) {
        for step in made.onDemand.indices {
            for one in zones.indices {
                for other in zones.indices where other != one {
                    let balance = row(
                        "balance.\(tier).\(zones[one]).\(zones[other]).\(step)", .most, difference)
                    for (zone, factor) in [(one, 1), (other, -1)] {
                        var nodes = made.reserved[zone] + made.onDemand[step][zone]
                        if !made.spot[step].isEmpty { nodes += made.spot[step][zone] }
                        put(factor, of: nodes, into: balance)
                    }
                }
            }
        }
    }
}
