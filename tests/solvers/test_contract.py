"""What every backend in the table owes: a feasible plan, an honest status, a bound that is one, and the same twice."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from itertools import count

import numpy as np
import pytest
from hypothesis import given, settings

from support.backend_contract import (
    BIG,
    CONTRACT,
    DEAR,
    HARD,
    UNHURRIED,
    answers,
    finds_the_optimum,
    greedy_plan,
    is_exact,
    is_general,
    proves,
    slow_model,
    small_model,
)
from support.brute_force import optimum
from support.seeds import Seeds, examples
from support.strategies import make_model, models, picker
from ticketopt.errors import SolverError
from ticketopt.model.assignment import AssignmentModel
from ticketopt.model.bounds import certify
from ticketopt.model.objective import objective
from ticketopt.model.outcome import Outcome, Status
from ticketopt.model.rows import PackingRows
from ticketopt.solvers import BACKENDS, Backend, Options
from ticketopt.solvers.auto import solve_model

EXACT = [name for name, backend in BACKENDS.items() if is_exact(backend)]
GENERAL = [name for name, backend in BACKENDS.items() if is_general(backend)]
GENERAL_EXACT = [name for name in EXACT if name in GENERAL]

each_backend = pytest.mark.parametrize("name", BACKENDS)
each_exact = pytest.mark.parametrize("name", EXACT)


class TestContract:
    @each_backend
    @pytest.mark.parametrize("check", CONTRACT, ids=lambda check: check.__name__)
    def test_is_kept(self, name: str, check: Callable[[Backend], None]) -> None:
        check(BACKENDS[name])

    @each_backend
    @settings(max_examples=examples(150))
    @given(model=models())
    def test_any_model(self, name: str, model: AssignmentModel) -> None:
        answers(BACKENDS[name], model)

    @each_backend
    @settings(max_examples=examples(150))
    @given(model=models(unit=True))
    def test_unit_effort_without_rows(self, name: str, model: AssignmentModel) -> None:
        assert answers(BACKENDS[name], model) is not None, "every backend supports the polynomial case"

    @each_backend
    def test_many_models(self, name: str, seeds: Seeds) -> None:
        general = (make_model(picker(seed), unit=seed % 4 == 0) for seed in seeds(150, 20_000))
        unit = (make_model(picker(seed), unit=True, max_tickets=6, max_agents=4) for seed in seeds(200, 3000))
        finds_the_optimum(BACKENDS[name], general if name in GENERAL else unit)

    @each_exact
    def test_every_optimum_of_unit_effort_has_a_certificate(self, name: str, seeds: Seeds) -> None:
        backend, few = BACKENDS[name], (200, 3000) if name not in GENERAL else (40, 600)
        for seed in seeds(*few):
            model = make_model(picker(seed), unit=True, max_tickets=6, max_agents=4)
            proof = certify(model, backend.solve(model, Options(UNHURRIED)).assignment)
            assert proof is not None and proof.lower_bound == optimum(model), seed

    def test_exact_backends_agree_beyond_the_reach_of_brute_force(self) -> None:
        for seed in range(25):
            model = make_model(picker(seed), unit=True, max_tickets=25, max_agents=6)
            found = {name: solve_model(model, solver=name, time_limit=UNHURRIED) for name in EXACT}
            assert len({solution.objective for solution in found.values()}) == 1, seed

    def test_independent_checks_say_the_same_of_unequal_effort_and_rows_beyond_brute_force(self) -> None:
        """They share neither prices, nor exclusions, nor a plan with the others: a second opinion."""
        proven = 0
        for seed in range(20):
            model = make_model(picker(seed), unit=False, max_tickets=14, max_agents=4)
            able = [name for name in GENERAL_EXACT if BACKENDS[name].supports(model)]
            for second in (name for name in able if BACKENDS[name].is_by_name_only):
                best = BACKENDS[second].solve(model, Options(UNHURRIED))
                assert best.status is Status.OPTIMAL, seed
                for name in ("auto", *able):
                    found = solve_model(model, solver=name, time_limit=UNHURRIED)
                    assert found.objective == objective(model, best.assignment), (seed, name)
                    is_proven = name == "auto" or proves(BACKENDS[name], DEAR)
                    assert found.lower_bound == found.objective or not is_proven, (seed, name)
                proven += 1
        assert proven > 15

    def test_the_table_has_who_solves_what_and_a_second_opinion(self) -> None:
        assert len(EXACT) - len(GENERAL_EXACT) > 1 and len(GENERAL_EXACT) > 1
        assert any(BACKENDS[name].is_by_name_only for name in GENERAL_EXACT)

    @each_backend
    def test_by_name_a_tiny_limit_is_never_unknown(self, name: str) -> None:
        model = slow_model() if name in GENERAL else make_model(picker(3), True, 60, 20)
        found = solve_model(model, solver=name, time_limit=0.001)
        assert found.status is not Status.UNKNOWN
        assert found.objective <= objective(model, greedy_plan(model))


def altered(change: Callable[[AssignmentModel, Options, Outcome], Outcome]) -> Backend:
    """A backend that keeps the contract, but for what is changed of its answers."""
    good = BACKENDS[GENERAL_EXACT[0]]

    def solve(model: AssignmentModel, options: Options) -> Outcome:
        return change(model, options, good.solve(model, options))

    return replace(good, solve=solve)


def refuse(model: AssignmentModel, options: Options, good: Outcome) -> Outcome:
    raise SolverError("not today")


def leave_all_out(model: AssignmentModel, options: Options, good: Outcome) -> Outcome:
    return replace(good, assignment=np.full(model.n_tickets, -1, dtype=np.int64))


def give_all_to_the_first(model: AssignmentModel, options: Options, good: Outcome) -> Outcome:
    return replace(good, assignment=np.full(model.n_tickets, min(0, model.n_agents - 1), dtype=np.int64))


def tell_too_little(model: AssignmentModel, options: Options, good: Outcome) -> Outcome:
    options.report(objective(model, good.assignment) - 1, None)
    return good


def claim_too_much(model: AssignmentModel, options: Options, good: Outcome) -> Outcome:
    return replace(good, lower_bound=objective(model, good.assignment) + 1)


def prove_unit_effort_alone(model: AssignmentModel, options: Options, good: Outcome) -> Outcome:
    return good if model.is_unit else replace(good, status=Status.FEASIBLE)


def every_second(calls: count[int]) -> Callable[[AssignmentModel, Options, Outcome], Outcome]:
    def solve(model: AssignmentModel, options: Options, good: Outcome) -> Outcome:
        return good if next(calls) % 2 else replace(good, lower_bound=None)

    return solve


GOOD = altered(lambda model, options, good: good)

BAD: dict[str, tuple[Backend, str]] = {
    "refuses everything": (replace(GOOD, obstacle=lambda model: "not today"), "refuses what it must solve"),
    "refuses rows": (
        replace(GOOD, obstacle=lambda model: "the model has rows" if len(model.rows) else None),
        "refuses what it must solve",
    ),
    "refuses some of unit effort": (
        replace(GOOD, obstacle=lambda model: "too many" if model.n_tickets > 4 or model is HARD else None),
        "refuses what it must solve",
    ),
    "refuses inside": (altered(refuse), "not today"),
    "never has an answer": (
        altered(lambda model, options, good: replace(leave_all_out(model, options, good), status=Status.UNKNOWN)),
        "no answer",
    ),
    "says that nothing is possible": (
        altered(lambda model, options, good: replace(good, status=Status.INFEASIBLE)),
        "no answer",
    ),
    "wrong optimum": (altered(leave_all_out), "optimal that is not"),
    "wrong plan": (altered(give_all_to_the_first), "breaks the model"),
    "wrong objective": (altered(tell_too_little), "cheaper than its answer"),
    "wrong bound": (altered(claim_too_much), "a bound above the optimum"),
    "proves half": (altered(prove_unit_effort_alone), "is not proven"),
    "says another thing every time": (altered(every_second(count())), "another claim"),
    "has nothing to say": (replace(GOOD, summary=""), "no line for people"),
}


class TestTheContractItself:
    """A backend that is none, or that lies, does not pass."""

    def test_one_that_is_good_passes(self) -> None:
        for check in CONTRACT:
            check(GOOD)

    @pytest.mark.parametrize("name", BAD)
    def test_one_that_is_bad_does_not(self, name: str) -> None:
        backend, words = BAD[name]
        with pytest.raises((AssertionError, SolverError), match=words):
            for check in CONTRACT:
                check(backend)


class TestByExample:
    @each_exact
    def test_cheapest_plan_by_hand(self, name: str) -> None:
        outcome = BACKENDS[name].solve(small_model(), Options(UNHURRIED))
        assert outcome.assignment.tolist() == [0, 0, 1]
        assert objective(small_model(), outcome.assignment) == (1 + 2 + 5) + (0 + 3 + 0)

    @each_exact
    def test_load_cost_spreads_a_batch_of_equals(self, name: str) -> None:
        model = small_model(pair_cost=np.zeros((3, 2), dtype=int), load_cost=[0, 5, 1, 5])
        outcome = BACKENDS[name].solve(model, Options(UNHURRIED))
        assert sorted(np.bincount(outcome.assignment)) == [1, 2]

    @each_exact
    def test_leaves_out_what_costs_more_than_its_exit(self, name: str) -> None:
        outcome = BACKENDS[name].solve(small_model(exit_cost=[0, 100, 100]), Options(UNHURRIED))
        assert outcome.assignment.tolist() == [-1, 0, 1]

    @each_exact
    def test_negative_first_marginals_pull_everybody_in(self, name: str) -> None:
        model = small_model(pair_cost=[[0, 9]] * 3, load_cost=[0, 0, -50, 0])
        outcome = BACKENDS[name].solve(model, Options(UNHURRIED))
        assert 1 in outcome.assignment.tolist()

    @each_backend
    def test_nothing_allowed(self, name: str) -> None:
        outcome = BACKENDS[name].solve(small_model(allowed=np.zeros((3, 2), dtype=bool)), Options(UNHURRIED))
        assert outcome.assignment.tolist() == [-1, -1, -1]

    @each_exact
    def test_capacity_larger_than_any_staircase(self, name: str) -> None:
        model = small_model(capacity=[1000, 0], load_cost=np.arange(1000) // 2)
        outcome = BACKENDS[name].solve(model, Options(UNHURRIED))
        assert outcome.assignment.tolist() == [0, 0, 0]

    @pytest.mark.parametrize("name", GENERAL_EXACT)
    def test_unequal_effort_fills_two_knapsacks(self, name: str) -> None:
        assert BACKENDS[name].solve(HARD, Options(UNHURRIED)).assignment.tolist() == [1, 0, 0]  # 4 + 2 + 5

    @pytest.mark.parametrize("name", GENERAL_EXACT)
    def test_row_keeps_two_tickets_apart(self, name: str) -> None:
        rows = PackingRows([0, 0], [0, 1], [0, 0], [1, 1], [1], ("T0 and T1 apart",))
        outcome = BACKENDS[name].solve(small_model(rows=rows), Options(UNHURRIED))
        assert outcome.assignment.tolist().count(0) >= 1
        assert outcome.assignment[0] != outcome.assignment[1]

    @each_exact
    def test_costs_at_the_limit_of_exact_arithmetic(self, name: str) -> None:
        solution = solve_model(DEAR, solver=name, time_limit=UNHURRIED)
        assert solution.objective == optimum(DEAR) >= 3 * BIG - 2

    @each_exact
    def test_a_queue_that_nobody_can_take_is_proven_whatever_it_costs(self, name: str) -> None:
        """Fine prices of the agents left, times these exits, did not fit into 64 bits."""
        model = small_model(allowed=np.zeros((3, 2), dtype=bool), exit_cost=[2**50] * 3)
        solution = solve_model(model, solver=name)
        assert (solution.objective, solution.lower_bound, solution.status) == (3 * 2**50, 3 * 2**50, Status.OPTIMAL)
