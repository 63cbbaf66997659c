"""The benchmarks measure what they say: instances repeat, have their trait, and the peer solves the same problem."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest
from benchmarks.backends import QUICK, Run, conclusions, expanded_assignment, main, measure, mismatches
from benchmarks.instances import KINDS, model_of, queue_of

from ticketopt.model.assignment import AssignmentModel
from ticketopt.model.objective import feasible, objective, row_usage
from ticketopt.model.rows import PackingRows
from ticketopt.planning.solve import solve
from ticketopt.solvers.auto import solve_model

UNIT_KINDS = [name for name, kind in KINDS.items() if not kind.is_hard]
HARD_KINDS = [name for name, kind in KINDS.items() if kind.is_hard]
ARRAYS = ("pair_cost", "allowed", "effort", "capacity", "exit_cost")


def same(one: AssignmentModel, other: AssignmentModel) -> bool:
    rows = [(getattr(one.rows, f.name), getattr(other.rows, f.name)) for f in dataclasses.fields(one.rows)]
    arrays = [(getattr(one, name), getattr(other, name)) for name in ARRAYS]
    arrays.append((one.load_cost.segments, other.load_cost.segments))
    return all(np.array_equal(a, b) for a, b in [*arrays, *rows])


@pytest.mark.parametrize("kind", KINDS)
def test_a_seed_draws_the_same_model_again_and_another_seed_another_one(kind: str) -> None:
    model = model_of(kind, 30, 6, seed=4)
    assert same(model, model_of(kind, 30, 6, seed=4))
    assert not same(model, model_of(kind, 30, 6, seed=5))


def test_every_kind_has_its_trait() -> None:
    drawn = {kind: model_of(kind, 200, 20, seed=1) for kind in KINDS}
    assert len(np.unique(drawn["few_values"].pair_cost)) == 4
    assert len(np.unique(drawn["all_equal"].pair_cost)) == 1
    assert np.ptp(drawn["near_degenerate"].pair_cost) == 2 and len(drawn["near_degenerate"].load_cost.segments) == 20
    assert drawn["scarce"].capacity.sum() == 120
    assert drawn["uniform"].capacity.sum() == 240
    assert drawn["one_huge"].capacity.max() == 200 and np.sort(drawn["one_huge"].capacity)[-2] <= 3
    assert 0.04 < drawn["sparse"].allowed.mean() < 0.06
    assert set(drawn["efforts"].effort[:, 0].tolist()) == set(range(1, 9))
    assert len(drawn["rows"].rows) == 20 + 20 * 20  # a limit per agent; 20 pairs kept apart at each of 20 agents
    assert all(drawn[kind].is_unit for kind in UNIT_KINDS) and not any(drawn[kind].is_unit for kind in HARD_KINDS)


def test_drawn_rows_bind() -> None:
    """An answer that ignores the rows breaks both sorts of them: they are not decoration."""
    model = model_of("rows", 60, 5, seed=2)
    free = solve_model(dataclasses.replace(model, rows=PackingRows()))
    is_broken = row_usage(model.rows, free.assignment) > model.rows.bound
    assert is_broken[:5].any() and is_broken[5:].any()  # a limit of an agent, and a pair kept apart
    assert feasible(model, solve_model(model).assignment)


@pytest.mark.parametrize("kind", UNIT_KINDS)
@pytest.mark.parametrize(("n", "a"), [(1, 1), (2, 5), (12, 3), (40, 8)])
def test_the_expanded_slots_have_the_optimum_of_min_cost_flow(kind: str, n: int, a: int) -> None:
    for seed in range(5):
        model = model_of(kind, n, a, seed=seed)
        peer = expanded_assignment(model)
        assert feasible(model, peer)
        assert objective(model, peer) == solve_model(model, solver="min_cost_flow").objective


def test_the_expanded_slots_by_hand() -> None:
    """Ticket 0 costs 1 or 9, ticket 1 costs 2 or 4, ticket 2 is barred; agent 0's slots cost 0 and 5, agent 1's 0."""
    model = AssignmentModel(
        pair_cost=np.array([[1, 9], [2, 4], [0, 0]]),
        allowed=np.array([[True, True], [True, True], [False, False]]),
        effort=np.array([1, 1, 1]),
        capacity=np.array([2, 1]),
        load_cost=np.array([0, 5, 0]),
        exit_cost=np.array([100, 100, 100]),
    )
    assert expanded_assignment(model).tolist() == [0, 1, -1]  # 1 + 4 + 100; both with agent 0 would cost 1 + 2 + 5


def test_queues_repeat_and_are_worth_solving() -> None:
    first, second = (queue_of(80, 10, seed=3, most_effort=8) for _ in range(2))
    assert first.tickets == second.tickets and first.agents == second.agents
    assert queue_of(80, 10, seed=4, most_effort=8).tickets != first.tickets
    assert set(first.effort.tolist()) == set(range(1, 9))
    assert not first.is_available.all()
    result = solve(first, time_limit=1.0)
    assert not result.unassigned
    assert result.objective < solve(first, solver="greedy").objective


@pytest.mark.parametrize("kind", HARD_KINDS)
def test_exact_backends_agree_on_hard_kinds(kind: str) -> None:
    runs = measure(kind, model_of(kind, 10, 3), dataclasses.replace(QUICK, time_limit=10.0))
    assert {run.method for run in runs} == {"cp_sat", "milp", "greedy", "price_guided", "cp_sat_plain"}
    assert len({run.value for run in runs if run.is_proven}) == 1
    assert mismatches(runs) == []


def test_contradictions_are_told() -> None:
    agree = [Run("x", "one", 0.1, 10, 10), Run("x", "two", 0.1, 10, 10), Run("x", "three", 0.1, 12, None)]
    assert mismatches(agree) == []
    differ = mismatches([*agree, Run("x", "four", 0.1, 11, 11)])
    assert "exact answers differ: {'one': 10, 'two': 10, 'four': 11}" in differ[0]
    assert mismatches([Run("x", "one", 0.1, 10, 10), Run("x", "cheap", 0.1, 9, None)]) == [
        "MISMATCH on x: cheap found 9, below the bound 10 of one"
    ]
    assert mismatches([Run("x", "one", 0.1, 10, 10), Run("y", "one", 0.1, 9, 9)]) == []


def test_conclusions_are_computed_from_the_runs() -> None:
    runs = [
        Run("x", "min_cost_flow", 0.2, 100, 100),
        Run("x", "min_cost_flow alone", 0.1, 100, 100),
        Run("x", "scipy linear_sum_assignment", 0.4, 100, 100),
        Run("x", "greedy", 0.01, 125, None),
        Run("x", "cp_sat", 2.0, None, None),
    ]
    text = "\n".join(conclusions(runs, [], []))
    assert "Exact answers agree to the integer on all 1 instances that two or more solved." in text
    assert "min_cost_flow alone takes 0.25 times as long" in text
    assert "greedy's objective is 25.00% above the optimum on average, 25.00% at most." in text
    assert "cp_sat: proven optimal on 0 of 1, without an answer in time on 1" in text
    assert conclusions(runs, [], ["MISMATCH on x"])[0] == "MISMATCH on x"


def test_a_contradiction_ends_the_command_with_1(tmp_path, monkeypatch, capsys) -> None:  # type: ignore[no-untyped-def]
    runs = [Run("x", "one", 0.1, 10, 10), Run("x", "two", 0.1, 11, 11)]
    monkeypatch.setattr("benchmarks.backends.run_all", lambda setting: (runs, []))
    assert main(["--quick", "--output", str(tmp_path)]) == 1
    assert "MISMATCH on x" in capsys.readouterr().err
    (page,) = tmp_path.iterdir()
    assert "| x | two | 0.1000 | 11 | yes | 0.0000% |" in page.read_text(encoding="utf-8")
    monkeypatch.setattr("benchmarks.backends.run_all", lambda setting: (runs[:1], []))
    assert main(["--quick"]) == 0
