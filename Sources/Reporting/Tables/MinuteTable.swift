import Tables
import WhatIf

extension RunTables {
    /// What became of every minute's messages.
    public static let minutes = TableSchema<(scenario: String, row: MinuteRow)>(
        "minutes.csv", of: "whatif",
        "The messages of one tier in one minute of a scenario, averaged over replications: waiting before plus arrived is "
            + "served plus refused plus given up plus waiting, to the last message.",
        [
            .text("scenario", in: .name, "The scenario.") { $0.scenario },
            .integer("minute", in: "min", "Minutes since the start of the scenario.") { $0.row.minute },
            .text("tier", in: .name, "The tier.") { $0.row.tier },
            .integer("waiting_before", in: "messages", "Messages that wait when the minute begins.") {
                $0.row.waitingBefore
            },
            .integer("arrived", in: "messages", "Messages that clients sent, retries included.") {
                $0.row.arrived
            },
            .integer("retried", in: "messages", "Of these, retries.") { $0.row.retried },
            .integer(
                "served", in: "messages", "Messages served, also after their clients had given them up."
            ) { $0.row.served },
            .integer(
                "refused", in: "messages",
                "Messages turned down for want of room, by a quota or by a circuit breaker."
            ) { $0.row.refused },
            .integer("given_up", in: "messages", "Messages given up while they waited, and not served.") {
                $0.row.givenUp
            },
            .integer("waiting", in: "messages", "Messages that wait when the minute ends.") {
                $0.row.waiting
            },
        ])
}
