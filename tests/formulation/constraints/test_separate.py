"""Tickets to keep apart: cliques in place of pairs."""

from __future__ import annotations

from itertools import combinations, product

import numpy as np
import pytest

import ticketopt
from ticketopt import Agent, Policy, Problem, Status, Ticket
from ticketopt.formulation.constraints.separate import RULE, cliques
from ticketopt.model.objective import row_usage


@pytest.mark.parametrize("seed", range(60))
def test_cliques_cover_all_pairs_and_nothing_else(seed: int) -> None:
    rng = np.random.default_rng(seed)
    n = int(rng.integers(0, 12))
    pairs = {pair for pair in combinations(range(n), 2) if rng.random() < (0.1, 0.5, 0.9, 1.0)[seed % 4]}
    groups = cliques(pairs)
    assert {pair for group in groups for pair in combinations(group, 2)} == pairs
    assert len(groups) <= len(pairs)
    if len(pairs) == n * (n - 1) // 2 and pairs:
        assert groups == [list(range(n))]


@pytest.mark.parametrize("seed", range(20))
def test_rows_and_words_agree_on_every_plan(seed: int) -> None:
    rng = np.random.default_rng(seed)
    apart = [pair for pair in combinations("abcd", 2) if rng.random() < 0.6]
    problem = Problem(
        [Ticket(ticket_id=name) for name in "abcd"], [Agent(agent_id=j) for j in range(2)], Policy(separate=apart)
    )
    rows = RULE.rows(problem)
    for plan in product(range(-1, 2), repeat=4):
        given = [(i, j) for i, j in enumerate(plan) if j >= 0]
        keeps_rows = (row_usage(rows, np.array(plan)) <= rows.bound).all()
        assert keeps_rows == (not list(RULE.broken(problem, given)))


def test_a_large_clique_is_a_row_per_agent_and_solved() -> None:
    """60 tickets all apart were 17,700 rows for 10 agents, and were not solved in 10 s."""
    tickets = [Ticket(ticket_id=i, urgency=i / 60) for i in range(60)]
    policy = Policy(separate=list(combinations(range(60), 2)), capacity=None)
    problem = Problem(tickets, [Agent(agent_id=j) for j in range(10)], policy)
    assert len(RULE.rows(problem)) == 10
    result = ticketopt.solve(problem)
    assert result.status is Status.OPTIMAL
    assert sorted(result.assigned) == list(range(50, 60))
    assert RULE.rows(problem).label[0] == "0, 1, 2 and 57 more must not share an agent"


def test_pairs_that_name_one_ticket_twice_or_unknown_tickets_ask_for_nothing() -> None:
    problem = Problem([Ticket(ticket_id="a")], [Agent(agent_id="x")], Policy(separate=[("a", "b")]))
    assert len(RULE.rows(problem)) == 0
