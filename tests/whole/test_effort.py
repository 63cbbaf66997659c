"""Effort that depends on who does the work: stated by the ticket, or derived from proficiency."""

from __future__ import annotations

import json

import numpy as np
import pytest
from hypothesis import given

import ticketopt
from support.brute_force import optimum, plan_cost
from support.seeds import Seeds
from support.strategies import make_model, picker, problems
from ticketopt.formulation.formulate import SCALE, formulate
from ticketopt.model.assignment import AssignmentModel
from ticketopt.problem.policy import Policy
from ticketopt.problem.problem import Problem
from ticketopt.problem.records import Agent, Ticket
from ticketopt.solvers.auto import solve_model


def two_agents(**policy: object) -> Problem:
    """A ticket that wants VPN only (8 units), one that wants nothing (3); a master and a beginner at 5 of 10."""
    tickets = [Ticket(ticket_id="vpn", skills={"VPN": 2}, effort=8), Ticket(ticket_id="any", effort=3)]
    agents = [Agent(agent_id="pro", skills={"vpn": 10}), Agent(agent_id=2, skills={"VPN": 5})]
    return Problem(tickets, agents, Policy(**policy))  # type: ignore[arg-type]


class TestDerived:
    def test_by_default_nothing_changes(self) -> None:
        assert two_agents().pair_effort.tolist() == [[8], [3]]

    @pytest.mark.parametrize(("saving", "units"), [(0.5, [4, 6]), (0.25, [6, 7]), (0.3, [6, 7]), (0.95, [1, 5])])
    def test_a_master_saves_the_whole_share_and_others_part_of_it(self, saving: float, units: list[int]) -> None:
        assert two_agents(expert_saving=saving).pair_effort.tolist() == [units, [3, 3]]

    def test_one_unit_stays_one_unit_and_polynomial(self) -> None:
        problem = Problem([Ticket(ticket_id=1, skills={"a": 1})], [Agent(agent_id=1)], Policy(expert_saving=0.9))
        assert formulate(problem).is_unit

    @given(problem=problems())
    def test_the_checker_counts_the_same_units(self, problem: Problem) -> None:
        units = np.broadcast_to(problem.pair_effort, (problem.n_tickets, problem.n_agents))
        for i in range(problem.n_tickets):
            for j in range(problem.n_agents):
                assert problem.units(i, j) == units[i, j]


class TestStated:
    def test_replaces_the_effort_of_those_agents(self) -> None:
        ticket = Ticket(ticket_id=1, effort=4, effort_by_agent={"2": 9, "gone": 7})
        problem = Problem([ticket], [Agent(agent_id=1), Agent(agent_id=2)])
        assert problem.pair_effort.tolist() == [[4, 9]]
        assert [str(w) for w in problem.warnings] == [
            "tickets[0].effort_by_agent: 'gone' is not in the team; it changes nothing"
        ]

    def test_wins_over_proficiency(self) -> None:
        ticket = Ticket(ticket_id=1, skills={"a": 1}, effort=8, effort_by_agent={1: 5})
        agents = [Agent(agent_id=1, skills={"a": 10}), Agent(agent_id=2, skills={"a": 10})]
        assert Problem([ticket], agents, Policy(expert_saving=0.5)).pair_effort.tolist() == [[5, 4]]

    @pytest.mark.parametrize("units", [0, -1, 1.5, "two", 10**9, float("nan"), None])
    def test_refuses(self, units: object) -> None:
        with pytest.raises(ticketopt.InvalidInputError, match=r"effort_by_agent\['a'\]"):
            Ticket(ticket_id=1, effort_by_agent={"a": units})  # type: ignore[dict-item]

    def test_the_same_agent_twice_is_refused(self) -> None:
        with pytest.raises(ticketopt.InvalidInputError, match="is the same name as"):
            Ticket(ticket_id=1, effort_by_agent={"1": 2, 1: 3})


class TestModel:
    def test_by_ticket_costs_no_matrix(self) -> None:
        for effort in ([2, 3], [[2], [3]], [[2, 2], [3, 3]]):
            model = small(effort)
            assert model.effort.tolist() == [[2], [3]] and not model.has_pair_effort

    def test_by_pair_reads_pairs(self) -> None:
        model = small([[2, 3], [1, 1]])
        assert model.effort_at(np.array([0, 1]), np.array([1, 0])).tolist() == [3, 1]
        assert model.least_effort.tolist() == [2, 1]
        assert not model.is_unit and small([[1, 1], [1, 1]]).is_unit

    def test_exact_backends_and_bounds_on_thousands(self, seeds: Seeds) -> None:
        seen, chosen = 0, seeds(500, 1500)
        for seed in chosen:
            model = make_model(picker(seed), unit=False)
            if not model.has_pair_effort:
                continue
            seen += 1
            found = solve_model(model)
            assert found.objective == optimum(model) == plan_cost(model, tuple(found.assignment.tolist())), seed
            assert found.lower_bound == found.objective
        assert seen > len(chosen) / 10


def small(effort: object) -> AssignmentModel:
    return AssignmentModel(
        pair_cost=np.zeros((2, 2), dtype=np.int64),
        allowed=np.ones((2, 2), dtype=bool),
        effort=effort,  # type: ignore[arg-type]
        capacity=[5, 5],  # type: ignore[arg-type]
        load_cost=np.zeros(10, dtype=np.int64),
        exit_cost=[9, 9],  # type: ignore[arg-type]
    )


class TestWhole:
    def test_the_expert_takes_more_because_it_takes_less(self) -> None:
        tickets = [{"ticket_id": i, "skills": {"vpn": 1}, "effort": 4} for i in range(3)]
        agents = [
            {"agent_id": "pro", "skills": {"vpn": 10}, "capacity": 4},
            {"agent_id": "new", "skills": {"vpn": 0}, "capacity": 4},
        ]
        without = ticketopt.assign(tickets, agents)
        result = ticketopt.assign(tickets, agents, policy={"expert_saving": 0.5})
        assert (len(without.assigned), len(result.assigned)) == (2, 3)
        assert [load.assigned for load in result.loads] == [4, 4]
        assert ticketopt.verify(result.problem, result) == []

    def test_left_out_for_want_of_room_says_what_it_takes(self) -> None:
        result = ticketopt.assign(
            [{"ticket_id": 1, "effort_by_agent": {"a": 5, "b": 3}}],
            [{"agent_id": "a", "capacity": 4}, {"agent_id": "b", "capacity": 2}],
        )
        assert result[1].reason == "no_capacity"
        assert "It takes 3 to 5 units, depending on the agent" in result[1].rationale

    def test_a_file_and_a_record_carry_it(self) -> None:
        tickets = [{"ticket_id": 1, "effort": 2, "effort_by_agent": {"7": 1}}]
        result = ticketopt.assign(tickets, [{"agent_id": 7}], policy={"expert_saving": 0.5})
        again = ticketopt.replay(json.loads(json.dumps(result.record())))
        assert again.is_same
        assert again.result.model.effort.tolist() == [[1]]

    def test_a_session_refuses_it(self) -> None:
        problem = Problem([], [Agent(agent_id=1)])
        session = ticketopt.Session(problem)
        with pytest.raises(ticketopt.UnsupportedModelError, match="unequal effort"):
            session.add_ticket(Ticket(ticket_id=1, effort_by_agent={1: 2}))

    def test_the_objective_is_the_sum_by_hand(self) -> None:
        result = ticketopt.assign(
            [{"ticket_id": 1, "effort_by_agent": {1: 3}}],
            [{"agent_id": 1, "capacity": 4}],
            policy={"balance": 1, "weights": {"skill_gap": 0, "urgency": 0}},
        )
        assert round(result.objective * SCALE) == round((0.5 + 1.5 + 2.5) / 4 * SCALE)
