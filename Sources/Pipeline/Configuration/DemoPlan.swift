/// The plan of the demo exchange, which `run --demo` generates logs for.
public enum DemoPlan {
    /// The plan's text.
    public static let text = """
        {
          "name": "demo exchange",
          "seed": 1,
          "sources": [
            { "use": "demand", "paths": ["history.csv", "trades"] },
            { "use": "traffic", "paths": ["access"], "sample_share": 0.001 }
          ],
          "failover": "1s",
          "forecast": { "step": "1h", "horizon": "7d", "seasons": ["1d", "7d"], "paths": 500 },
          "scenarios": [
            { "name": "surge-5x", "description": "Five times the traffic within four minutes",
              "events": [{ "event": "surge", "x": 5, "ramp": "4m", "hold": "20m" }] },
            { "name": "zone-loss", "description": "A zone is lost for an hour, starting in the peak hour",
              "events": [{ "event": "zone-loss", "for": "1h" }] },
            { "name": "slow-matching", "description": "A bad deploy doubles the service time of matching",
              "events": [{ "event": "slowdown", "tier": "matching", "x": 2, "for": "15m" }] }
          ]
        }
        """
}
