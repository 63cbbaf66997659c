"""The certificate proves exactly the optimal plans; the checker finds every planted violation and every wrong claim."""

from __future__ import annotations

import dataclasses
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from support.brute_force import optimum, plan_cost, plans
from support.seeds import Seeds, examples
from support.strategies import make_model, models, picker, problems
from ticketopt.errors import SolverError
from ticketopt.formulation.formulate import formulate
from ticketopt.formulation.rules import violations
from ticketopt.model.assignment import AssignmentModel
from ticketopt.model.bounds import certify, price_bound
from ticketopt.model.objective import feasible, objective
from ticketopt.model.outcome import Status
from ticketopt.model.prices import dual_bound
from ticketopt.planning.result import Result
from ticketopt.planning.solve import solve
from ticketopt.planning.verify import verify
from ticketopt.problem.policy import Policy
from ticketopt.problem.problem import Problem
from ticketopt.problem.records import Agent, Ticket


class TestCertificate:
    def test_exists_for_a_plan_exactly_if_it_is_optimal(self, seeds: Seeds) -> None:
        proven, refuted, chosen = 0, 0, seeds(400, 1200)
        for seed in chosen:
            model = make_model(picker(seed), unit=True, max_tickets=4, max_agents=3)
            every = list(plans(model))
            best = min(cost for _, cost in every)
            for plan, cost in every[:: max(1, len(every) // 12)]:
                proof = certify(model, np.array(plan, dtype=np.int64))
                assert (proof is not None) == (cost == best), (seed, plan)
                if proof is not None:
                    assert proof.lower_bound == best == dual_bound(model, proof.price)
                proven, refuted = proven + (proof is not None), refuted + (proof is None)
        assert min(proven, refuted) > len(chosen) * 1000 / 1200

    @settings(max_examples=examples(300))
    @given(model=models(), data=st.data())
    def test_any_prices_give_a_lower_bound(self, model: AssignmentModel, data: st.DataObject) -> None:
        price = data.draw(st.lists(st.integers(-2000, 2000), min_size=model.n_agents, max_size=model.n_agents))
        assert dual_bound(model, np.array(price, dtype=np.int64)) <= optimum(model)

    @pytest.mark.parametrize("scale", [1, 3, 2**20, 2**40])
    @pytest.mark.parametrize("size", [2**20, 2**62])
    def test_prices_that_64_bits_cannot_add_up_prove_no_more_than_others(
        self, scale: int, size: int, seeds: Seeds
    ) -> None:
        """They wrapped around: with costs near 2^50 and 2^20 parts of a unit, to any number."""
        for seed in seeds(100, 400):
            model = make_model(picker(seed), unit=seed % 2 == 0)
            rng = np.random.default_rng(seed)
            price = rng.integers(-size, size, model.n_agents)
            rows = rng.integers(0, size, len(model.rows))
            assert dual_bound(model, np.concatenate([price, rows]), scale) <= optimum(model), seed

    def test_prices_as_fine_as_can_be_added_up_are_taken_as_they_are(self) -> None:
        """One unit of two, at half a unit: 6 + 0.5 for the ticket, less 2 x 0.5 for the slots, rounded up."""
        model = AssignmentModel([[6]], np.ones((1, 1), bool), [1], [2], [0, 0], [50])
        assert dual_bound(model, np.array([2**39]), 2**40) == 6
        huge = dataclasses.replace(model, pair_cost=np.array([[2**50]]), exit_cost=np.array([2**52]))
        assert dual_bound(huge, np.array([2**39]), 2**40) == 2**50

    def test_quick_bound_of_any_plan_is_one(self, seeds: Seeds) -> None:
        for seed in seeds(250, 800):
            model = make_model(picker(seed), unit=False, max_tickets=4)
            best = optimum(model)
            for plan, _ in list(plans(model))[::7]:
                assert price_bound(model, np.array(plan, dtype=np.int64)) <= best, (seed, plan)

    def test_by_hand(self) -> None:
        """Two tickets want the one slot of agent 0; the second goes to agent 1 for 4 more. So the slot is worth 4."""
        model = AssignmentModel([[0, 4], [0, 4]], np.ones((2, 2), bool), [1, 1], [1, 1], [0, 0], [50, 50])
        proof = certify(model, np.array([0, 1]))
        assert proof is not None and proof.lower_bound == 4
        assert proof.price[0] - proof.price[1] == 4

    def test_none_for_other_models_and_for_broken_plans(self) -> None:
        unit = AssignmentModel([[0], [0]], np.ones((2, 1), bool), [1, 1], [1], [0], [5, 5])
        assert certify(unit, np.array([0, 0])) is None
        assert certify(dataclasses.replace(unit, effort=np.array([1, 2])), np.array([0, -1])) is None


class TestFeasible:
    @settings(max_examples=examples(300))
    @given(model=models(), data=st.data())
    def test_agrees_with_plain_python(self, model: AssignmentModel, data: st.DataObject) -> None:
        agents = st.integers(-1, model.n_agents - 1)
        plan = data.draw(st.lists(agents, min_size=model.n_tickets, max_size=model.n_tickets))
        cost = plan_cost(model, tuple(plan))
        assignment = np.array(plan, dtype=np.int64)
        assert feasible(model, assignment) == (cost is not None)
        if cost is not None:
            assert objective(model, assignment) == cost

    @pytest.mark.parametrize("plan", [[0], [0, 0, 0], [0, 1], [0, -2], [[0], [0]]])
    def test_wrong_shapes_and_strangers(self, plan: list[Any]) -> None:
        model = AssignmentModel([[0], [0]], np.ones((2, 1), bool), [1, 1], [2], [0, 0], [5, 5])
        assert feasible(model, np.array([0, 0]))
        assert not feasible(model, np.array(plan))

    def test_objective_refuses_a_load_beyond_capacity(self) -> None:
        model = AssignmentModel([[0], [0]], np.ones((2, 1), bool), [1, 1], [1], [0], [5, 5])
        with pytest.raises(ValueError, match="more work than capacity"):
            objective(model, np.array([0, 0]))


def queue() -> Problem:
    """Three tickets and three agents with a rule of every kind."""
    return Problem(
        [
            Ticket(ticket_id="T1", requires={"VPN": 5}, urgency=0.9, excluded_agents=["b"]),
            Ticket(ticket_id="T2", pinned_agent="a", urgency=0.9, language="de"),
            Ticket(ticket_id=3, effort=2),
        ],
        [
            Agent(agent_id="a", skills={"VPN": 9}, capacity=3, current_load=1, languages=["de"]),
            Agent(agent_id="b", capacity=2, languages=["en"], team="red"),
            Agent(agent_id="c", availability_status="offline", shift_end=1.0, capacity=9),
        ],
        Policy(max_urgent_per_agent=1, max_new_per_agent=1, separate=[("T1", 3)], max_new_per_team=1),
        now=5.0,
    )


class TestVerify:
    @pytest.mark.parametrize(
        ("plan", "rules", "words"),
        [
            ({}, set(), ""),
            ({"T1": None, "T2": "a", 3: "b"}, set(), ""),
            ({"T2": "a", "3": "b"}, set(), ""),
            ({"T1": "b"}, {"pins", "skill_level"}, "T1 requires VPN 5; b has 0"),
            ({"T2": "b"}, {"pins", "language"}, "T2 is pinned to a, not to b"),
            ({3: "c"}, {"availability", "shift"}, "3 cannot go to c, who is offline"),
            ({"T1": "a", "T2": "a"}, {"urgent_limit", "new_limit"}, "a has 2 urgent tickets; at most 1 are allowed"),
            ({"T1": "a", 3: "a"}, {"new_limit", "separate", "capacity"}, "a holds 1 + 3 units; the capacity is 3"),
            ({"T9": "a"}, {"ids"}, "ticket 'T9' is not in the queue"),
            ({"T1": "z"}, {"ids"}, "ticket 'T1' is with 'z', who is not in the team"),
        ],
    )
    def test_finds_every_planted_violation(self, plan: dict[Any, Any], rules: set[str], words: str) -> None:
        found = verify(queue(), plan)
        assert {violation.rule for violation in found} == rules
        assert not rules or words in [violation.message for violation in found]

    def test_an_agent_over_capacity_is_no_violation_while_it_gets_nothing(self) -> None:
        problem = Problem([Ticket(ticket_id=1)], [Agent(agent_id="a", capacity=2, current_load=7)])
        assert verify(problem, {}) == []
        assert [v.message for v in verify(problem, {1: "a"})] == ["a holds 7 + 1 units; the capacity is 2"]

    @settings(max_examples=examples(150))
    @given(problem=problems(), data=st.data())
    def test_presolved_model_and_words_allow_the_same_plans(self, problem: Problem, data: st.DataObject) -> None:
        model = formulate(problem)
        agents = st.integers(-1, problem.n_agents - 1)
        for _ in range(5):
            plan = data.draw(st.lists(agents, min_size=problem.n_tickets, max_size=problem.n_tickets))
            assert (plan_cost(model, tuple(plan)) is None) == bool(violations(problem, plan))

    @settings(max_examples=examples(60))
    @given(problem=problems())
    def test_every_answer_of_solve_verifies(self, problem: Problem) -> None:
        assert verify(problem, solve(problem)) == []


class TestWrongClaims:
    @pytest.fixture
    def result(self) -> Result:
        return solve(queue())

    def test_the_honest_result_is_clean(self, result: Result) -> None:
        assert result.status is Status.OPTIMAL
        assert verify(result.problem, result) == []

    @pytest.mark.parametrize(
        ("changes", "rule"),
        [
            ({"objective": 0.0, "lower_bound": 0.0}, "objective"),
            ({"lower_bound": 1e9}, "bound"),
            ({"lower_bound": 0.0}, "status"),
            ({"lower_bound": None}, "status"),
            ({"cost": 0.0}, "cost"),
            ({"assignment": np.array([0, 0, 0])}, "model"),
            ({"assignment": np.array([-1, -1, -1])}, "ids"),
            ({"decisions": "wrong agent"}, "ids"),
            ({"decisions": "wrong terms"}, "terms"),
            ({"loads": "wrong sum"}, "loads"),
        ],
    )
    def test_each_lie_is_named(self, result: Result, changes: dict[str, Any], rule: str) -> None:
        first = next(k for k, d in enumerate(result.decisions) if d.agent_id is not None)
        decision, load = result.decisions[first], result.loads[0]
        lies: dict[str, Any] = {
            "wrong agent": dataclasses.replace(decision, agent_id="c"),
            "wrong terms": dataclasses.replace(decision, terms={"skill_gap": 0.123}),
            "wrong sum": dataclasses.replace(load, after=load.after + 1),
        }
        if "decisions" in changes:
            lie = lies[changes["decisions"]]
            changes = {"decisions": (*result.decisions[:first], lie, *result.decisions[first + 1 :])}
        if "loads" in changes:
            changes = {"loads": (lies[changes["loads"]], *result.loads[1:])}
        found = verify(result.problem, dataclasses.replace(result, **changes))
        assert rule in {violation.rule for violation in found}


def test_solve_does_not_return_a_plan_that_breaks_a_rule() -> None:
    """A rule whose data forgets what its words say is caught before the answer leaves."""
    from ticketopt.formulation.constraints import CONSTRAINTS

    half_said = dataclasses.replace(CONSTRAINTS["pins"], mask=lambda problem: None)
    problem = Problem([Ticket(ticket_id="T", excluded_agents=["a"])], [Agent(agent_id="a")])
    with pytest.raises(SolverError, match="breaks 1 rules: T excludes a"):
        solve(problem, constraints={"pins": half_said})
