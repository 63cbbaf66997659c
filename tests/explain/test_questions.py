"""What a result answers about itself, in the user's ids: equal to brute force where it says "exact" or "solved"."""

from __future__ import annotations

import json

import numpy as np
import pytest

import ticketopt
from support.brute_force import NO_PLAN, forced_optima
from support.strategies import make_problem, picker
from ticketopt import InvalidInputError
from ticketopt.formulation.formulate import SCALE


def in_units(value: float) -> int:
    return round(value * SCALE)


def each_result(seed: int, count: int, *, is_unit: bool, solver: str = "auto"):
    rng = np.random.default_rng(seed)
    for _ in range(count):
        problem = make_problem(picker(rng), unit=is_unit)
        result = ticketopt.solve(problem, solver=solver)
        _, forced = forced_optima(result.model)
        yield result, np.where(forced < NO_PLAN, forced - in_units(result.objective), NO_PLAN)


def check_answer(answer, expected: int) -> None:
    """`expected` is the true change in cost units, or `NO_PLAN`."""
    if expected == NO_PLAN:
        assert answer.basis == "blocked"
        assert answer.blocked_by
        assert (answer.at_least, answer.at_most, answer.change, answer.moves) == (None, None, None, ())
        return
    assert answer.is_eligible
    assert in_units(answer.at_least) <= expected
    if answer.at_most is not None:
        assert expected <= in_units(answer.at_most)
        parts = (answer.pair, answer.others, answer.load, answer.exits)
        assert sum(map(in_units, parts)) == in_units(answer.at_most)
    assert sum(map(in_units, answer.terms.values())) == in_units(answer.pair)
    assert json.loads(json.dumps(answer.to_dict(), allow_nan=False))["ticket_id"] == answer.ticket_id
    if answer.agent_id != answer.current_agent:
        assert answer.basis == "bound" or answer.moves[0].ticket_id == answer.ticket_id


@pytest.mark.parametrize("solver", ["auto", "greedy"])
def test_every_pair_of_a_unit_problem_is_answered_exactly(solver):
    for result, change in each_result(31, 150, is_unit=True, solver=solver):
        table = result.counterfactuals()
        assert table.basis == "exact"
        assert (np.where(table.units < 2**60, table.units, NO_PLAN) == change).all()
        for i, ticket in enumerate(result.problem.tickets):
            for j, agent_id in enumerate([*(agent.agent_id for agent in result.problem.agents), None]):
                answer = result.why_not(ticket.ticket_id, agent_id)
                check_answer(answer, int(change[i, j]))
                assert answer.basis in ("exact", "blocked")


def test_pairs_of_a_general_problem_are_bounded_and_solved_again_on_request():
    solved = 0
    for result, change in each_result(32, 40, is_unit=False):
        table = result.counterfactuals()
        assert (table.units <= change).all()
        for i, ticket in enumerate(result.problem.tickets):
            for j, agent in enumerate(result.problem.agents):
                check_answer(result.why_not(ticket.ticket_id, agent.agent_id), int(change[i, j]))
                again = result.why_not(ticket.ticket_id, agent.agent_id, resolve=True)
                check_answer(again, int(change[i, j]))
                if again.basis != "blocked":
                    assert in_units(again.change) == change[i, j]
                    solved += again.basis == "solved"
    assert solved > 50


@pytest.mark.parametrize(("is_unit", "resolve", "count"), [(True, False, 150), (False, True, 25)])
def test_alternatives_and_next_tickets_are_the_best_ones_in_order(is_unit, resolve, count):
    for result, change in each_result(33, count, is_unit=is_unit):
        now = result.assignment
        for i, ticket in enumerate(result.problem.tickets):
            others = [int(change[i, j]) for j in range(result.problem.n_agents) if j != now[i]]
            expected = sorted(value for value in others if value < NO_PLAN)
            for k in (0, 1, 2, 9):
                found = result.alternatives(ticket.ticket_id, k, resolve=resolve)
                assert [in_units(answer.change) for answer in found] == expected[:k]
                assert result.problem.agent_of(result[ticket.ticket_id].agent_id) == now[i]
        for j, agent in enumerate(result.problem.agents):
            others = [int(change[i, j]) for i in range(result.problem.n_tickets) if now[i] != j]
            expected = sorted(value for value in others if value < NO_PLAN)
            found = result.next_for(agent.agent_id, 3, resolve=resolve)
            assert [in_units(answer.change) for answer in found] == expected[:3]


def test_slot_values_of_a_general_problem_are_bounds_or_solved():
    rng = np.random.default_rng(34)
    for _ in range(12):
        result = ticketopt.solve(make_problem(picker(rng), unit=False))
        rough, exact = result.slot_values(), result.slot_values(resolve=True)
        for low, high in zip(rough, exact, strict=True):
            assert high.basis in ("solved", "exact")
            assert low.one_more >= high.one_more >= 0
            assert (low.one_fewer is None) == (high.one_fewer is None) == (low.free == 0)
            assert low.one_fewer is None or 0 <= low.one_fewer <= high.one_fewer


def test_words_name_the_rule_the_people_and_the_numbers():
    tickets = [
        {"ticket_id": "T-1", "skills": {"VPN": 1}, "requires": {"VPN": 6}, "urgency": 0.9},
        {"ticket_id": "T-2", "skills": {"VPN": 1}, "urgency": 0.1},
    ]
    agents = [
        {"agent_id": 1, "name": "Ada", "skills": {"VPN": 9}, "capacity": 1},
        {"agent_id": 2, "name": "Bob", "skills": {"VPN": 4}, "capacity": 1},
    ]
    result = ticketopt.assign(tickets, agents, policy={"balance": 0})
    assert str(result.why_not("T-1", 2)) == (
        "Bob cannot take T-1: required skill levels are met (T-1 requires VPN 6; Bob has 4)."
    )
    assert str(result.why_not("T-2", 2)) == "T-2 is with Bob."
    words = str(result.why_not("T-2", 1))
    assert words.startswith("T-2 is with Bob. Giving it to Ada would cost ")
    assert "Then T-1 of Ada would be left out. Prices of leaving tickets out make +" in words


def test_unknown_ids_are_errors_that_list_the_known_ones():
    result = ticketopt.assign([{"ticket_id": "T-1"}], [{"agent_id": "ada"}])
    with pytest.raises(InvalidInputError, match="did you mean 'T-1'"):
        result.why_not("T-11", "ada")
    with pytest.raises(InvalidInputError, match="use one of: ada"):
        result.next_for("bob")
    with pytest.raises(InvalidInputError, match="k: is -1"):
        result.alternatives("T-1", -1)
    with pytest.raises(InvalidInputError, match="time_limit"):
        result.slot_values(resolve=True, time_limit=0)


def test_everything_wrong_with_a_question_is_said_at_once() -> None:
    result = ticketopt.assign([{"ticket_id": 1}], [{"agent_id": "ada"}])
    with pytest.raises(ticketopt.InvalidInputError) as caught:
        result.skill_values(-1, level=11)
    assert [issue.path for issue in caught.value.issues] == ["k", "level"]


def test_a_limit_that_one_ticket_breaks_by_itself_blocks_it_without_solving_again():
    """With `max_urgent_per_agent=0`, giving an urgent ticket to somebody "would cost perhaps no more"."""
    tickets = [{"ticket_id": 1, "skills": {"VPN": 1}, "urgency": 1, "effort": 2}]
    result = ticketopt.assign(tickets, [{"agent_id": "a", "name": "Ada"}], policy={"max_urgent_per_agent": 0})
    answer = result.why_not(1, "a")
    assert (answer.basis, answer.is_eligible, set(answer.blocked_by)) == ("blocked", False, {"urgent_limit"})
    assert result.counterfactuals().change.tolist() == [[np.inf]]
