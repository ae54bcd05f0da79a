#!/usr/bin/env python3
"""The least number of servers, beside what the planner of Netflix says: netflix_planner.py [ARRIVALS]

Without a file: Poisson arrivals (Erlang 1917, exact). ARRIVALS has one time in seconds a line; its stream is rescaled to the
mean load and served in order of arrival by exponential times, and every five minutes have to hold the objective.

The planner's formula is that of service-capacity-modeling 0.3.212 for a stateless tier of one core a server:
ceil(a + Q sqrt(a)) for a busy servers, Q 1.761 for a service of criticality 1.
"""
import heapq
import math
import random
import sys

Q = 1.761  # The planner's quality of service for criticality 1.
LIMIT = 10.0  # The latency limit in service times.
LATE = 0.01  # The share of messages that may be later.
WINDOW = 300.0  # Seconds of a window that has to hold.
SEED = 1


def netflix(busy):
    return math.ceil(busy + Q * math.sqrt(busy))


def share_late(servers, busy):
    """Share of M/M/c customers whose waiting and service take longer than LIMIT service times."""
    if servers <= busy:
        return 1.0
    blocked = 1.0
    for count in range(1, servers + 1):
        blocked = busy * blocked / (count + busy * blocked)
    waits = blocked / (1 - busy / servers * (1 - blocked))
    theta = servers - busy
    if abs(theta - 1) < 1e-12:
        both = (1 + LIMIT) * math.exp(-LIMIT)
    else:
        both = (theta * math.exp(-LIMIT) - math.exp(-theta * LIMIT)) / (theta - 1)
    return (1 - waits) * math.exp(-LIMIT) + waits * both


def exact(busy):
    servers = 1
    while share_late(servers, busy) > LATE:
        servers += 1
    return servers


def holds(times, services, servers, limit):
    free = [0.0] * servers
    window, late, count = 0, 0, 0
    for time, service in zip(times, services):
        if int(time // WINDOW) != window:
            if count and late > LATE * count:
                return False
            window, late, count = int(time // WINDOW), 0, 0
        start = max(time, heapq.heappop(free))
        heapq.heappush(free, start + service)
        count += 1
        late += start + service - time > limit
    return not (count and late > LATE * count)


def needed(path, busy):
    times = sorted(float(line) for line in open(path) if line.strip())
    times = [time - times[0] for time in times]
    mean = busy * times[-1] / len(times)
    draws = random.Random(SEED)
    services = [draws.expovariate(1 / mean) for _ in times]
    servers = math.ceil(busy)
    while not holds(times, services, servers, LIMIT * mean):
        servers += 1
    return servers


if __name__ == "__main__":
    print("busy servers,needed,netflix planner")
    for busy in (2, 20):
        least = needed(sys.argv[1], busy) if len(sys.argv) > 1 else exact(busy)
        print(f"{busy},{least},{netflix(busy)}")
