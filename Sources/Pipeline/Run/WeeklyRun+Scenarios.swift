import Planning
import WhatIf

extension WeeklyRun {
    func scenarios(on plan: Plan, built: DemandBuilder.Result) throws -> [WhatIfResult] { [] }
}
extension PlanFile {
    public func loadedScenarios() throws -> [Scenario] { [] }
}
