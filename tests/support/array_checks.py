"""`solve_arrays` against every assignment of a small matrix, added up in exact rational arithmetic."""

from __future__ import annotations

import math
from collections.abc import Iterator
from fractions import Fraction
from random import Random
from typing import Any

from support.oracle import Case
from ticketopt import Status, solve_arrays

SORTS = ("uniform", "offset", "big", "mixed", "near ties", "wide integers", "negative", "forbidden", "tiny", "ties")


def make_arrays(seed: int) -> dict[str, Any]:
    """A matrix of one of ten sorts, capacities, and at times load and exit costs."""
    random = Random(seed)
    sort = SORTS[seed % len(SORTS)]
    n, a = random.randint(1, 5), random.randint(1, 4)
    cost = [[_entry(random, sort) for _ in range(a)] for _ in range(n)]
    capacity = [random.choice((0, 1, 1, 2, 3)) for _ in range(a)]
    case: dict[str, Any] = {"tickets": [], "agents": [], "policy": {}, "now": None, "cost": cost, "capacity": capacity}
    if random.random() < 0.4:
        case["load_cost"] = sorted(_entry(random, sort) for _ in range(3))
        if math.inf in case["load_cost"]:
            del case["load_cost"]
    if random.random() < 0.4:
        case["exit_cost"] = random.choice((1e15, 1.0, 0.3))
    return case


def _entry(random: Random, sort: str) -> Any:
    value = random.random()
    if sort == "big":
        return 1e9 if random.random() < 0.3 else value
    if sort == "forbidden":
        return math.inf if random.random() < 0.3 else value
    if sort == "wide integers":
        return 2**60 + random.randint(0, 9)
    return {
        "uniform": value,
        "offset": 1e12 + value,
        "mixed": value * 10 ** random.randint(-9, 15),
        "near ties": 1 + 1e-12 * random.randint(0, 9),
        "negative": value - 0.5,
        "tiny": value * 1e-290,
        "ties": random.choice((0.1, 0.2, 0.3)),
    }[sort]


def arrays(case: Case) -> None:
    """Nothing called optimal is worse than the best by more than a unit in the last place of the best sum."""
    cost, capacity, exits = case["cost"], case["capacity"], case.get("exit_cost")
    if not cost:
        return
    answer = solve_arrays(cost, capacity=capacity, load_cost=case.get("load_cost"), exit_cost=exits)
    plan = answer.assignment.tolist()
    sums = dict(_all(case))
    assert tuple(plan) in sums, f"{plan} is no assignment"
    served = {own: sum(j >= 0 for j in own) for own in sums}
    most = max(served.values())
    if exits is None:
        assert served[tuple(plan)] == most, f"{plan} assigns {served[tuple(plan)]} rows of {most}"
    best = min(total for own, total in sums.items() if exits is not None or served[own] == most)
    if answer.status is Status.OPTIMAL:
        over = sums[tuple(plan)] - best
        assert over <= Fraction(math.ulp(float(best))), (
            f"{plan} is called optimal, but {float(over):.3g} above the best"
        )


def _all(case: Case) -> Iterator[tuple[tuple[int, ...], Fraction]]:
    """Every assignment within the capacities, with its exact sum."""
    cost, load_cost = case["cost"], case.get("load_cost")

    def extend(
        plan: tuple[int, ...], loads: tuple[int, ...], total: Fraction
    ) -> Iterator[tuple[tuple[int, ...], Fraction]]:
        if len(plan) == len(cost):
            yield plan, total
            return
        yield from extend((*plan, -1), loads, total + Fraction(case.get("exit_cost") or 0))
        for j, price in enumerate(cost[len(plan)]):
            if loads[j] < case["capacity"][j] and price != math.inf:
                step = Fraction(load_cost[loads[j]]) if load_cost else Fraction(0)
                after = (*loads[:j], loads[j] + 1, *loads[j + 1 :])
                yield from extend((*plan, j), after, total + Fraction(price) + step)

    yield from extend((), (0,) * len(case["capacity"]), Fraction(0))
