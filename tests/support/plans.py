"""Every plan of a small case: brute force over what `support.oracle` has priced."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fractions import Fraction

from support.oracle import Priced

Plan = tuple[int, ...]
"""The agent of every ticket, -1 where it is left out."""

OUT = -1
NEVER = float("inf")


@dataclass(frozen=True)
class Best:
    """The least cost with exit prices, and what each decision that is forced makes of it."""

    cost: float
    forced: list[list[float]]
    """Per ticket and agent, left out last: the least cost of a plan with that decision; infinite without one."""


def fits(priced: Priced, plan: Sequence[int]) -> bool:
    """Whether a plan keeps every rule."""
    return not broken(priced, plan)


def broken(priced: Priced, plan: Sequence[int]) -> list[str]:
    """The kinds of rule that a plan breaks."""
    given = [(i, j) for i, j in enumerate(plan) if j != OUT]
    found = ["pair"] if any(not priced.allowed[i][j] for i, j in given) else []
    loads = loads_of(priced, plan)
    if any(
        free is not None and used > free for free, used in zip(map(priced.room, range(priced.a)), loads, strict=True)
    ):
        found.append("capacity")
    return found + [limit.rule for limit in priced.limits if sum(pair in limit.pairs for pair in given) > limit.bound]


def loads_of(priced: Priced, plan: Sequence[int]) -> list[int]:
    """Units that each agent gets."""
    loads = [0] * priced.a
    for i, j in enumerate(plan):
        if j != OUT:
            loads[j] += priced.effort[i][j]
    return loads


def cost_of(priced: Priced, plan: Sequence[int]) -> float:
    """Pair costs and load costs of a plan, without exit prices."""
    pairs = sum(priced.pair(i, j) for i, j in enumerate(plan) if j != OUT)
    return pairs + sum(priced.load_cost(j, used) for j, used in enumerate(loads_of(priced, plan)))


def all_plans(priced: Priced) -> dict[Plan, float]:
    """Every plan that keeps every rule, with its cost without exit prices."""
    found: dict[Plan, float] = {}
    pair = [[priced.pair(i, j) for j in range(priced.a)] for i in range(priced.n)]

    def extend(plan: Plan, loads: tuple[int, ...], cost: int) -> None:
        i = len(plan)
        if i == priced.n:
            if not priced.limits or fits(priced, plan):
                found[plan] = cost + sum(priced.load_cost(j, used) for j, used in enumerate(loads) if used)
            return
        extend((*plan, OUT), loads, cost)
        for j in range(priced.a):
            after = loads[j] + priced.effort[i][j]
            free = priced.room(j)
            if priced.allowed[i][j] and (free is None or after <= free):
                extend((*plan, j), (*loads[:j], after, *loads[j + 1 :]), cost + pair[i][j])

    extend((), (0,) * priced.a, 0)
    return found


def with_exits(plans: dict[Plan, float], exits: Sequence[float]) -> dict[Plan, float]:
    """The same plans, each left-out ticket counted at its price."""
    return {
        plan: cost + sum(price for price, j in zip(exits, plan, strict=True) if j == OUT)
        for plan, cost in plans.items()
    }


def best_of(plans: dict[Plan, float], n: int, a: int) -> Best:
    """The least cost, and the least cost with each decision forced."""
    forced = [[NEVER] * (a + 1) for _ in range(n)]
    for plan, cost in plans.items():
        for i, j in enumerate(plan):
            forced[i][j] = min(forced[i][j], cost)
    return Best(min(plans.values(), default=NEVER), forced)


def optimal(plans: dict[Plan, float], tolerance: float) -> list[Plan]:
    """All plans that cost no more than the least by more than the tolerance."""
    least = min(plans.values())
    return [plan for plan, cost in plans.items() if cost <= least + tolerance]


def served(plan: Sequence[int]) -> int:
    return sum(j != OUT for j in plan)


def exit_order(priced: Priced, plan: Sequence[int], level: Callable[[int], tuple[Fraction, ...]]) -> list[object]:
    """How well a plan keeps "the less urgent wait, among equals the newer": more is better, and longer before all.

    `level` says what a ticket counts, most important first; the tickets served are compared from the top.
    """
    return sorted((level(i) for i, j in enumerate(plan) if j != OUT), reverse=True)


def tier_values(priced: Priced, plan: Sequence[int], tiers: Sequence[str]) -> tuple[float, ...]:
    """What a plan reaches in each tier: whole tickets, or cost units."""
    out = [i for i, j in enumerate(plan) if j == OUT]
    pairs = sum(priced.pair(i, j) for i, j in enumerate(plan) if j != OUT)
    values = {
        "unassigned": len(out),
        "urgent_unassigned": sum(priced.urgent[i] for i in out),
        "cost": pairs,
        "balance": cost_of(priced, plan) - pairs,
    }
    return tuple(values[tier] for tier in tiers)


def best_tiers(priced: Priced, plans: dict[Plan, float], tiers: Sequence[str]) -> tuple[float, ...]:
    """The best value of each tier among the plans that are best in all earlier ones."""
    left = list(plans)
    best = []
    for t in range(len(tiers)):
        values = {plan: tier_values(priced, plan, tiers)[t] for plan in left}
        best.append(min(values.values()))
        left = [plan for plan in left if values[plan] <= best[-1] + 1e-6]
    return tuple(best)


def shortage(priced: Priced, tickets: Sequence[int]) -> int:
    """Units that these tickets ask for, by the least that anybody takes, over what the only agents for them have."""
    agents = {j for i in tickets for j in range(priced.a) if priced.allowed[i][j]}
    if any(priced.room(j) is None for j in agents):
        return 0
    least = [min((priced.effort[i][j] for j in agents if priced.allowed[i][j]), default=1) for i in tickets]
    return max(0, sum(least) - sum(priced.room(j) or 0 for j in agents))


def least_by_loads(
    priced: Priced, value: Callable[[int, int], tuple[float, ...]]
) -> dict[tuple[int, ...], tuple[float, ...]]:
    """The least sum of values, first number first, at every load that the agents can end with.

    For cases without limits that are too large for `all_plans`: plans that end with the same loads have the same load
    cost and the same room, so only the best of them matters. `value` is of a ticket and an agent or `OUT`.
    """
    assert not priced.limits
    found: dict[tuple[int, ...], tuple[float, ...]] = {(0,) * priced.a: ()}
    for i in range(priced.n):
        then: dict[tuple[int, ...], tuple[float, ...]] = {}
        for loads, so_far in found.items():
            for j in (OUT, *range(priced.a)):
                after = loads
                if j != OUT:
                    free, used = priced.room(j), loads[j] + priced.effort[i][j]
                    if not priced.allowed[i][j] or (free is not None and used > free):
                        continue
                    after = (*loads[:j], used, *loads[j + 1 :])
                more = value(i, j)
                total = tuple(map(sum, zip(so_far, more, strict=True))) if so_far else more
                if after not in then or total < then[after]:
                    then[after] = total
        found = then
    return found


def best_tiers_by_loads(priced: Priced, tiers: Sequence[str]) -> tuple[float, ...]:
    """As `best_tiers`, of a larger case without limits."""

    def value(i: int, j: int) -> tuple[float, ...]:
        cost = 0 if j == OUT else priced.pair(i, j)
        of = {"unassigned": j == OUT, "urgent_unassigned": j == OUT and priced.urgent[i], "cost": cost, "balance": 0}
        return tuple(float(of[tier]) for tier in tiers)

    ends = []
    for loads, values in least_by_loads(priced, value).items():
        balance = round(sum(priced.load_cost(j, used) for j, used in enumerate(loads)), 3)
        ends.append(
            tuple(
                balance if tier == "balance" else own
                for tier, own in zip(tiers, values or (0,) * len(tiers), strict=True)
            )
        )
    return min(ends)


def best_by_loads(priced: Priced, exits: Sequence[float]) -> float:
    """The least cost with exit prices, of a larger case without limits."""
    ends = least_by_loads(priced, lambda i, j: (exits[i] if j == OUT else float(priced.pair(i, j)),))
    return min(
        sum(cost) + sum(priced.load_cost(j, used) for j, used in enumerate(loads)) for loads, cost in ends.items()
    )
