"""What every backend in the table owes: a feasible plan, an honest status, a bound that is one, and the same twice."""

from __future__ import annotations

import sys
from collections.abc import Iterable

import numpy as np
import pytest
from hypothesis import given, settings

from support.brute_force import optimum, plan_cost
from support.seeds import Seeds
from support.strategies import make_model, models, picker
from ticketopt.errors import SolverError
from ticketopt.model.assignment import MAX_SUM, AssignmentModel
from ticketopt.model.bounds import certify
from ticketopt.model.objective import feasible, objective
from ticketopt.model.outcome import Outcome, Status
from ticketopt.model.rows import PackingRows
from ticketopt.solvers import BACKENDS, Options, milp, min_cost_flow
from ticketopt.solvers.auto import solve_model
from ticketopt.solvers.gap import cp_model

HEURISTIC = ["greedy"]
"""Backends that prove nothing; all others of the table prove optima."""

EXACT = [name for name in BACKENDS if name not in HEURISTIC]

UNHURRIED = Options(time_limit=600.0)
"""For what must be found, so that a busy machine changes nothing. On these models it takes milliseconds."""

each_backend = pytest.mark.parametrize("name", BACKENDS)


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


HARD = small_model(effort=[2, 2, 1], capacity=[3, 2], load_cost=[0] * 5, exit_cost=[99, 98, 97])
"""Unequal effort, where greedy is not best."""

UNIT_ONLY = [name for name in EXACT if not BACKENDS[name].supports(HARD)]
"""Those that solve the polynomial case only."""

GENERAL = [name for name in EXACT if name not in UNIT_ONLY]

UNIT_OBSTACLES = {"the model has packing rows", "tickets take unequal effort"}
"""Why a backend may refuse a model that brute force can solve."""


def test_who_solves_what() -> None:
    """The lists above are read from the table: a backend that begins to refuse would leave its tests silently."""
    assert UNIT_ONLY == ["network", "min_cost_flow"]
    assert GENERAL == ["price_guided", "cp_sat", "milp", "cp_sat_plain"]


def check(name: str, model: AssignmentModel) -> Outcome | None:
    """Solve by one backend and hold its answer against brute force; None where it may refuse the model, and does."""
    obstacle = BACKENDS[name].obstacle(model)
    if obstacle is not None:
        assert name in UNIT_ONLY and obstacle in UNIT_OBSTACLES and not model.is_unit
        return None
    outcome = BACKENDS[name].solve(model, UNHURRIED)
    cost, best = plan_cost(model, tuple(outcome.assignment.tolist())), optimum(model)
    assert cost is not None, "the plan breaks the model"
    assert cost == objective(model, outcome.assignment)
    if outcome.status is Status.OPTIMAL:
        assert cost == best
    if outcome.lower_bound is not None:
        assert outcome.lower_bound <= best
    return outcome


class TestAgainstBruteForce:
    @each_backend
    @settings(max_examples=150)
    @given(model=models())
    def test_any_model(self, name: str, model: AssignmentModel) -> None:
        check(name, model)

    @each_backend
    @settings(max_examples=150)
    @given(model=models(unit=True))
    def test_unit_effort_without_rows(self, name: str, model: AssignmentModel) -> None:
        assert check(name, model) is not None, "every backend supports the polynomial case"

    @pytest.mark.parametrize("name", UNIT_ONLY)
    def test_unit_backends_on_many_models_with_a_certificate_for_each(self, name: str, seeds: Seeds) -> None:
        for seed in seeds(600, 3000):
            model = make_model(picker(seed), unit=True, max_tickets=6, max_agents=4)
            outcome = check(name, model)
            assert outcome is not None and outcome.status is Status.OPTIMAL, seed
            proof = certify(model, outcome.assignment)
            assert proof is not None and proof.lower_bound == optimum(model), seed

    @pytest.mark.parametrize("name", ["cp_sat", "milp", "cp_sat_plain"])
    def test_general_exact_backends_on_many_models(self, name: str, seeds: Seeds) -> None:
        agree(name, seeds(400, 20_000))

    @pytest.mark.slow
    @pytest.mark.parametrize("name", ["cp_sat", "milp", "cp_sat_plain"])
    def test_general_exact_backends_on_thousands_more(self, name: str) -> None:
        agree(name, range(400, 6000))

    def test_exact_backends_agree_beyond_the_reach_of_brute_force(self) -> None:
        for seed in range(60):
            model = make_model(picker(seed), unit=True, max_tickets=25, max_agents=6)
            found = {name: solve_model(model, solver=name, time_limit=600) for name in EXACT}
            assert len({solution.objective for solution in found.values()}) == 1, seed

    def test_plain_cp_sat_says_the_same_of_unequal_effort_and_rows_beyond_brute_force(self) -> None:
        """It shares neither prices, nor exclusions, nor a plan with the others: a second opinion."""
        second, proven = BACKENDS["cp_sat_plain"], 0
        for seed in range(40):
            model = make_model(picker(seed), unit=False, max_tickets=14, max_agents=4)
            if second.supports(model):
                best = second.solve(model, UNHURRIED)
                assert best.status is Status.OPTIMAL, seed
                for name in ("auto", "cp_sat"):
                    found = solve_model(model, solver=name, time_limit=600)
                    assert found.objective == objective(model, best.assignment) == found.lower_bound, (seed, name)
                proven += 1
        assert proven > 30


def agree(name: str, seeds: Iterable[int]) -> None:
    """Optimal, proven, and equal to brute force to the integer; unit and general models in turn."""
    for seed in seeds:
        model = make_model(picker(seed), unit=seed % 4 == 0)
        outcome = check(name, model)
        assert outcome is not None, "supports everything"
        assert objective(model, outcome.assignment) == optimum(model), seed
        is_huge = model.magnitude > 1e12
        assert outcome.status is Status.OPTIMAL or (name == "milp" and is_huge), seed


class TestByExample:
    @each_backend
    def test_cheapest_plan_by_hand(self, name: str) -> None:
        outcome = BACKENDS[name].solve(small_model(), UNHURRIED)
        assert outcome.assignment.tolist() == [0, 0, 1]
        assert objective(small_model(), outcome.assignment) == (1 + 2 + 5) + (0 + 3 + 0)

    @each_backend
    def test_load_cost_spreads_a_batch_of_equals(self, name: str) -> None:
        model = small_model(pair_cost=np.zeros((3, 2), dtype=int), load_cost=[0, 5, 1, 5])
        outcome = BACKENDS[name].solve(model, UNHURRIED)
        assert sorted(np.bincount(outcome.assignment)) == [1, 2]

    @each_backend
    def test_leaves_out_what_costs_more_than_its_exit(self, name: str) -> None:
        outcome = BACKENDS[name].solve(small_model(exit_cost=[0, 100, 100]), UNHURRIED)
        assert outcome.assignment.tolist() == [-1, 0, 1]

    @each_backend
    def test_negative_first_marginals_pull_everybody_in(self, name: str) -> None:
        model = small_model(pair_cost=[[0, 9]] * 3, load_cost=[0, 0, -50, 0])
        outcome = BACKENDS[name].solve(model, UNHURRIED)
        assert 1 in outcome.assignment.tolist()

    @each_backend
    def test_nothing_allowed(self, name: str) -> None:
        outcome = BACKENDS[name].solve(small_model(allowed=np.zeros((3, 2), dtype=bool)), UNHURRIED)
        assert outcome.assignment.tolist() == [-1, -1, -1]

    @each_backend
    def test_capacity_larger_than_any_staircase(self, name: str) -> None:
        model = small_model(capacity=[1000, 0], load_cost=np.arange(1000) // 2)
        outcome = BACKENDS[name].solve(model, UNHURRIED)
        assert outcome.assignment.tolist() == [0, 0, 0]

    @pytest.mark.parametrize("name", [*GENERAL, *HEURISTIC])
    def test_unequal_effort_fills_two_knapsacks(self, name: str) -> None:
        plan = BACKENDS[name].solve(HARD, UNHURRIED).assignment.tolist()
        assert plan == ([1, 0, 0] if name in GENERAL else [0, 1, 0])  # 4 + 2 + 5, and greedy 1 + 9 + 5

    @pytest.mark.parametrize("name", [*GENERAL, *HEURISTIC])
    def test_row_keeps_two_tickets_apart(self, name: str) -> None:
        rows = PackingRows([0, 0], [0, 1], [0, 0], [1, 1], [1], ("T0 and T1 apart",))
        outcome = BACKENDS[name].solve(small_model(rows=rows), UNHURRIED)
        assert outcome.assignment.tolist().count(0) >= 1
        assert outcome.assignment[0] != outcome.assignment[1]

    @pytest.mark.parametrize("name", EXACT)
    def test_costs_at_the_limit_of_exact_arithmetic(self, name: str) -> None:
        big = MAX_SUM // 8
        model = small_model(pair_cost=[[big, big - 1]] * 3, load_cost=[0, 0, 0, 0], exit_cost=[big + 1] * 3)
        solution = solve_model(model, solver=name, time_limit=600)
        assert solution.objective >= 3 * big - 2 == optimum(model)
        assert solution.status is Status.FEASIBLE or solution.objective == optimum(model)
        assert solution.status is Status.OPTIMAL or name == "milp"  # HiGHS counts in doubles


class TestGreedy:
    def test_serves_the_urgent_first(self) -> None:
        model = small_model(capacity=[1, 0], load_cost=[0], exit_cost=[100, 300, 200])
        assert BACKENDS["greedy"].solve(model, Options()).assignment.tolist() == [-1, 0, -1]

    def test_leaves_out_a_ticket_whose_exit_costs_no_more_than_serving_it(self) -> None:
        model = small_model(pair_cost=[[5, 9]] * 3, load_cost=[0, 0, 0, 0], exit_cost=[5, 6, 4])
        assert BACKENDS["greedy"].solve(model, Options()).assignment.tolist() == [-1, 0, -1]

    def test_equals_go_to_the_first_ticket_and_the_first_agent(self) -> None:
        model = small_model(pair_cost=np.full((3, 2), 7), capacity=[1, 1], load_cost=[0, 0])
        assert BACKENDS["greedy"].solve(model, Options()).assignment.tolist() == [0, 1, -1]

    @settings(max_examples=300)
    @given(model=models())
    def test_always_feasible_and_proves_nothing(self, model: AssignmentModel) -> None:
        outcome = BACKENDS["greedy"].solve(model, Options())
        assert plan_cost(model, tuple(outcome.assignment.tolist())) is not None
        assert (outcome.status, outcome.lower_bound) == (Status.FEASIBLE, None)


class TestTimeAndRepetition:
    @each_backend
    def test_a_tiny_time_limit_still_gives_a_sane_answer(self, name: str) -> None:
        model = hard_model() if BACKENDS[name].supports(hard_model()) else make_model(picker(3), True, 60, 20)
        outcome = BACKENDS[name].solve(model, Options(time_limit=0.001))
        assert feasible(model, outcome.assignment)
        assert outcome.status in (Status.OPTIMAL, Status.FEASIBLE) or name == "min_cost_flow"
        if outcome.lower_bound is not None:
            assert outcome.lower_bound <= objective(model, outcome.assignment)

    @pytest.mark.parametrize("name", GENERAL)
    @pytest.mark.parametrize("time_limit", [0.0, 1e-9, 0.001])
    def test_a_limit_that_ends_before_anything_was_found_returns_the_hint_or_better(
        self, name: str, time_limit: float
    ) -> None:
        """HiGHS's answer was that everything is left out, with a plan at hand."""
        model, hint = hard_model(), BACKENDS["greedy"].solve(hard_model(), Options()).assignment
        for start in (hint, None):
            outcome = BACKENDS[name].solve(model, Options(time_limit=time_limit, hint=start))
            assert outcome.status is Status.FEASIBLE
            assert feasible(model, outcome.assignment)
            assert objective(model, outcome.assignment) <= objective(model, hint)

    @each_backend
    def test_by_name_a_tiny_limit_is_never_unknown(self, name: str) -> None:
        model = hard_model() if BACKENDS[name].supports(hard_model()) else make_model(picker(3), True, 60, 20)
        cheap = solve_model(model, solver="greedy")
        found = solve_model(model, solver=name, time_limit=0.001)
        assert found.status is not Status.UNKNOWN
        assert found.objective <= cheap.objective

    @each_backend
    def test_the_same_twice(self, name: str) -> None:
        for seed in range(25):
            model = make_model(picker(seed), unit=name in UNIT_ONLY, max_tickets=12, max_agents=5)
            if not BACKENDS[name].supports(model):
                continue
            first, second = (BACKENDS[name].solve(model, Options(600.0, seed=7)) for _ in range(2))
            assert first.assignment.tolist() == second.assignment.tolist()
            assert (first.status, first.lower_bound) == (second.status, second.lower_bound)

    @each_backend
    def test_a_hint_changes_no_optimum(self, name: str) -> None:
        for seed in range(40):
            model = make_model(picker(seed), unit=name in UNIT_ONLY)
            if not BACKENDS[name].supports(model):
                continue
            hint = BACKENDS["greedy"].solve(model, Options()).assignment
            outcome = BACKENDS[name].solve(model, Options(600.0, hint=hint))
            if outcome.status is Status.OPTIMAL:
                assert objective(model, outcome.assignment) == optimum(model), seed

    @each_backend
    def test_the_model_is_not_changed(self, name: str) -> None:
        model = small_model()
        before = {field: getattr(model, field).tolist() for field in ("pair_cost", "allowed", "capacity", "exit_cost")}
        BACKENDS[name].solve(model, Options())
        assert {field: getattr(model, field).tolist() for field in before} == before


def hard_model() -> AssignmentModel:
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


@pytest.mark.parametrize(
    ("bound", "status", "lowest"),
    [
        (5.0, Status.FEASIBLE, 5),
        (10.4, Status.OPTIMAL, 11),  # costs are whole numbers: nothing lies between
        (11.0 + 1e-7, Status.OPTIMAL, 11),  # not 12: HiGHS counts in doubles
        (-float("inf"), Status.FEASIBLE, None),
    ],
)
def test_milp_calls_a_plan_optimal_only_at_its_bound(bound: float, status: Status, lowest: int | None) -> None:
    outcome = milp._believed(small_model(), np.array([0, 0, 1]), bound)  # a plan of cost 11
    assert (outcome.status, outcome.lower_bound) == (status, lowest)


class TestSupports:
    def test_min_cost_flow_names_its_obstacle(self) -> None:
        rows = PackingRows([0], [0], [0], [1], [1], ("any",))
        assert BACKENDS["min_cost_flow"].obstacle(small_model(rows=rows)) == "the model has packing rows"
        unequal = small_model(effort=[1, 2, 1])
        assert BACKENDS["min_cost_flow"].obstacle(unequal) == "tickets take unequal effort"

    @pytest.mark.parametrize("name", ["cp_sat", "cp_sat_plain"])
    def test_cp_sat_refuses_what_it_could_miscount(self, name: str) -> None:
        rows = PackingRows([0, 0], [0, 1], [0, 0], [2**30, 2**30], [2**30], ("heavy",))
        assert "2^31" in str(BACKENDS[name].obstacle(small_model(rows=rows)))
        assert cp_model.MAX_ROW_SUM == 2**31 - 1
        dear = small_model(pair_cost=np.zeros((3, 2), dtype=int), load_cost=[0] * 4, exit_cost=[MAX_SUM, 0, 0])
        assert "2^53" in str(BACKENDS[name].obstacle(dear))

    def test_what_cp_sat_could_miscount_is_solved_by_others_all_the_same(self) -> None:
        rows = PackingRows([0, 0], [0, 1], [0, 0], [2**30, 2**30], [2**30], ("heavy",))
        found = solve_model(small_model(rows=rows), time_limit=600)
        assert found.objective == optimum(small_model(rows=rows)) == found.lower_bound

    @pytest.mark.parametrize("name", [*GENERAL, *HEURISTIC])
    def test_the_others_support_unequal_effort(self, name: str) -> None:
        assert BACKENDS[name].supports(small_model(effort=[1, 2, 1]))


class TestMinCostFlowApart:
    """Large networks are solved in a process of their own."""

    @pytest.fixture(autouse=True)
    def _everything_is_large(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(min_cost_flow, "ARCS_IN_PROCESS", 0)

    def test_gives_the_same_plan(self) -> None:
        outcome = BACKENDS["min_cost_flow"].solve(small_model(), UNHURRIED)
        assert (outcome.assignment.tolist(), outcome.status) == ([0, 0, 1], Status.OPTIMAL)

    def test_is_stopped_when_time_is_up(self) -> None:
        outcome = BACKENDS["min_cost_flow"].solve(small_model(), Options(time_limit=0.001))
        assert (outcome.assignment.tolist(), outcome.status) == ([-1, -1, -1], Status.UNKNOWN)

    def test_a_process_that_fails_is_a_solver_error(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(sys, "executable", "no-such-python")
        with pytest.raises(SolverError, match="process failed to start"):
            BACKENDS["min_cost_flow"].solve(small_model(), UNHURRIED)


class TestRegressions:
    @pytest.mark.parametrize("name", EXACT)
    def test_a_queue_that_nobody_can_take_is_proven_whatever_it_costs(self, name: str) -> None:
        """Fine prices of the agents left, times these exits, did not fit into 64 bits."""
        model = small_model(allowed=np.zeros((3, 2), dtype=bool), exit_cost=[2**50] * 3)
        solution = solve_model(model, solver=name)
        assert (solution.objective, solution.lower_bound, solution.status) == (3 * 2**50, 3 * 2**50, Status.OPTIMAL)

    def test_cp_sat_bound_is_not_above_the_optimum_by_a_rounding_error(self) -> None:
        model = AssignmentModel(
            pair_cost=[[1, 0, 1], [1, 0, 0], [1, 0, 0]],
            allowed=np.ones((3, 3), dtype=bool),
            effort=[3, 3, 1],
            capacity=[0, 1, 3],
            load_cost=[0, -1, -1, -1],
            exit_cost=[8, 4, 4],
            rows=PackingRows(
                [0, 0, 0, 1, 1, 2, 2], [0, 1, 2, 1, 2, 0, 1], [2, 2, 2, 0, 0, 0, 0], [1] * 7, [3, 0, 0], ("a", "b", "c")
            ),
        )
        solution = solve_model(model, solver="cp_sat")
        assert (solution.objective, solution.lower_bound, solution.status) == (2, 2, Status.OPTIMAL)


def test_every_backend_has_a_line_for_people() -> None:
    for name, backend in BACKENDS.items():
        assert backend.summary and "\n" not in backend.summary, name
