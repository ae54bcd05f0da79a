import CommandLineKit
import Files
import Foundation
import OrderBook
import Pipeline
import Tables
import Units

/// What `flow` is told.
struct FlowOptions: OptionGroup {
    /// How the observed flow is written.
    enum Format: String, CaseIterable, Sendable {
        case lobster
        case capture
    }

    @Option(
        .text, placeholder: "file", help: "Observed messages or frames: plain, .gz, or a LOBSTER archive.",
        required: "the file of messages or frames",
        completion: .file(extensions: ["csv", "jsonl", "gz", "zip"]))
    var input: String
    @Option(.choice, placeholder: "format", help: "Format of the input.") var formatIn = Format.lobster
    @Option(
        .text, placeholder: "file", help: "LOBSTER orderbook file that seeds the book.",
        defaultText: "from the archive",
        completion: .file(extensions: ["csv"]))
    var seedBook: String?
    @Option(.integer(in: 1000...50_000_000), placeholder: "n", help: "Number of events to generate.")
    var events = 200_000
    @Option(
        .number(in: 0.01...1000), placeholder: "x", help: "Multiply the observed rate by X.")
    var surge = 1.0
    @Option(
        .text, placeholder: "file",
        help: "Write the generated orders to FILE, in the format of 'book --format-in csv'.",
        completion: .file(extensions: ["csv"]))
    var orders: String?
    @Option(
        .text, placeholder: "file",
        help: "Cost table (nanoseconds per operation), as 'highwater-bench book --costs' writes it.",
        defaultText: "published costs", completion: .file(extensions: ["csv"]))
    var costs: String?
    let output = TableOutput()
}

extension Command {
    /// Order flow, calibrated and generated.
    static let flow = Command(
        name: "flow",
        abstract: "Calibrate an order-flow model and compare its orders with the observed ones.",
        discussion: """
            The model is that of Cont, Stoikov and Talreja with Hawkes bursts; generated orders run through \
            the exact book. lobster: messages of LOBSTER's reconstructed NASDAQ data, with the orderbook file \
            as seed book. capture: WebSocket frames from Binance, one per line after its arrival time in \
            nanoseconds. Prints observed and generated figures side by side.
            """,
        examples: [
            "highwater flow --input messages.csv"
        ],
        options: FlowOptions.self,
        run: { given, context in
            let path = given.input
            let costs = try given.costs.map(OperationCosts.init(path:))?.flowCosts
            context.progress.begin("flow", total: nil)
            let observed = try observedFlow(given)
            guard observed.events.contains(where: { $0.kind == .take }),
                observed.events.contains(where: { $0.kind == .add })
            else {
                throw ToolError(
                    "has no new order or no trade, so there is nothing to calibrate on", file: path,
                    exit: .badInput)
            }
            let seed = context.seed ?? 1
            let parameters = FlowCalibration(seed: seed).parameters(of: observed)
            var orders = given.orders.map { _ in
                CommandTables.flowOrders.writer()
            }
            let generated = ObservedFlow(
                generating: parameters, events: given.events, seed: seed, surge: given.surge
            ) {
                write($0, &orders)
            }
            context.progress.finish()
            if let orders, let file = given.orders {
                try ResultFile.write(orders.table.bytes, to: file)
            }
            try given.output.write(
                table(observed, generated, parameters, costs ?? .measured, given.output.format))
            return .success
        })

    private static func write(
        _ message: OrderFlow.Message, _ table: inout TableWriter<CommandTables.FlowOrder>?
    ) {
        if let id = message.cancelled {
            for id in id...id + UInt64(message.followers) {
                table?.append(CommandTables.FlowOrder(type: "cancel", id: id))
            }
        } else if let order = message.order {
            let isMarket = order.kind == .market
            for id in order.id...order.id + UInt64(message.followers) {
                table?.append(
                    CommandTables.FlowOrder(
                        type: isMarket ? "market" : "limit", id: id, side: order.side,
                        price: isMarket ? nil : order.price, quantity: order.quantity))
            }
        }
    }

    private static func table(
        _ observed: ObservedFlow, _ generated: ObservedFlow, _ parameters: FlowParameters,
        _ costs: FlowCosts, _ format: DataTable.Format
    ) -> DataTable {
        let (real, made) = (FlowFacts(observed), FlowFacts(generated))
        let facts: [(String, (FlowFacts) -> Double)] = [
            ("messages_per_second", \.ratePerSecond), ("share_new_orders", \.addShare),
            ("share_cancels", \.cancelShare), ("share_aggressors", \.takeShare),
            ("fills_per_aggressor", \.fillsPerAggressor), ("share_over_one_fill", \.shareOverOneFill),
            ("levels_per_aggressor", \.levelsPerAggressor), ("share_over_one_level", \.shareOverOneLevel),
            ("levels_max", { Double($0.levelsMax) }), ("spread_ticks", \.spreadTicks),
        ]
        var rows = facts.map { CommandTables.FlowFact(name: $0, observed: $1(real), generated: $1(made)) }
        func add(_ name: String, _ observed: Double, _ generated: Double?) {
            rows.append(CommandTables.FlowFact(name: name, observed: observed, generated: generated))
        }
        for (index, name) in ["1ms", "10ms", "100ms", "1s"].enumerated() {
            add("index_of_dispersion_\(name)", real.indexOfDispersion[index], made.indexOfDispersion[index])
        }
        let touch = { (flow: ObservedFlow) -> Double in
            let weight = flow.touchByPace.reduce(0) { $0 + $1.weight }
            return flow.touchByPace.reduce(0) { $0 + $1.weight * $1.lots } / weight
        }
        add("lots_at_touch", touch(observed), touch(generated))
        add("thinning_exponent", parameters.thinningExponent, nil)
        let (one, other) = (costs.service(of: observed), costs.service(of: generated))
        add("service_order_us", one.order.meanSeconds * 1e6, other.order.meanSeconds * 1e6)
        add("service_order_cv", one.order.coefficientOfVariation, other.order.coefficientOfVariation)
        add("service_cancel_us", one.cancel.meanSeconds * 1e6, other.cancel.meanSeconds * 1e6)
        return CommandTables.flow.table(rows, format: format)
    }

    private static func observedFlow(_ given: FlowOptions) throws -> ObservedFlow {
        let path = given.input
        let lines = try TextLines(path: path, member: LobsterMember.messages)
        if given.formatIn == .capture {
            let messages = try lines.parsed("a frame: expected nanoseconds, a space and JSON") {
                CaptureMessage(line: $0)
            }
            return ObservedFlow(capture: messages)
        }
        let messages = try lines.lobsterMessages()
        let seedPath = given.seedBook ?? (InputFile.isArchive(path) ? path : nil)
        let seed = try seedPath.map { try TextLines(path: $0, member: LobsterMember.rows) }
        let rows = try seed?.parsed("a row of an orderbook file") { LobsterRow(line: $0) } ?? []
        guard rows.isEmpty || rows.count == messages.count else {
            throw ToolError(
                "has \(rows.count) rows, but there are \(messages.count) messages",
                file: seedPath ?? "", exit: .badInput)
        }
        var prices = messages.filter { $0.type <= 4 }.map(\.price)
        prices += ((rows.first?.asks ?? []) + (rows.first?.bids ?? [])).compactMap { $0?.price }
        return ObservedFlow(
            lobster: rows.isEmpty ? messages : Array(messages.dropFirst()), first: rows.first,
            rows: { rows.isEmpty ? nil : rows[$0 + 1] }, tick: LobsterReplay.tick(of: prices))
    }
}

extension TextLines {
    /// LOBSTER's messages.
    func lobsterMessages() throws -> [LobsterMessage] {
        try parsed("a LOBSTER message: expected time,type,order,size,price,direction") {
            LobsterMessage(line: $0)
        }
    }

    /// What each line holds.
    func parsed<Row>(_ what: String, _ parse: (Substring) -> Row?) throws -> [Row] {
        try lines.enumerated().map { index, line in
            guard let row = parse(line) else {
                throw ToolError("not \(what)", file: path, line: index + 1, column: 1, exit: .badInput)
            }
            return row
        }
    }
}
