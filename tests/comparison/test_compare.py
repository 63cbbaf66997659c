"""Methods side by side, by what they are sorted by."""

from __future__ import annotations

import numpy as np

import ticketopt
from ticketopt.comparison.compare import compare
from ticketopt.formulation.constraints import CONSTRAINTS, Constraint
from ticketopt.formulation.costs import COST_TERMS, CostTerm


def queue(capacity: int) -> ticketopt.Problem:
    """Six tickets; who knows what they want has little room, and a habit that leaves one out pays less for the rest."""
    tickets = [{"ticket_id": k, "skills": {"VPN": 1}, "urgency": k / 6, "requires": {"VPN": k % 3}} for k in range(6)]
    agents = [
        {"agent_id": "a", "skills": {"VPN": 9}, "capacity": capacity},
        {"agent_id": "b", "skills": {"VPN": 1}, "capacity": capacity},
    ]
    return ticketopt.build_problem(tickets, agents)


def test_the_column_that_sorts_is_shown_and_no_habit_stands_below_the_optimum():
    for capacity in (0, 1, 2, 3, 9):
        problem = queue(capacity)
        found = compare(problem)
        assert [c.objective for c in found.contenders] == sorted(c.objective for c in found.contenders)
        best = ticketopt.solve(problem)
        assert found.contenders[0].objective == best.objective
        for contender in found.contenders:
            assert contender.objective >= best.objective
            assert (contender.gap == 0) == (contender.objective == best.objective)
            assert contender.objective >= contender.cost
        assert "objective" in found._repr_html_()
        assert found.to_frame()["objective"].is_monotonic_increasing


def test_nobody_and_nothing():
    for tickets, agents in (([], []), ([{"ticket_id": 1}], []), ([], [{"agent_id": 1}])):
        found = compare(ticketopt.build_problem(tickets, agents))
        assert len({c.objective for c in found.contenders}) == 1


def test_own_terms_and_rules_count_for_every_method():
    def dislikes_a(problem):
        return np.tile(np.array([1.0, 0.0]), (problem.n_tickets, 1))

    def all_but_b(problem):
        return np.tile(np.array([True, False]), (problem.n_tickets, 1))

    problem = ticketopt.build_problem([{"ticket_id": k} for k in range(4)], [{"agent_id": x} for x in "ab"])
    term = CostTerm("being a", 50.0, dislikes_a)
    found = compare(problem, ["network", "greedy"], terms={**COST_TERMS, "a": term})
    best = ticketopt.solve(problem, terms={**COST_TERMS, "a": term})
    assert found["network"].objective == best.objective > compare(problem, ["network"])["network"].objective
    rule = Constraint("not b", "no_b", lambda problem, given: iter(()), mask=all_but_b)
    bound = compare(problem, constraints={**CONSTRAINTS, "not_b": rule})
    alone = ticketopt.build_problem([{"ticket_id": k} for k in range(4)], [{"agent_id": "a", "capacity": 2}])
    assert {c.unassigned for c in bound.contenders} == {len(ticketopt.solve(alone).unassigned)} == {2}
