"""What changed between two plans: every move once, and savings that add up to the change of the objective."""

from __future__ import annotations

import json
from dataclasses import replace

import numpy as np

import ticketopt
from explain_cases import small_problem
from ticketopt.formulate import SCALE
from ticketopt.model import PackingRows, objective
from ticketopt.verify import feasible


def test_savings_of_the_groups_add_up_to_the_change_of_the_objective():
    rng = np.random.default_rng(91)
    several = 0
    for _ in range(300):
        result = ticketopt.solve(small_problem(rng, is_unit=bool(rng.integers(0, 2)), max_tickets=7))
        problem, model = result.problem, result.model
        before = rng.integers(-1, problem.n_agents, problem.n_tickets)
        ids = [None if j < 0 else problem.agents[j].agent_id for j in before.tolist()]
        earlier = {ticket.ticket_id: own for ticket, own in zip(problem.tickets, ids, strict=True)}
        found = result.diff(earlier)
        moved = {t.ticket_id for i, t in enumerate(problem.tickets) if before[i] != result.assignment[i]}
        assert sorted(move.ticket_id for move in found.moves) == sorted(moved)
        json.dumps(found.to_dict(), allow_nan=False)
        good = feasible(replace(model, rows=PackingRows()), before)
        assert (found.saves is not None) == good
        for group in found.groups:
            assert (group.saves is None) == bool(group.broken)
        if good:
            saved = objective(model, before) - objective(model, result.assignment)
            assert round(found.saves * SCALE) == saved
            parts = [(g.pairs, g.load, g.exits) for g in found.groups]
            assert sum(round(part * SCALE) for row in parts for part in row) == saved
        several += len(found.groups) > 1
    assert several > 5


def test_words_tell_moves_reasons_and_new_tickets():
    agents = [{"agent_id": "ada", "skills": {"VPN": 9}}, {"agent_id": "bob", "skills": {"VPN": 8}}]
    tickets = [{"ticket_id": 1, "skills": {"VPN": 1}}]
    first = ticketopt.assign(tickets, agents)
    assert first.assigned == {1: "ada"}
    away = [{**agents[0], "availability_status": "away"}, agents[1]]
    later = ticketopt.assign([*tickets, {"ticket_id": 2}], away)
    found = later.diff(first)
    assert found.arrived == (2,)
    assert found.saves is None
    assert str(found).splitlines() == [
        "1 moves from ada to bob and 2 is taken in by bob: "
        "the earlier plan is not possible any more (1 cannot go to ada, who is away).",
        "1 ticket is new.",
    ]
    assert str(first.diff(first)) == "No ticket changed hands."
