"""What every backend owes, as checks of any one backend, so that they can be tried on bad ones too.

What a backend takes on is seen from what it supports and from what it proves of three models of three tickets:

* one that supports `HARD` solves everything small; one that does not solves unit effort without rows at least.
* one that proves `SMALL` is exact: it finds the optimum, always. Of the others a plan is expected that costs no more
  than leaving everybody out.
* one that proves `DEAR` counts in whole numbers: it proves every optimum, however large the costs are.

The page about backends says the same of each in words (`tests/whole/test_readme.py`), so that none gets out of its
duties in silence.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import fields

import numpy as np

from support.brute_force import optimum, plan_cost
from support.strategies import make_model, picker
from ticketopt.model.assignment import MAX_SUM, AssignmentModel
from ticketopt.model.objective import feasible, objective
from ticketopt.model.outcome import Outcome, Status
from ticketopt.solvers import BACKENDS, Backend, Options

UNHURRIED = 600.0
"""Seconds for what must be found, so that a busy machine changes nothing. On these models it takes milliseconds."""

LARGE = 1e12
"""From this magnitude on, doubles may not tell an optimum from its neighbors."""


def small_model(**changes: object) -> AssignmentModel:
    """Three tickets of unit effort, two agents of two slots each; changes replace arrays."""
    arrays: dict[str, object] = {
        "pair_cost": [[1, 4], [2, 9], [5, 5]],
        "allowed": np.ones((3, 2), dtype=bool),
        "effort": [1, 1, 1],
        "capacity": [2, 2],
        "load_cost": [0, 3, 0, 3],
        "exit_cost": [100, 100, 100],
    }
    return AssignmentModel(**{**arrays, **changes})  # type: ignore[arg-type]


SMALL = small_model()

HARD = small_model(effort=[2, 2, 1], capacity=[3, 2], load_cost=[0] * 5, exit_cost=[99, 98, 97])
"""Unequal effort, where the urgent first and each to the cheapest is not best."""

BIG = MAX_SUM // 8
DEAR = small_model(pair_cost=[[BIG, BIG - 1]] * 3, load_cost=[0, 0, 0, 0], exit_cost=[BIG + 1] * 3)
"""Costs at the limit of exact arithmetic."""


def slow_model() -> AssignmentModel:
    """A generalized assignment problem that no solver proves within a millisecond."""
    rng = np.random.default_rng(0)
    n, a = 60, 8
    effort = rng.integers(3, 9, n)
    return AssignmentModel(
        pair_cost=rng.integers(0, 1000, (n, a)),
        allowed=rng.random((n, a)) < 0.8,
        effort=effort,
        capacity=np.full(a, int(effort.sum()) // a),
        load_cost=np.tile(np.arange(int(effort.sum()) // a), a),
        exit_cost=np.full(n, 5000),
    )


def is_general(backend: Backend) -> bool:
    """Whether it takes unequal effort and rows."""
    return backend.supports(HARD)


def proves(backend: Backend, model: AssignmentModel) -> bool:
    return backend.supports(model) and backend.solve(model, Options(UNHURRIED)).status is Status.OPTIMAL


def is_exact(backend: Backend) -> bool:
    """Whether it proves optima."""
    return proves(backend, SMALL)


def answers(backend: Backend, model: AssignmentModel) -> Outcome | None:
    """Its answer, held against brute force; None where it may refuse the model, and does."""
    obstacle = backend.obstacle(model)
    if obstacle is not None:
        assert obstacle and not model.is_unit and not is_general(backend), f"refuses what it must solve: {obstacle}"
        return None
    told: list[tuple[int | None, int | None]] = []
    outcome = backend.solve(model, Options(UNHURRIED, progress=lambda cost, bound: told.append((cost, bound))))
    cost, best = plan_cost(model, tuple(outcome.assignment.tolist())), optimum(model)
    assert len(outcome.assignment) == model.n_tickets and outcome.assignment.dtype == np.int64, "no assignment"
    assert cost is not None, "the plan breaks the model"
    assert cost == objective(model, outcome.assignment), "brute force and the objective differ"
    assert outcome.status in (Status.OPTIMAL, Status.FEASIBLE), f"has time, and no answer: {outcome.status}"
    assert cost <= model.exit_cost.sum(), "leaving everybody out is cheaper"
    assert outcome.status is Status.FEASIBLE or cost == best, "calls a plan optimal that is not"
    assert outcome.lower_bound is None or outcome.lower_bound <= best, "claims a bound above the optimum"
    for told_cost, bound in told:
        assert told_cost is None or told_cost >= cost, "tells of a plan cheaper than its answer"
        assert bound is None or bound <= best, "tells of a bound above the optimum"
    return outcome


def finds_the_optimum(backend: Backend, models: Iterable[AssignmentModel]) -> None:
    """Every model that it supports: to the integer and proven, if it is exact."""
    must_find, in_large = is_exact(backend), proves(backend, DEAR)
    for k, model in enumerate(models):
        outcome = answers(backend, model)
        if outcome is not None and must_find:
            assert objective(model, outcome.assignment) == optimum(model), f"model {k}"
            is_excused = model.magnitude > LARGE and not in_large
            assert outcome.status is Status.OPTIMAL or is_excused, f"model {k} is not proven"


def agrees_with_brute_force(backend: Backend) -> None:
    finds_the_optimum(backend, [SMALL, DEAR, HARD])
    finds_the_optimum(backend, (make_model(picker(seed), unit=seed % 2 == 0) for seed in range(80)))


def is_repeatable(backend: Backend) -> None:
    """The same twice."""
    for seed in range(50):
        model = make_model(picker(seed), unit=seed % 2 == 0, max_tickets=12, max_agents=5)
        if backend.supports(model):
            first, second = (backend.solve(model, Options(UNHURRIED, seed=7)) for _ in range(2))
            assert first.assignment.tolist() == second.assignment.tolist(), f"another plan, seed {seed}"
            claims = [(outcome.status, outcome.lower_bound) for outcome in (first, second)]
            assert claims[0] == claims[1], f"another claim, seed {seed}: {claims}"


def takes_hints(backend: Backend) -> None:
    """A feasible plan to start from changes no optimum."""
    must_find = is_exact(backend)
    for seed in range(80):
        model = make_model(picker(seed), unit=seed % 2 == 0)
        if backend.supports(model):
            outcome = backend.solve(model, Options(UNHURRIED, hint=greedy_plan(model)))
            cost = objective(model, outcome.assignment)
            is_good = cost == optimum(model) if must_find else cost <= model.exit_cost.sum()
            assert is_good, f"worse with a hint, seed {seed}"


def keeps_the_model(backend: Backend) -> None:
    model = small_model()
    arrays = [one.name for one in fields(model) if isinstance(getattr(model, one.name), np.ndarray)]
    before = {name: getattr(model, name).tolist() for name in arrays}
    backend.solve(model, Options())
    after = {name: getattr(model, name).tolist() for name in arrays}
    assert "pair_cost" in before and before == after, "changes the model"


def keeps_time(backend: Backend) -> None:
    """When time ends at once: the hint or better, of whoever solves everything; of the others an answer or none."""
    general = is_general(backend)
    model = slow_model() if general else make_model(picker(3), True, 60, 20)
    hint = greedy_plan(model)
    for time_limit in (0.0, 1e-9, 0.001):
        for start in (hint, None):
            outcome = backend.solve(model, Options(time_limit, hint=start))
            assert feasible(model, outcome.assignment), "the plan breaks the model"
            if outcome.status is Status.UNKNOWN:
                assert not (general or backend.covers_greedy), "must have greedy's plan at least"
                assert (outcome.assignment < 0).all(), "no answer, and yet a plan"
            cost = objective(model, outcome.assignment)
            assert outcome.lower_bound is None or outcome.lower_bound <= cost, "claims a bound above its plan"
            if backend.covers_greedy or (general and (start is not None or is_exact(backend))):
                assert cost <= objective(model, hint), f"worse than greedy after {time_limit} s"


def speaks(backend: Backend) -> None:
    assert backend.summary and "\n" not in backend.summary, "has no line for people"


def greedy_plan(model: AssignmentModel) -> np.ndarray:
    return BACKENDS["greedy"].solve(model, Options()).assignment


CONTRACT: tuple[Callable[[Backend], None], ...] = (
    agrees_with_brute_force,
    is_repeatable,
    takes_hints,
    keeps_the_model,
    keeps_time,
    speaks,
)
