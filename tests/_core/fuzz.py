"""Compare the network engine with brute force or min-cost flow on many random instances.

    python -m tests._core.fuzz [--count 100000] [--events 1000] [--seed 1]

Every instance is solved and its certificate checked. Small ones are compared with brute force as well, larger ones with
OR-Tools' min-cost flow. Then come random sequences of 60 events, each event compared with a fresh solve. Stops at the
first difference and prints what reproduces it.
"""

from __future__ import annotations

import argparse
import time
from collections import Counter

import numpy as np

from ticketopt._core import network

from .events import random_run
from .instances import KINDS, Instance, brute_force, dual, min_cost_flow, primal


def check(instance: Instance) -> str:
    """Solve one instance, as a matrix and as stored pairs, and compare; the name of what it was compared with."""
    values = set()
    for assignment, price, is_optimal in network.solve(*instance.arrays), network.solve_pairs(*instance.pairs):
        value = primal(instance, assignment)
        assert is_optimal
        assert value == dual(instance, price), "the certificate fails"
        values.add(value)
    assert len(values) == 1, "stored pairs cost something else"
    n, n_agents = instance.cost.shape
    if (n_agents + 1) ** n <= 300:
        assert value == brute_force(instance), "brute force finds less"
        return "brute force"
    if n * n_agents <= 4000 and n_agents:
        assert value == min_cost_flow(instance), "min-cost flow finds less"
        return "min-cost flow"
    return "the certificate alone"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--count", type=int, default=100_000)
    parser.add_argument("--events", type=int, default=1_000)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    names = list(KINDS)
    compared: Counter[str] = Counter()
    start = time.perf_counter()
    for i in range(options.count):
        seed = options.seed * 1_000_000_007 + i
        random = np.random.default_rng(seed)
        name = names[i % len(names)]
        most = int(random.choice([4, 6, 12, 40, 150], p=[0.3, 0.2, 0.3, 0.17, 0.03]))
        try:
            compared[check(KINDS[name](random, most))] += 1
        except AssertionError:
            print(f"kind {name!r}, seed {seed}, most {most}")
            raise
        if (i + 1) % 10_000 == 0:
            print(f"{i + 1:>8} instances, {time.perf_counter() - start:.0f} s", flush=True)
    total = ", ".join(f"{count} with {what}" for what, count in compared.items())
    print(f"all {options.count} optimal and proven; compared: {total}")
    for i in range(options.events):
        try:
            random_run(options.seed * 1_000_000_007 + i)
        except AssertionError:
            print(f"events, seed {options.seed * 1_000_000_007 + i}")
            raise
    print(f"all {options.events} sequences of events equal to fresh solves")


if __name__ == "__main__":
    main()
