"""Brute force: every plan of a small model with its cost, written anew in plain Python.

Nothing here calls `ticketopt.model.objective`, `loads`, `row_usage` or `verify.feasible`, so the two check each other.
"""

from __future__ import annotations

from collections.abc import Iterator

from ticketopt.model.assignment import AssignmentModel

Plan = tuple[int, ...]


def plans(model: AssignmentModel) -> Iterator[tuple[Plan, int]]:
    """(agent per ticket, -1 where left out; its cost) of every feasible plan; an empty queue has the empty plan."""
    slots = _slots(model)
    rows = _rows(model)
    n, a = model.n_tickets, model.n_agents

    def extend(plan: list[int], load: list[int], cost: int) -> Iterator[tuple[Plan, int]]:
        i = len(plan)
        if i == n:
            if all(_used(row, plan) <= bound for row, bound in rows):
                yield tuple(plan), cost
            return
        yield from extend([*plan, -1], load, cost + int(model.exit_cost[i]))
        for j in range(a):
            after = load[j] + effort_of(model, i, j)
            if model.allowed[i, j] and after <= len(slots[j]):
                added = int(model.pair_cost[i, j]) + sum(slots[j][load[j] : after])
                yield from extend([*plan, j], [*load[:j], after, *load[j + 1 :]], cost + added)

    yield from extend([], [0] * a, 0)


def optimum(model: AssignmentModel) -> int:
    """The least cost of any plan."""
    return min(cost for _, cost in plans(model))


def plan_cost(model: AssignmentModel, plan: Plan) -> int | None:
    """Cost of one plan, None where it breaks the model."""
    load = [0] * model.n_agents
    slots = _slots(model)
    cost = 0
    for i, j in enumerate(plan):
        if j < 0:
            cost += int(model.exit_cost[i])
            continue
        if not model.allowed[i, j]:
            return None
        cost += int(model.pair_cost[i, j])
        load[j] += effort_of(model, i, j)
    if any(load[j] > len(slots[j]) for j in range(model.n_agents)):
        return None
    if any(_used(row, list(plan)) > bound for row, bound in _rows(model)):
        return None
    return cost + sum(sum(slots[j][: load[j]]) for j in range(model.n_agents))


def effort_of(model: AssignmentModel, i: int, j: int) -> int:
    """Units that a ticket takes of an agent."""
    own = model.effort[i].tolist()
    return int(own[0] if len(own) == 1 else own[j])


def _slots(model: AssignmentModel) -> list[list[int]]:
    """Marginal load costs, one list per agent."""
    return [model.load_cost.of(j, units).tolist() for j, units in enumerate(model.capacity.tolist())]


def _rows(model: AssignmentModel) -> list[tuple[list[tuple[int, int, int]], int]]:
    """([(ticket, agent, coefficient), ...], bound) of every packing row."""
    rows = model.rows
    entries = list(zip(rows.row, rows.ticket, rows.agent, rows.coefficient, strict=True))
    return [
        ([(int(i), int(j), int(a)) for r, i, j, a in entries if r == row], int(bound))
        for row, bound in enumerate(rows.bound)
    ]


def _used(row: list[tuple[int, int, int]], plan: list[int]) -> int:
    return sum(coefficient for i, j, coefficient in row if plan[i] == j)
