"""Pair costs are the sum of all terms, and chosen entries those of the matrices, however many rows fit into a block."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings

from support.seeds import examples
from support.strategies import problems
from ticketopt.formulation.costs import COST_TERMS, CostTerm
from ticketopt.formulation.pair_costs import SCALE, pair_costs, pair_terms, terms_at
from ticketopt.problem import row_blocks
from ticketopt.problem.policy import Policy
from ticketopt.problem.problem import Problem
from ticketopt.problem.records import Agent, Ticket


@settings(max_examples=examples(60), suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(problem=problems())
def test_blocks_of_a_row_make_what_whole_matrices_are(problem: Problem, monkeypatch: Any) -> None:
    parts = pair_terms(problem)
    monkeypatch.setattr(row_blocks, "ENTRIES", 1)
    again = Problem(problem.tickets, problem.agents, problem.policy, problem.now, problem.readings)
    zeros = np.zeros((problem.n_tickets, problem.n_agents), dtype=np.int64)
    assert (pair_costs(again) == sum(parts.values(), zeros)).all()
    tickets, agents = map(np.ravel, np.indices(zeros.shape))
    found = terms_at(again, tickets, agents)
    assert {name: values.tolist() for name, values in found.items()} == {
        name: values.ravel().tolist() for name, values in parts.items()
    }
    monkeypatch.undo()


def test_a_term_that_compares_tickets_is_asked_for_the_whole_queue(monkeypatch: pytest.MonkeyPatch) -> None:
    asked = []

    def rank(problem: Problem) -> np.ndarray:
        asked.append(problem.n_tickets)
        return np.argsort(np.argsort(problem.urgency))[:, None] / 4 * np.ones(problem.n_agents)

    monkeypatch.setattr(row_blocks, "ENTRIES", 1)
    problem = Problem([Ticket(ticket_id=k, urgency=u) for k, u in enumerate((0.9, 0.1, 0.5))], [Agent(agent_id="a")])
    terms = {"experience": COST_TERMS["experience"], "rank": CostTerm("rank", 1.0, rank)}
    assert pair_costs(problem, terms=terms).tolist() == [[SCALE // 2], [0], [SCALE // 4]]
    assert terms_at(problem, np.array([0, 2]), np.array([0, 0]), terms=terms)["rank"].tolist() == [50_000, 25_000]
    assert asked == [3, 3]


def test_a_block_knows_the_whole_queues_loads_and_fair_shares(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(row_blocks, "ENTRIES", 1)
    team = [Agent(agent_id="a", current_load=3), Agent(agent_id="b")]
    tickets = [Ticket(ticket_id=k, creation_timestamp=86_400.0 * k) for k in range(3)]
    problem = Problem(tickets, team, Policy(weights={"waiting": 1.0}), now=3 * 86_400.0)
    block = problem.block(slice(1, 2))
    assert (block.n_tickets, block.capacity, block.busy.tolist()) == (1, (3, 3), [1.0, 0.0])
    assert pair_costs(problem, names=["waiting"]).tolist() == [[75_000, 0], [66_667, 0], [50_000, 0]]
