import Planning
import Units

/// The keys of an error budget, of which exactly one is there.
struct BudgetKeys: Sendable {
    var minutesPerMonth: Double?
    var shareOfRequests: Double?
    var dollarsPerMinute: [String: [Double]]?

    static let spec = ObjectSpec(
        BudgetKeys(),
        "What may go wrong, in place of the chance of a break; exactly one of the keys. It is counted during the failures to "
            + "survive, tiers added up.",
        [
            .optional(
                "minutes_per_month", \.minutesPerMonth, .number(0...44_640),
                "Minutes over the objective in a month of 730 hours."),
            .optional(
                "share_of_requests", \.shareOfRequests, .number(0...1),
                "Share of requests that take longer than the objective's time."),
            .optional(
                "usd_per_minute", \.dollarsPerMinute, .pricesByTier,
                "What a minute over the objective costs in USD, by tier: one number, or 24 by the hour of the day in UTC. "
                    + "Nodes and misses together cost the least; other tiers keep the chance of a break."),
        ])

    /// The budgets that are given, in the order of the keys.
    fileprivate var budgets: [ErrorBudget] {
        [
            minutesPerMonth.map { .minutesPerMonth($0) }, shareOfRequests.map { .shareOfRequests($0) },
            dollarsPerMinute.map { .dollarsPerMinute($0) },
        ].compactMap { $0 }
    }

    fileprivate init() {}

    fileprivate init(_ budget: ErrorBudget) {
        switch budget {
        case .minutesPerMonth(let minutes): minutesPerMonth = minutes
        case .shareOfRequests(let share): shareOfRequests = share
        case .dollarsPerMinute(let prices): dollarsPerMinute = prices
        }
    }
}

extension FieldType where Value == ErrorBudget {
    /// An object with one of the forms.
    static var budget: FieldType {
        let keys = FieldType<BudgetKeys>.object(BudgetKeys.spec)
        return FieldType(keys.shape, write: { keys.write(BudgetKeys($0)) }) {
            json, file throws(ConfigurationError) in
            let found = try keys.read(json, file).budgets
            guard found.count == 1, let budget = found.first else {
                // Of two, the second is one too many.
                let place = found.isEmpty ? json.place : json.members[1].place
                throw file.error(
                    place,
                    "a budget has exactly one of minutes_per_month, share_of_requests and usd_per_minute")
            }
            return budget
        }
    }
}

extension FieldType where Value == [String: [Double]] {
    /// Prices by tier: one number, or 24 by the hour of the day.
    fileprivate static var pricesByTier: FieldType {
        let range = 0.0...1e9
        let one = FieldType<Double>.number(range)
        let day = FieldType<[Double]>.list(.number(range), atLeast: 24)
        return FieldType(
            .map(keys: [], .either(one.shape, day.shape)),
            write: { prices in
                jsonObject(
                    prices.sorted { $0.key < $1.key }.map { tier, own in
                        (tier, own.count == 1 ? one.write(own[0]) : day.write(own))
                    })
            }
        ) { json, file throws(ConfigurationError) in
            var prices: [String: [Double]] = [:]
            for member in json.members {
                if let price = member.value.number {
                    prices[member.key] = [price]
                    continue
                }
                let hours = try day.read(member.value, file)
                guard hours.count == 24 else {
                    throw file.error(
                        member.value.place,
                        "expected 24 prices, one for each hour of the day, not \(hours.count)")
                }
                prices[member.key] = hours
            }
            guard !prices.isEmpty else {
                throw file.error(json.place, "expected the price of at least one tier")
            }
            return prices
        }
    }
}

extension PlanFile {
    /// Every tier with a price has to be there.
    func checkBudget(_ json: PlacedJSON?, _ file: ConfigurationFile) throws(ConfigurationError) {
        let names = topology.tiers.map(\.name)
        for member in json?["budget"]?["usd_per_minute"]?.members ?? [] where !names.contains(member.key) {
            throw ConfigurationError.unknown(
                "tier", member.key, among: names, at: member.place, file: file.path)
        }
    }
}
