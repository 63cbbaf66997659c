"""Dominated pairs: some optimal plan needs none of them."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from support.brute_force import optimum
from support.seeds import Seeds
from support.strategies import make_model, picker
from ticketopt.model.assignment import AssignmentModel
from ticketopt.model.rows import PackingRows
from ticketopt.solvers.gap.usable import undominated


def test_some_optimal_plan_needs_no_dominated_pair(seeds: Seeds) -> None:
    usable = dominated = 0
    for seed in seeds(500, 2000):
        model = make_model(picker(seed), unit=seed % 3 == 0)
        kept = undominated(model)
        assert not (kept & ~model.allowed).any()
        assert optimum(replace(model, allowed=kept)) == optimum(model), seed
        fits = model.allowed & (model.effort <= model.capacity)
        usable, dominated = usable + int(fits.sum()), dominated + int((fits & ~kept).sum())
    assert usable / 4 < dominated < usable * 3 / 4


def test_an_agent_with_room_for_everybody_dominates_the_dearer() -> None:
    rows = PackingRows([0], [2], [1], [1], [1], ("counted",))
    costs, all_allowed = [[9, 5], [5, 9], [9, 5]], np.ones((3, 2), dtype=bool)
    model = AssignmentModel(costs, all_allowed, [1, 1, 1], [2, 3], [0, 0, 0, 1, 2], [100, 100, 100])
    assert undominated(model).tolist() == [[False, True], [True, True], [False, True]]
    assert undominated(replace(model, rows=rows)).tolist() == [[False, True], [True, True], [True, True]]
    cheap = undominated(replace(model, exit_cost=np.array([5, 5, 6])))
    assert cheap.tolist() == [[False, False], [False, False], [False, True]]
