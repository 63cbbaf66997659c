"""Least-cost assignment in exact rational arithmetic: the Hungarian method, every unit a column of its own."""

from __future__ import annotations

import math
from collections.abc import Sequence
from fractions import Fraction
from typing import Any

Row = Sequence[Any]


def exact(number: Any) -> Fraction | None:
    """The very value of a number of any type; None for infinity."""
    plain = number.item() if hasattr(number, "item") else number
    return None if plain == math.inf else Fraction(plain)


def exact_optimum(
    pair: Sequence[Row], capacity: Sequence[int], load: Sequence[Row] | None, leave: Row | None
) -> tuple[int, Fraction]:
    """How many rows are served, and the least cost; without `leave`, as many as possible are served first."""
    n, n_columns = len(pair), len(capacity)
    units = [
        (j, exact(load[j][k]) if load is not None else Fraction(0))
        for j in range(n_columns)
        for k in range(capacity[j])
    ]
    costs = [[exact(number) for number in row] for row in pair]
    exits = [Fraction(0)] * n if leave is None else [exact(number) for number in leave]
    known = [x for row in costs for x in row if x is not None] + [m for _, m in units] + exits
    scale = math.lcm(*(x.denominator for x in known)) if known else 1
    far = 2 * sum((abs(int(x * scale)) for x in known), 1)
    dear = far if leave is None else 0
    never = far * (2 * n + 2)
    matrix = [
        [never if costs[i][j] is None else int((costs[i][j] + m) * scale) for j, m in units]
        + [int(exits[k] * scale) + dear if k == i else never for k in range(n)]
        for i in range(n)
    ]
    places = hungarian(matrix)
    served = [i for i in range(n) if places[i] < len(units)]
    total = sum(matrix[i][places[i]] for i in range(n)) - dear * (n - len(served))
    return len(served), Fraction(total, scale)


def hungarian(cost: list[list[int]]) -> list[int]:
    """The column of every row; there must be as many columns as rows at least (Kuhn 1955, Munkres 1957)."""
    n, m = len(cost), len(cost[0]) if cost else 0
    u, v, row_of, before = [0] * (n + 1), [0] * (m + 1), [0] * (m + 1), [0] * (m + 1)
    for i in range(1, n + 1):
        row_of[0], column = i, 0
        least: list[int | None] = [None] * (m + 1)
        is_done = [False] * (m + 1)
        while row_of[column]:
            is_done[column] = True
            row, delta, nearest = row_of[column], None, 0
            for j in range(1, m + 1):
                if is_done[j]:
                    continue
                reduced = cost[row - 1][j - 1] - u[row] - v[j]
                if least[j] is None or reduced < least[j]:
                    least[j], before[j] = reduced, column
                if delta is None or least[j] < delta:
                    delta, nearest = least[j], j
            for j in range(m + 1):
                if is_done[j]:
                    u[row_of[j]] += delta
                    v[j] -= delta
                elif least[j] is not None:
                    least[j] -= delta
            column = nearest
        while column:
            row_of[column] = row_of[before[column]]
            column = before[column]
    places = [0] * n
    for j in range(1, m + 1):
        if row_of[j]:
            places[row_of[j] - 1] = j - 1
    return places


def exact_cost(
    pair: Sequence[Row], capacity: Sequence[int], load: Sequence[Row] | None, leave: Row | None, plan: Sequence[int]
) -> tuple[int, Fraction]:
    """How many rows a plan serves, and its cost; the plan must keep the rules."""
    total, taken = Fraction(0), [0] * len(capacity)
    for i, j in enumerate(plan):
        if j < 0:
            total += exact(leave[i]) if leave is not None else 0
            continue
        number = exact(pair[i][j])
        assert number is not None, f"row {i} is where it must not be"
        total += number + (exact(load[j][taken[j]]) if load is not None else 0)
        taken[j] += 1
    assert all(used <= limit for used, limit in zip(taken, capacity, strict=True))
    return sum(j >= 0 for j in plan), total
