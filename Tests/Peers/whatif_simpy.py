"""Ten small networks, simulated request by request with SimPy, as an incident file for `highwater incidents`.

    python3 Tests/Peers/whatif_simpy.py > Tests/Peers/whatif_simpy.json
    highwater incidents Tests/Peers/whatif_simpy.json

Arrivals are Poisson, service takes 10 ms, and queues are first come, first served. `published` is SimPy's mean of three
seeds; Highwater's replay of the same network stands beside it. Nothing is shared between the two but the description.
Exits with 3 where SimPy is not installed.
"""

import json
import random
import sys
from collections import deque

try:
    import simpy
except ImportError:
    sys.stderr.write("skipped: SimPy is not installed\n")
    sys.exit(3)

SERVICE = 0.01
SEEDS = 3
START = 60  # warm-up before the events


class Tier:
    def __init__(self, env, spec, horizon, draw):
        self.env, self.spec, self.next, self.draw = env, spec, None, draw
        self.queue, self.arrived = deque(), []
        self.idle = []
        n = int(horizon) + 2
        self.sent, self.failed, self.in_time, self.backlog = [0] * n, [0] * n, [0] * n, [0] * n
        for number in range(spec["nodes"]):
            env.process(self.serve(number))
        env.process(self.watch())

    def watch(self):
        while True:
            yield self.env.timeout(1)
            second = round(self.env.now) - 1
            if second < len(self.backlog):
                self.backlog[second] = len(self.queue)

    def off_until(self, number):
        """When a server works again, where it stands still now."""
        for event in self.spec["events"]:
            begins, ends = START, START + event["for"]
            if begins <= self.env.now < ends:
                if event["kind"] == "halt" or (event["kind"] == "loss" and number < event["count"]):
                    return ends
        return None

    def factor(self):
        for event in self.spec["events"]:
            if event["kind"] == "slow" and START <= self.env.now < START + event["for"]:
                return event["x"]
        return 1

    def living(self):
        return sum(self.off_until(n) is None for n in range(self.spec["nodes"]))

    def come(self, since, attempt=0):
        second = int(self.env.now)
        if second < len(self.sent):
            self.sent[second] += 1
        limit = self.spec.get("limit")
        if limit is not None and len(self.queue) >= limit * max(1, self.living()) and not self.idle:
            self.fail(attempt)
            return
        self.queue.append((self.env.now, attempt))
        if self.idle:
            self.idle.pop().succeed()

    def fail(self, attempt):
        second = int(self.env.now)
        if second < len(self.failed):
            self.failed[second] += 1
        if attempt < self.spec.get("retries", 0):
            self.env.process(self.again(attempt + 1))

    def again(self, attempt):
        # A fixed wait would be in step with the fixed service.
        yield self.env.timeout(self.draw.expovariate(1 / self.spec["backoff"]))
        self.come(self.env.now, attempt)

    def serve(self, number):
        timeout = self.spec.get("timeout")
        while True:
            until = self.off_until(number)
            if until is not None:
                yield self.env.timeout(until - self.env.now)
                continue
            if not self.queue:
                wake = self.env.event()
                self.idle.append(wake)
                yield wake
                continue
            came, attempt = self.queue.popleft()
            if timeout and self.spec.get("drops") and self.env.now - came > timeout:
                self.fail(attempt)
                continue
            yield self.env.timeout(SERVICE * self.factor())
            second = int(self.env.now)
            late = timeout is not None and self.env.now - came > timeout
            if late:
                self.fail(attempt)
            elif second < len(self.in_time):
                self.in_time[second] += 1
            if self.next is not None:
                self.next.come(self.env.now)


def simulate(network, seed):
    env = simpy.Environment()
    draw = random.Random(seed)
    horizon = START + network["watch"]
    tiers = [Tier(env, spec, horizon, draw) for spec in network["tiers"]]
    for tier, following in zip(tiers, tiers[1:]):
        tier.next = following
    surge = network.get("surge", (1, 0))

    def arrivals():
        while True:
            rate = network["rate"]
            if START <= env.now < START + surge[1]:
                rate *= surge[0]
            yield env.timeout(draw.expovariate(rate))
            tiers[0].come(env.now)

    env.process(arrivals())
    env.run(until=horizon)
    tier = tiers[network.get("of", 0)]
    first, last = START + network["from"], START + network["to"]
    window = slice(first, last)
    measure = network["measure"]
    if measure == "backlog":
        return max(tier.backlog[window])
    if measure == "failed":
        return sum(tier.failed[window]) / sum(tier.sent[window])
    counts = {"in-time": tier.in_time, "sent": tier.sent}[measure]
    return sum(counts[window]) / (last - first)


def tier(name, nodes, *events, **rules):
    return dict(rules, name=name, nodes=nodes, events=list(events))


def event(kind, seconds, **keys):
    return dict(keys, kind=kind, **{"for": seconds})


NETWORKS = [
    dict(name="halt of 30 s", rate=100, tiers=[tier("a", 2, event("halt", 30))], measure="backlog", to=90),
    dict(name="three times the load for 60 s", rate=100, surge=(3, 60), tiers=[tier("a", 2)],
         measure="backlog", to=90),
    dict(name="one of two nodes lost", rate=150, tiers=[tier("a", 2, event("loss", 60, count=1))],
         measure="backlog", to=90),
    dict(name="four times slower for 60 s", rate=100, tiers=[tier("a", 2, event("slow", 60, x=4))],
         measure="backlog", to=90),
    dict(name="bounded queue at four times the load", rate=100, surge=(4, 60), tiers=[tier("a", 2, limit=20)],
         measure="failed", to=60),
    dict(name="bounded queue, one retry after 5 s in mean", rate=100, surge=(4, 60),
         tiers=[tier("a", 2, limit=20, retries=1, backoff=5)], measure="sent", **{"from": 10}, to=60),
    dict(name="timeout of 2 s, late work dropped", rate=100, surge=(3, 120),
         tiers=[tier("a", 2, timeout=2, drops=True)], measure="in-time", **{"from": 30}, to=110),
    dict(name="timeout of 2 s, late work done", rate=100, surge=(3, 60), tiers=[tier("a", 2, timeout=2)],
         measure="in-time", **{"from": 0}, to=120),
    dict(name="two tiers, the first halts 30 s", rate=100,
         tiers=[tier("a", 4, event("halt", 30)), tier("b", 2)], of=1, measure="backlog", to=90),
    dict(name="three tiers, the middle one halts 20 s", rate=100,
         tiers=[tier("a", 2), tier("b", 4, event("halt", 20)), tier("c", 2)], of=2, measure="backlog", to=90),
]


def text(network, part):
    """An event as Highwater has it."""
    target, happening = part
    length = f"for={happening['for']}s"
    if happening["kind"] == "halt":
        return f"halt:tier={target},{length}"
    if happening["kind"] == "slow":
        return f"slowdown:tier={target},x={happening['x']},{length}"
    return f"node-loss:tier={target},count={happening['count']},{length}"


def queue(spec):
    keys = {}
    if "limit" in spec:
        keys["limit_per_server"] = spec["limit"]
    if "timeout" in spec:
        keys["timeout"] = f"{spec['timeout']}s"
    if spec.get("drops"):
        keys["drops_abandoned"] = True
    if "retries" in spec:
        keys["retry"] = {"attempts": spec["retries"], "backoff": f"{spec['backoff']}s", "jitter": 1}
    return keys


def run(network):
    network.setdefault("from", 0)
    network["watch"] = 150
    values = [simulate(network, seed) for seed in range(SEEDS)]
    events = [text(network, (t["name"], e)) for t in network["tiers"] for e in t["events"]]
    if "surge" in network:
        events.append(f"surge:x={network['surge'][0]},ramp=0s,hold={network['surge'][1]}s,decay=0s")
    tiers = []
    for spec in network["tiers"]:
        row = {"name": spec["name"], "kind": "pool", "service": {"order": {"mean": "10ms", "cv": 0}},
               "objective": {"quantile": 0.99, "latency": "500ms"}, "nodes": spec["nodes"], "shape": "core"}
        if queue(spec):
            row["queue"] = queue(spec)
        tiers.append(row)
    return {
        "name": network["name"], "requests_per_second": network["rate"], "tiers": tiers, "events": events,
        "watch": "2m",
        "figures": [{
            "measure": network["measure"], "tier": network["tiers"][network.get("of", 0)]["name"],
            "from": f"{network['from']}s", "to": f"{network['to']}s",
            "reported": f"{sum(values) / len(values):.4g}", "within": 0.05,
        }],
    }


json.dump({
    "name": "simpy", "title": "Ten small networks, beside SimPy",
    "source": "Tests/Peers/whatif_simpy.py: every request simulated with SimPy, mean of three seeds.",
    "happened": "Halts, surges, lost nodes, full queues, timeouts and retries of one to three tiers.",
    "given": "The same description; nothing was chosen to fit.",
    "runs": [run(network) for network in NETWORKS],
}, sys.stdout, indent=2)
sys.stdout.write("\n")
